"""`threepass check`."""

from typing import Annotated

import typer


def check(
    context: typer.Context,
    strict: Annotated[bool, typer.Option("--strict", help="Stale and unmeasured claims are errors too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False,
) -> None:
    """Check every file and claim. Silent when all is well.

    Exits 1 where a file is wrong or a claim failed or is unproven; stale and unmeasured claims are warnings.
    """
    from threepass import reporting
    from threepass.checks import check as check_files
    from threepass.checks import check_claims
    from threepass.commands.opening import root_of, shown
    from threepass.ledger import ledger, source_tree
    from threepass.library import load

    root = root_of(context)
    library = load(root)
    tree = source_tree(library)
    problems = sorted({*check_files(library, tree), *check_claims(ledger(library, tree))})
    if as_json:
        typer.echo(reporting.as_json(problems, strict=strict))
    for line in [] if as_json else shown(problems, root, error=False, strict=strict):
        typer.echo(line)
    if reporting.any_error(problems, strict=strict):
        raise typer.Exit(1)
