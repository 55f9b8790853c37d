"""`threepass import notes`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from threepass.commands.options import DryRun
from threepass.commands.output import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threepass.intake.notes import NotesPlan


def notes(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of Markdown notes, with those below it.")],
    fetch: Annotated[bool, typer.Option("--fetch", help="Ask arXiv about the papers.")] = False,
    name: Annotated[
        str, typer.Option("--as", metavar="NAME", help="What to remember the folder by, if not by its place.")
    ] = "",
    dry_run: DryRun = False,
) -> None:
    """Write a note for each paper that a folder holds a note on.

    These have an arXiv or DOI link in their title or front matter, as Obsidian and exports of Zotero do. Headings stay;
    what they say of a first, second or third pass becomes ours.

    Imported again, what has changed is merged: what you changed here stays.
    """
    import re

    from threepass.commands.opening import StopError, open_library
    from threepass.fields import WORD
    from threepass.intake.notes import import_notes

    if name and not re.fullmatch(WORD, name):
        raise StopError(f"'{name}' is no name", "lower case, digits and hyphens: my-vault", exit_code=2)
    library = open_library(context)
    plan = import_notes(library.root, folder, name=name, ask=fetch, dry_run=dry_run, tell=say)
    if not plan.notes:
        raise StopError(f"{folder} holds no Markdown files", "a note is a file that ends in .md")
    for note in plan.notes:
        if note.done in ("new", "merged") or (dry_run and note.done in ("unchanged", "kept")):
            typer.echo(f"{note.done:<9}  {library.settings.papers}/{note.key}.md  {folder / note.file}")
    for line in _remarks(plan, folder):
        typer.echo(line, err=True)
    typer.echo(_count(plan, dry_run=dry_run))
    if not any(note.done != "refused" for note in plan.notes):
        raise typer.Exit(1)


def _remarks(plan: "NotesPlan", folder: Path) -> "Iterator[str]":
    for note in plan.notes:
        if note.why:
            yield f"{folder / note.file}: {note.why}" + (f" ({note.hint})" if note.hint else "")
        for line, said in note.remarks:
            yield f"{folder / note.file}:{line}: {said}"


def _count(plan: "NotesPlan", *, dry_run: bool) -> str:
    """Return how many files were new, merged, unchanged, kept, known and refused."""
    from collections import Counter

    from threepass.wording import quantity

    counts = Counter(note.done for note in plan.notes)
    names = ("new", "merged", "unchanged", "kept", "known", "refused")
    said = ", ".join(f"{counts[name]} {name}" for name in names if counts[name])
    images = f", {quantity(len(plan.images), 'image')}" if plan.images else ""
    return f"{quantity(len(plan.notes), 'file')}: {said}{images}" + (" (nothing was written)" if dry_run else "")
