"""`threepass verify`."""

from typing import Annotated

import typer

from threepass.commands.completion import keys as complete_keys


def verify(
    context: typer.Context,
    keys: Annotated[
        list[str] | None,
        typer.Argument(metavar="KEY", help="Papers, or claims as key/id; all if none.", autocompletion=complete_keys),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Measure what is verified already, too.")] = False,
    jobs: Annotated[
        int | None, typer.Option("-j", "--jobs", min=1, help="How many to measure at once; as many as processors.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Measure nothing; say what is known.")] = False,
) -> None:
    """Measure the claims that are not verified.

    What they gave is written to papers/results/. Exits 1 where a claim is not verified then. With --check nothing is
    measured or written.
    """
    import os
    import sys

    from threepass import claims
    from threepass.commands.opening import StopError, open_library
    from threepass.ledger import ledger, source_tree
    from threepass.progress_bar import progress_bar
    from threepass.reporting import claim_line, claims_line
    from threepass.results import State

    library = open_library(context)
    tree = source_tree(library)
    known = ledger(library, tree)
    try:
        rows = claims.select(known, keys=keys or (), everything=everything or check)
    except claims.UnknownClaimError as error:
        raise StopError(str(error), error.hint, exit_code=2) from None
    if check:
        for row in rows:
            typer.echo(claim_line(row))
    elif rows:
        with progress_bar(len(rows), "measuring") as advance:

            def tell(step: claims.Step) -> None:
                if step.done:
                    sys.stdout.write(claim_line(step.row, printed=step.printed) + "\n")
                advance(step.row.name, done=step.done)

            rows = claims.verify(library, tree, rows=rows, jobs=jobs or os.cpu_count() or 1, progress=tell)
    else:
        rows = claims.select(known, keys=keys or (), everything=True)
    typer.echo(claims_line(rows))
    if any(row.state is not State.VERIFIED for row in rows):
        raise typer.Exit(1)
