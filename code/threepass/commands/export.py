"""`threepass export`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from threepass.commands.completion import keys as complete_keys


class Format(StrEnum):
    """What other programs read."""

    BIBTEX = "bibtex"
    CSL = "csl"


def export(
    context: typer.Context,
    keys: Annotated[
        list[str] | None,
        typer.Argument(metavar="KEY", help="Papers, by key or arXiv id; all if none.", autocompletion=complete_keys),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="BibLaTeX, or CSL-JSON.")] = Format.BIBTEX,
    to: Annotated[Path | None, typer.Option("--to", metavar="FILE", help="Write it here.")] = None,
) -> None:
    """Print papers as a bibliography.

    BibTeX that is imported again (`threepass import`) gives the same papers. Exits 1 where a note is broken, with all
    others there.
    """
    from threepass.citing.bibtex import to_bibtex
    from threepass.citing.csl import to_csl
    from threepass.commands.opening import StopError, note_named, open_library, shown
    from threepass.writing import write_atomically

    library = open_library(context)
    notes = [note_named(library, text) for text in keys or library.notes]
    made = f"{to_csl(*notes)}\n" if form is Format.CSL else "".join(f"{to_bibtex(note)}\n\n" for note in notes)
    if to is None:
        typer.echo(made, nl=False)
    else:
        write_atomically(to, made, inside=to.resolve().parent)
    papers = library.settings.papers
    broken = [one for one in library.problems if one.path.suffix == ".md" and one.path.is_relative_to(papers)]
    if broken and not keys:
        raise StopError("\n".join(shown(broken, library.root)), "mend what is left out")
