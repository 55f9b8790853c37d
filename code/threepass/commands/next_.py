"""`threepass next`."""

from typing import Annotated

import typer

from threepass.commands.options import AsJson


def next_(
    context: typer.Context,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="How many of each.")] = 5,
    as_json: AsJson = False,
) -> None:
    """Propose what to read, and what to remember again.

    By the roadmap, the pass a paper is in, the records that speak of it, and how long it has waited.
    """
    import datetime as dt
    import json

    from threepass.commands.opening import open_library
    from threepass.standing.next_reading import as_data, as_lines, to_read, to_remember

    library = open_library(context)
    today = dt.date.today()
    remember, read = to_remember(library, today=today)[:limit], to_read(library, today=today)[:limit]
    if as_json:
        data = {"remember": as_data(remember), "read": as_data(read)}
        typer.echo(json.dumps(data, indent=2, ensure_ascii=False))
    else:
        for line in as_lines(remember, read):
            typer.echo(line)
