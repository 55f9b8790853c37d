"""`threepass add`."""

from typing import Annotated

import typer


def add(
    context: typer.Context,
    papers: Annotated[list[str], typer.Argument(metavar="ID...", help="arXiv ids or addresses, in any form.")],
    topic: Annotated[list[str] | None, typer.Option("--topic", metavar="NAME", help="A topic; repeatable.")] = None,
) -> None:
    """Write a note for each paper, from arXiv.

    It holds the metadata, and a skeleton of the three passes.

    What succeeded is kept; exits 1 where any paper failed or has a note already.
    """
    from threepass.commands.opening import StopError, open_library
    from threepass.new_paper import Added, add_papers
    from threepass.problems import did_you_mean

    library = open_library(context)
    known = library.settings.topics
    for name in topic or []:
        if known and name not in known:
            hint = did_you_mean(name, known) or f"known: {', '.join(known)}; more go into mkdocs.yml"
            raise StopError(f"unknown topic '{name}'", hint)
    failed = False
    for outcome in add_papers(library.root, papers, topics=topic or (), tell=lambda line: typer.echo(line, err=True)):
        if isinstance(outcome, Added):
            typer.echo(f"{outcome.asked}: {outcome.path}  {outcome.title}")
        else:
            failed = True
            hint = f"\nhint: {outcome.hint}" if outcome.hint else ""
            typer.echo(f"{outcome.asked}: {outcome.reason}{hint}", err=True)
    if failed:
        raise typer.Exit(1)
