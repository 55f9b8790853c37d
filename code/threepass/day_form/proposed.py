"""The fields of a day in; the day as it would be with them, and a remark on each field that has a problem, out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from threepass.authoring.daily import draft
from threepass.authoring.proposal import problems_of_entry, read_day
from threepass.day_form.sent import Remark, addition_of, completed, field_name, sound_part
from threepass.editing import EditingError
from threepass.library import Entry
from threepass.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from threepass.authoring.daily import Addition, Draft
    from threepass.day_form.sent import Sent
    from threepass.library import Library
    from threepass.reach.symbols import SourceTree
    from threepass.source import Data, Document, Location


@dataclass(frozen=True)
class Proposal:
    """A day with what the form adds to it.

    `entry` is the day as far as its fields are sound, `there` as it is now; `addition` is there where all are.
    """

    remarks: tuple[Remark, ...]
    addition: Addition | None = None
    draft: Draft | None = None
    entry: Entry | None = None
    there: Entry | None = None


def propose(library: Library, tree: SourceTree, sent: Data) -> Proposal:
    """Return the day with the fields that were sent."""
    data = completed(sent, library)
    sound, remarks = sound_part(data)
    if sound is None:
        return Proposal(tuple(remarks))
    addition = addition_of(sound)
    there = next(reversed(library.by_date.get(sound.date, ())), None)
    try:
        made = draft(library, addition)
    except EditingError as error:
        return Proposal((*remarks, _refused(error, sound, there)), there=there)
    day, document, _ = read_day(made.text, shown=made.path)
    found = [*located(problems_of_entry(library, tree, made.path, made.text), made, data)]
    if remarks:  # what says nothing yet may do so once its fields are sound
        found = [remark for remark in found if remark.problem.code != "P023"]
    return Proposal(
        remarks=(*remarks, *found),
        addition=None if remarks or found else addition,
        draft=made,
        entry=Entry(made.path.stem, day, document) if day and document else None,
        there=there,
    )


def located(problems: Iterable[Problem], made: Draft, data: Data) -> Iterator[Remark]:
    """Yield the problems that a day's file would have, each with the field that it is of."""
    _, document, _ = read_day(made.text, shown=made.path)
    for problem in problems:
        here = problem.path == made.path and document is not None
        yield Remark(_field(problem, document, data) if here and document else "", problem)


def _refused(error: EditingError, sent: Sent, there: Entry | None) -> Remark:
    """Return why the day's file cannot be added to, at the field that says otherwise than the file."""
    is_other = {
        "day": there and sent.day is not None and there.day.day not in (None, sent.day),
        "title": there and sent.title and there.day.title not in (None, sent.title),
    }
    name = next((name for name, other in is_other.items() if other), "")
    return Remark(name, Problem(Path(), 1, 1, "", error.reason, error.hint))


def _field(problem: Problem, document: Document, data: Data) -> str:
    """Return the field whose value stands where the problem is; none where the value was there before."""
    name, *rest = _location(problem, document) or ("",)
    if not rest or not isinstance(data.get(str(name)), list):
        return str(name)
    rows, there = data[str(name)], document.data[str(name)][rest[0]]
    return field_name((name, rows.index(there), *rest[1:])) if there in rows else ""


def _location(problem: Problem, document: Document) -> Location:
    """Return the location of the value that begins at a problem's place, or last before it."""
    at = problem.line, problem.column
    before = [(place[:2], location) for location, place in document.values.items() if place[:2] <= at]
    return max(before, key=lambda each: (each[0], len(each[1])), default=((1, 1), ()))[1]
