"""`threepass import bibtex`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from threepass.commands.options import DryRun, Topics

if TYPE_CHECKING:
    from threepass.intake.bibliography import Outcome


def bibtex(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="BibTeX or BibLaTeX; - is standard input.")],
    topic: Topics = None,
    abstract: Annotated[bool, typer.Option("--abstract", help="Keep the abstracts.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Write a note for each paper of a bibliography.

    Papers that have a note get what it lacks: a DOI, an arXiv id, a venue, volume and pages.

    What is broken is said by its line; exits 1 then, with all else done.
    """
    from threepass.commands.opening import StopError, open_library
    from threepass.commands.standard_input import piped_text
    from threepass.hinted import with_hint
    from threepass.importers.bibtex_entry import BrokenReference
    from threepass.intake.bibliography import import_bibtex
    from threepass.writing import read_exactly

    library = open_library(context)
    broken = False
    for file in files:
        text = piped_text() if str(file) == "-" else read_exactly(file)
        outcomes = import_bibtex(
            library.root, text.removeprefix("\ufeff"), topics=topic or (), abstracts=abstract, dry_run=dry_run
        )
        if not outcomes:
            raise StopError(f"{file} holds no BibTeX entry", "an entry begins with @article{key, or the like")
        for one in outcomes:
            if isinstance(one, BrokenReference):
                broken = True
                typer.echo(with_hint(f"{file}:{one.line}: {one.reason}", one.hint), err=True)
            elif one.done != "known":
                added = f" with {', '.join(one.added)}" if one.added else ""
                typer.echo(f"{file}:{one.line}: {one.key} {one.done}: {one.path}{added}")
        typer.echo(_counted(outcomes) + (" (nothing was written)" if dry_run else ""))
    if broken:
        raise typer.Exit(1)


def _counted(outcomes: "list[Outcome]") -> str:
    """Return how many entries were written, completed, known, and broken."""
    from collections import Counter

    counts = Counter(getattr(one, "done", "broken") for one in outcomes)
    return ", ".join(f"{counts[name]} {name}" for name in ("written", "completed", "known", "broken"))
