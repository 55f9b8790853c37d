"""A day's fields as the form sends them, as JSON, in; what they add to the day, and what is wrong with them, out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from pydantic import model_validator

from threepass.authoring.daily import Addition, Read, paper_named, pass_to_record, titled_link
from threepass.importers import arxiv_id
from threepass.models import Day
from threepass.problems import Problem
from threepass.records import to_located_record
from threepass.source import Document

if TYPE_CHECKING:
    from threepass.library import Library
    from threepass.source import Data, Location

DEEPEST = 3
"""A day is a mapping of lists of mappings."""


class NoFormError(Exception):
    """What was sent is not what the form sends."""


class Remark(NamedTuple):
    """A problem, and the field of the form that it is of: `links.0.url`; none where it is of the day as a whole."""

    field: str
    problem: Problem


class Sent(Day):
    """A day's fields as the form sends them: a day that is there already need not say anything again."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        return self


def read_sent(raw: bytes) -> Data:
    """Return the fields that were filled in: texts, lists and mappings of them. Raises `NoFormError`."""
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        raise NoFormError("what is sent is not JSON") from None
    if not isinstance(data, dict) or not _is_text(data, DEEPEST):
        raise NoFormError("what is sent is not a day's fields, as text")
    filled: Data = _filled(data) or {}
    return filled


def completed(data: Data, library: Library) -> Data:
    """Return the fields with what the author need not say: a paper's key for its arXiv id, its pass, a link's title."""
    return {
        name: [_COMPLETE[name](row, library) if isinstance(row, dict) else row for row in value]
        if name in _COMPLETE and isinstance(value, list)
        else value
        for name, value in data.items()
    }


def _reading(row: Data, library: Library) -> Data:
    if "paper" not in row:
        return row
    note = paper_named(library, str(row["paper"]))
    number = pass_to_record(library, note.key) if note else 1
    return {"pass": str(number), **row, "paper": note.key if note else row["paper"]}


def _link(row: Data, library: Library) -> Data:  # noqa: ARG001 - as the one above
    if "url" not in row or "title" in row:
        return row
    title, _url = titled_link(str(row["url"]))
    return {"title": title, **row}


_COMPLETE = {"readings": _reading, "links": _link}


def sound_part(data: Data) -> tuple[Sent | None, list[Remark]]:
    """Return what is said without what cannot be, and a remark on each of the fields left out.

    There is nothing left where the date cannot be.
    """
    remarks: list[Remark] = []
    while data:
        sent, found = to_located_record(Document(Path(), "", data), Sent)
        if sent is not None:
            return sent, remarks
        remarks += [Remark(field_name(location), _of_a_paper(problem, data, location)) for location, problem in found]
        if any(location[:1] in ((), ("date",)) for location, _ in found):
            break
        data = _without(data, [location for location, _ in found])
    return None, remarks


def addition_of(sent: Sent) -> Addition:
    """Return what is added to the day."""
    return Addition(
        date=sent.date,
        number=sent.day,
        text=sent.notes or "",
        title=sent.title or "",
        goals=sent.goals,
        readings=tuple(Read(reading.paper, reading.pass_, reading.minutes) for reading in sent.readings),
        minutes=sent.minutes,
        topics=sent.topics,
        links=tuple((link.title, link.url) for link in sent.links),
        contributions=sent.contributions,
        figures=sent.figures,
        shared=sent.shared,
    )


def field_name(location: Location) -> str:
    """Return the name of the form's field at a location; goals and topics are one field each."""
    return str(location[0]) if location[:1] in (("goals",), ("topics",)) else ".".join(map(str, location))


def _of_a_paper(problem: Problem, data: Data, location: Location) -> Problem:
    """Return the problem of an arXiv id that has no note as what it is: a paper that is not known."""
    if location[:1] != ("readings",) or location[2:] != ("paper",):
        return problem
    found = arxiv_id.parse(str(data["readings"][location[1]].get("paper", "")))
    if found is None:
        return problem
    return Problem(problem.path, 1, 1, "P037", f"no paper with arXiv id {found}", f"run `threepass add {found}` first")


def _is_text(value: Any, depth: int) -> bool:
    if isinstance(value, list | dict):
        inner = value.values() if isinstance(value, dict) else value
        return depth > 0 and all(_is_text(each, depth - 1) for each in inner)
    return isinstance(value, str)


def _filled(value: Any) -> Any:
    """Return a value without what is empty in it; a row keeps its place as long as another one follows."""
    if isinstance(value, dict):
        return {name: kept for name, each in value.items() if (kept := _filled(each))}
    if isinstance(value, list):
        return [kept for each in value if (kept := _filled(each))]
    text: str = value.replace("\r\n", "\n").strip()
    return text


def _without(data: Data, locations: list[Location]) -> Data:
    """Return the fields without a list's items, and the other values, that are at some locations."""
    rows = {location[:2] for location in locations if len(location) > 1}
    fields = {location[0] for location in locations if len(location) == 1}
    return {
        name: [row for number, row in enumerate(value) if (name, number) not in rows]
        if isinstance(value, list)
        else value
        for name, value in data.items()
        if name not in fields
    }
