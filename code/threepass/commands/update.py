"""`threepass update`."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from threepass.commands.completion import keys as complete_keys
from threepass.commands.output import printable, say

if TYPE_CHECKING:
    from threepass.authoring.paper_update import Updated
    from threepass.library import Library


def update(
    context: typer.Context,
    papers: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="KEY", help="Papers, by key or arXiv id; all on arXiv if none.", autocompletion=complete_keys
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the difference; write nothing.")] = False,
) -> None:
    """Ask arXiv for news of papers: versions, titles, DOIs, withdrawals.

    What you have changed in a note stays; what you have not follows arXiv. A version newer than the one that your notes
    speak of is told of, here, on the paper's page and by `threepass status`.

    Exits 1 where any paper failed.
    """
    from threepass.authoring.new_paper import Refused
    from threepass.authoring.paper_update import update_papers
    from threepass.commands.opening import open_library
    from threepass.hinted import with_hint
    from threepass.terminal.progress_bar import progress_bar
    from threepass.wording import quantity

    library = open_library(context)
    keys = _keys(library, papers or [])
    changed = failed = 0
    with progress_bar(len(keys), "asking arXiv") as advance:
        for outcome in update_papers(
            library.root, keys, dry_run=dry_run, tell=say, done=lambda key: advance(key, done=True)
        ):
            if isinstance(outcome, Refused):
                failed += 1
                say(with_hint(f"{outcome.asked}: {outcome.reason}", outcome.hint))
                continue
            changed += bool(outcome.changed)
            for line in _lines(outcome, dry_run=dry_run):
                sys.stdout.write(f"{line}\n")
    same = len(keys) - changed - failed
    counts = [
        f"{changed} {'would change' if dry_run else 'changed'}",
        f"{same} as {'it was' if same == 1 else 'they were'}",
    ]
    if failed:
        counts.append(f"{failed} failed")
    typer.echo(f"{quantity(len(keys), 'paper')}: {', '.join(counts)}")
    if failed:
        raise typer.Exit(1)


def _keys(library: "Library", papers: list[str]) -> list[str]:
    """Return the keys of the papers named, or of all that are on arXiv."""
    from threepass.commands.opening import note_named

    if not papers:
        return [key for key, note in library.notes.items() if note.paper.arxiv]
    return list(dict.fromkeys(note_named(library, text).key for text in papers))


def _lines(outcome: "Updated", *, dry_run: bool) -> list[str]:
    """Return what is to be said of a paper; nothing where there is no news."""
    lines = [f"{outcome.key}: {said}" for said in (*outcome.news, *outcome.kept)]
    if outcome.changed and dry_run:
        return [*lines, *map(printable, outcome.difference.split("\n"))]
    if outcome.changed:
        lines.append(f"{outcome.key}: {', '.join(outcome.changed)} changed")
    return [printable(line) for line in lines]
