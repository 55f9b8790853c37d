"""A pass through a paper, or a memory of it, in; recorded in the paper's note, and the line to write at, out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from threepass.authoring.passes import FIVE_CS, part, reading_pass
from threepass.authoring.proposal import problems_of_notes
from threepass.editing import append_item, in_front_matter, set_value
from threepass.ledger import source_tree
from threepass.library import load
from threepass.markdown.fences import without_fences
from threepass.writing import locked, read_exactly, write_atomically

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from threepass.library import Library, Note
    from threepass.problems import Problem

PDFS = "pdf"
"""The folder beside the notes for papers' PDFs, each named by its key: the author's own, outside git and the site."""


@dataclass(frozen=True)
class Recorded:
    """What became of it: the note's path in the library, whether it was new, and what would be wrong with it.

    `elsewhere` is the file in which it stands already with other minutes than those given now, or in a day's entry.
    """

    path: Path
    new: bool
    problems: tuple[Problem, ...] = ()
    elsewhere: Path | None = None


def record_pass(root: Path, key: str, *, number: int, date: dt.date, minutes: int | None) -> Recorded:
    """Record a pass, unless the note or a day's entry has it already, and make room for what is to be written.

    A pass that the note has without minutes gets them. A note without the pass's heading gets it, with its questions;
    for the first pass, the five Cs to answer.
    """
    with locked(root):
        library = load(root)
        note = library.notes[key]
        text = read_exactly(root / note.source.path)
        known = [one for one in library.passes.get(key, ()) if one.number == number and one.date == date]
        timed = minutes is None or any(one.minutes == minutes for one in known)
        if not known:
            reading: dict[str, str] = {"pass": str(number), "date": date.isoformat()}
            if minutes is not None:
                reading["minutes"] = str(minutes)
            text = in_front_matter(text, lambda yaml: append_item(yaml, ("readings",), reading))
        elif not timed and all(one.minutes is None and one.entry is None for one in known):
            at = [(one.pass_, one.date) for one in note.paper.readings].index((number, date))
            text = in_front_matter(text, lambda yaml: set_value(yaml, ("readings", at, "minutes"), str(minutes)))
            timed = True
        done = _stored(library, note, _with_room(text, note, number), new=not known)
        if not known or timed:
            return done
        entry = library.by_name.get(next((one.entry for one in known if one.entry), ""))
        return replace(done, elsewhere=entry.source.path if entry else done.path)


def record_review(root: Path, key: str, *, rating: str, date: dt.date) -> Recorded:
    """Record how well a paper was remembered."""
    with locked(root):
        library = load(root)
        note = library.notes[key]
        review = {"date": date.isoformat(), "rating": rating}
        known = any(one.date == date and one.rating == rating for one in note.paper.reviews)
        text = read_exactly(root / note.source.path)
        if not known:
            text = in_front_matter(text, lambda yaml: append_item(yaml, ("reviews",), review))
        return _stored(library, note, text, new=not known)


def pdf_of(library: Library, key: str) -> Path | None:
    """Return the author's own PDF of a paper, if it lies there: `papers/pdf/vaswani2017attention.pdf`."""
    path = library.root / library.settings.papers / PDFS / f"{key}.pdf"
    return path if path.is_file() else None


def line_of_pass(text: str, number: int) -> int:
    """Return the line of a note at which a pass is written: that of its heading, counted from 1."""
    return _heading_of_pass(text, number) or len(text.splitlines())


def _heading_of_pass(text: str, number: int) -> int | None:
    """Return the line of a pass's heading, counted from 1; None where there is none."""
    heading = f"## {reading_pass(number).heading}".lower()
    lines = without_fences(text).splitlines()
    return next((at for at, line in enumerate(lines, 1) if line.strip().lower() == heading), None)


def _with_room(text: str, note: Note, number: int) -> str:
    """Return the note with the heading of a pass, and for the first with the five Cs."""
    if _heading_of_pass(note.body, number) is None:
        text = text.rstrip("\n") + "\n\n" + part(reading_pass(number))
    if number == 1 and "five_cs" not in note.source.data and ("five_cs",) not in note.source.keys:
        text = in_front_matter(text, lambda yaml: f"{yaml}{FIVE_CS}\n")
    return text


def _stored(library: Library, note: Note, text: str, *, new: bool) -> Recorded:
    path = note.source.path
    if text != read_exactly(library.root / path):
        if problems := problems_of_notes(library, source_tree(library), {path: text}):
            return Recorded(path, new, tuple(problems))
        write_atomically(library.root / path, text, inside=library.root)
    return Recorded(path, new)
