"""`threepass status`."""

import typer

from threepass.commands.options import AsJson


def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Show where you stand.

    Days, streak, time, goals, papers by pass, what is being read, claims.
    """
    import datetime as dt
    import json

    from threepass.commands.opening import open_library
    from threepass.ledger import ledger, source_tree
    from threepass.standing.overview import as_data, as_lines, overview
    from threepass.wording import quantity

    library = open_library(context)
    standing = overview(library, ledger(library, source_tree(library)), today=dt.date.today())
    if as_json:
        typer.echo(json.dumps(as_data(standing), indent=2, ensure_ascii=False))
    else:
        for line in as_lines(standing):
            typer.echo(line)
    if library.problems:
        said = quantity(len(library.problems), "problem hides", "problems hide")
        typer.echo(
            f"{said} some of it: `threepass check` names {'it' if len(library.problems) == 1 else 'them'}", err=True
        )
