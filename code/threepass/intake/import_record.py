"""What was imported from one source in; the same kept in a small file of the library, and back.

An import that is repeated holds the source against it, to tell what the author has made of an entry here from what has
changed there. It is committed with the entries, so that every clone can. Of texts only a hash of each line is kept:
that suffices for a merge, and the library does not hold everything twice. Nothing but `threepass import` writes it.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from threepass.writing import WritingError, create, read_exactly, write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FOLDER = "imported"
"""The folder within that of the days, and of the notes."""


@dataclass(frozen=True, slots=True)
class ImportedText:
    """A day or note as it was imported last.

    `name` is the entry's or the note's, `text` the hashes of its lines; `date`, `title` and `papers` are what the
    source said of them, in our terms, and `source` is a hash of the text as it stood there.
    """

    name: str
    text: tuple[str, ...] = ()
    title: str = ""
    date: str = ""
    papers: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """What was imported from a source, by what names a text there: `day 3`, or a file.

    `start` is the date that its author said for its first day.
    """

    texts: Mapping[str, ImportedText] = field(default_factory=dict)
    start: str = ""


def source_name(path: Path) -> str:
    """Return a name for a log or folder: its own, and that of the folder around it, so that it may move with it."""
    path = path.resolve()
    stem = path.stem if path.is_file() else path.name
    return re.sub(r"[^a-z0-9]+", "-", f"{path.parent.name} {stem}".lower()).strip("-") or "log"


def read_record(path: Path) -> ImportRecord:
    """Read what was imported; nothing yet where there is no such file. Raises `WritingError` for one that is broken."""
    if not path.exists():
        return ImportRecord()
    try:
        found = json.loads(read_exactly(path))
        return ImportRecord({key: _text(value) for key, value in found["texts"].items()}, str(found.get("start", "")))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        message = f"{path.name} does not hold what was imported"
        raise WritingError(message, "bring it back from version control; without it all would come anew") from None


def write_record(path: Path, record: ImportRecord, *, inside: Path) -> None:
    """Write what was imported, one text a line block, so that a change reads well in version control."""
    texts = {
        key: {name: value for name, value in asdict(text).items() if value} | {"text": " ".join(text.text)}
        for key, text in record.texts.items()
    }
    data = ({"start": record.start} if record.start else {}) | {"texts": texts}
    put_text(path, json.dumps(data, indent=1, ensure_ascii=False) + "\n", inside=inside)


def put_text(path: Path, text: str, *, inside: Path) -> None:
    """Write a file that is ours to replace, unless it says so already."""
    if not path.exists():
        create(path, text, inside=inside)
    elif read_exactly(path) != text:
        write_atomically(path, text, inside=inside)


def _text(value: Mapping[str, object]) -> ImportedText:
    papers = value.get("papers", [])
    if not isinstance(papers, list):
        raise TypeError
    return ImportedText(
        name=str(value["name"]),
        text=tuple(str(value["text"]).split()),
        title=str(value.get("title", "")),
        date=str(value.get("date", "")),
        papers=tuple(map(str, papers)),
        source=str(value.get("source", "")),
    )
