r"""BibTeX and BibLaTeX: a file's text comes in; its references go out, and for each broken one its line and why.

bibtexparser splits the file (docs/decisions/0002-bibtexparser-reads-bibtex.md); `bibtex_entry.py` reads what an entry
says.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from threepass.importers.bibtex_entry import MONTHS, BrokenReference, reference_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bibtexparser.model import Block, Entry

    from threepass.importers.bibtex_entry import BibReference


def read_bibtex(text: str) -> Iterator[BibReference | BrokenReference]:
    """Yield the references of a BibTeX file in their order; what is broken does not end the file."""
    from bibtexparser import model  # here: the commands that read no BibTeX do not wait for it
    from bibtexparser.entrypoint import parse_string

    logging.getLogger("bibtexparser").addHandler(logging.NullHandler())  # it says on stderr what we say better
    library = parse_string(text, parse_stack=[])
    strings = {name: name.capitalize() for name in MONTHS}
    for block in library.blocks:
        if isinstance(block, model.String):
            strings[block.key.lower()] = _value(str(block.value), strings)
        elif isinstance(block, model.Entry):
            yield _reference(block, strings)
        elif isinstance(block, model.ParsingFailedBlock):
            yield from _failed(block, strings)


def _failed(block: Block, strings: Mapping[str, str]) -> Iterator[BibReference | BrokenReference]:
    """Yield what can be had from a block that bibtexparser refused, and why it did."""
    from bibtexparser import model

    line = (block.start_line or 0) + 1
    entry = getattr(block, "ignore_error_block", None)
    if isinstance(block, model.DuplicateFieldKeyBlock) and isinstance(entry, model.Entry):
        names = ", ".join(sorted(block.duplicate_keys))
        yield BrokenReference(line, f"'{entry.key}' says '{names}' more than once: the first is taken", "keep one")
        yield _reference(entry, strings)
    elif isinstance(entry, model.Entry):  # its key is that of an earlier entry; whether it is that paper is seen later
        yield _reference(entry, strings)
    else:
        error = getattr(block, "error", None)
        reason = " ".join(str(getattr(error, "abort_reason", error)).split()).strip(" .")
        head = " ".join((block.raw or "").split())[:40]
        yield BrokenReference(line, f"broken entry `{head}`: {reason}", "mend it, and import the file again")


def _value(raw: str, strings: Mapping[str, str]) -> str:
    """Return the text of a value: in braces, in quotes, a number, the name of a `@string`, or these joined by `#`."""
    pieces, depth, quoted, piece = [], 0, False, ""
    for character in raw.strip():
        depth += (character == "{") - (character == "}")
        quoted ^= character == '"' and depth == 0
        if character == "#" and depth == 0 and not quoted:
            pieces.append(piece)
            piece = ""
        else:
            piece += character
    texts = []
    for each in (part.strip() for part in [*pieces, piece]):
        if len(each) > 1 and (each[0], each[-1]) in (("{", "}"), ('"', '"')):
            texts.append(each[1:-1])
        else:
            texts.append(strings.get(each.lower(), each))
    return " ".join("".join(texts).split())


def _reference(entry: Entry, strings: Mapping[str, str]) -> BibReference | BrokenReference:
    fields = ((each.key.lower(), _value(str(each.value), strings)) for each in entry.fields)
    return reference_of(entry.entry_type.lower(), str(entry.key), fields, line=(entry.start_line or 0) + 1)
