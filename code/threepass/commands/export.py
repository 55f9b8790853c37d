"""`threepass export`."""

from enum import StrEnum
from typing import Annotated

import typer

from threepass.commands.completion import keys as complete_keys
from threepass.commands.options import WriteTo
from threepass.commands.output import put


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
    to: WriteTo = None,
) -> None:
    """Print papers as a bibliography.

    BibTeX that is imported again (`threepass import`) gives the same papers. Exits 1 where a note is broken, with all
    others there.
    """
    from threepass.citing.bibtex import to_bibtex
    from threepass.citing.csl import to_csl
    from threepass.commands.opening import note_named, open_library, problems_in_notes, refuse

    library = open_library(context)
    notes = [note_named(library, text) for text in keys or library.notes]
    made = f"{to_csl(*notes)}\n" if form is Format.CSL else "".join(f"{to_bibtex(note)}\n\n" for note in notes)
    put(made, to)
    if not keys:
        refuse(problems_in_notes(library), library.root, hint="mend what is left out")
