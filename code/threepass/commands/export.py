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

    BibTeX that is imported again (`threepass import`) gives the same papers.
    """
    from threepass.bibtex import to_bibtex
    from threepass.commands.opening import note_named, open_library
    from threepass.csl import to_csl
    from threepass.writing import write_atomically

    library = open_library(context)
    notes = [note_named(library, text) for text in keys or library.notes]
    made = f"{to_csl(*notes)}\n" if form is Format.CSL else "".join(f"{to_bibtex(note)}\n\n" for note in notes)
    if to is None:
        typer.echo(made, nl=False)
    else:
        write_atomically(to, made, inside=to.resolve().parent)
