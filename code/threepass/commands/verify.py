"""`threepass verify`."""

from enum import StrEnum
from typing import Annotated

import typer

from threepass.commands.completion import keys as complete_keys


class Backend(StrEnum):
    """What measures."""

    LOCAL = "local"
    DASK = "dask"


def verify(
    context: typer.Context,
    keys: Annotated[
        list[str] | None,
        typer.Argument(metavar="KEY", help="Papers, or claims as key/id; all if none.", autocompletion=complete_keys),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Measure what is verified already, too.")] = False,
    stale: Annotated[
        bool, typer.Option("--stale", help="Measure only what has changed since it was measured.")
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option("-j", "--jobs", metavar="N", min=1, help="How many to measure at once; as many as processors."),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Measure nothing; say what is known.")] = False,
    backend: Annotated[
        Backend, typer.Option("--backend", help="Where: on this machine, or on a Dask cluster.")
    ] = Backend.LOCAL,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", metavar="ADDRESS", help="The cluster's scheduler: tcp://host:8786.")
    ] = None,
) -> None:
    """Measure the claims that are not verified.

    What they gave is written to papers/results/. Exits 1 where a claim is not verified then, or a note cannot be read.
    With --check nothing is measured or written.
    """
    import os
    import sys

    from threepass import claims
    from threepass.commands.opening import StopError, open_library, problems_in_notes, refuse, refuse_broken_note
    from threepass.ledger import ledger, source_tree
    from threepass.reporting import claim_line, claims_line
    from threepass.results import State
    from threepass.terminal.progress_bar import progress_bar

    if everything and stale:
        raise typer.BadParameter("--all and --stale: one of them")
    if (backend is Backend.DASK) != (scheduler is not None):
        raise typer.BadParameter("--backend dask and --scheduler ADDRESS need each other")
    library = open_library(context)
    tree = source_tree(library)
    known = ledger(library, tree)
    try:
        rows = claims.select(known, keys=keys or (), everything=everything or check, stale=stale)
    except claims.UnknownClaimError as error:
        for key in keys or ():
            refuse_broken_note(library, key.partition("/")[0])
        raise StopError(error.reason, error.hint, exit_code=2) from None
    if check:
        for row in rows:
            typer.echo(claim_line(row))
    else:
        with progress_bar(len(rows), "measuring") as advance:

            def tell(step: claims.Step) -> None:
                if step.done:
                    sys.stdout.write(claim_line(step.row, printed=step.printed) + "\n")
                advance(step.row.name, done=step.done)

            size = jobs or os.cpu_count() or 1
            rows = claims.verify(library, tree, rows=rows, jobs=size, scheduler=scheduler, progress=tell)
        rows = rows or claims.select(known, keys=keys or (), everything=True)
    typer.echo(claims_line(rows))
    if not keys:
        unread = [problem for problem in problems_in_notes(library) if problem.path.stem not in library.notes]
        refuse(unread, library.root, "what these notes claim was not measured")
    if any(row.state is not State.VERIFIED for row in rows):
        raise typer.Exit(1)
