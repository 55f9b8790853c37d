"""What is to be added to a day in; the day's file with it, checked and written, out.

An entry is only ever extended: paragraphs, items and minutes are added, and what the author wrote stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from threepass.authoring.proposal import problems_of_entry
from threepass.editing import EditingError, append_item, append_paragraph, set_value
from threepass.editing.pasted_text import seen
from threepass.importers import arxiv_id
from threepass.ledger import source_tree
from threepass.library import load, resolve
from threepass.models import Day
from threepass.standing.progress import minutes_of
from threepass.writing import WritingError, create, locked, read_exactly, write_atomically

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from threepass.editing import Value
    from threepass.library import Entry, Library, Note
    from threepass.models import Contribution, DayReading, Figure
    from threepass.problems import Problem
    from threepass.remembered.file_memory import FileMemory

T = TypeVar("T")

_MARKDOWN_LINK = re.compile(r"\[(.+)\]\((\S+)\)")


class Read(NamedTuple):
    """A paper that was read, by its citation key, how deeply, and for how long."""

    paper: str
    pass_: int
    minutes: int | None = None


@dataclass(frozen=True, kw_only=True)
class Addition:
    """What is to be added to a day: paragraphs of notes, goals, what was read, minutes, topics, links, and so on.

    `number` is the day's in the challenge, if it is not to follow from the days before; `links` are pairs of a title
    and an address.
    """

    date: dt.date
    number: int | None = None
    text: str = ""
    title: str = ""
    goals: tuple[str, ...] = ()
    readings: tuple[Read, ...] = ()
    minutes: int | None = None
    topics: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    contributions: tuple[Contribution, ...] = ()
    figures: tuple[Figure, ...] = ()
    shared: tuple[str, ...] = ()


@dataclass(frozen=True)
class Draft:
    """A day's file as it would be; `path` is relative to the library, `before` its text now, None where it is new."""

    path: Path
    text: str
    before: str | None


def draft(library: Library, addition: Addition) -> Draft:
    """Return the day's file with the addition: the last entry of its date, or a new one. Raises `EditingError`."""
    path = Path(library.settings.journal) / str(addition.date.year) / f"{addition.date}.yml"
    if addition.date not in library.by_date and (library.root / path).exists():
        library = load(library.root)  # it was written since, or cannot be read
    entry = next(reversed(library.by_date.get(addition.date, ())), None)
    if entry is not None:
        before = read_exactly(library.root / entry.source.path)
        return Draft(entry.source.path, extended(before, addition, entry=entry), before)
    if (library.root / path).exists():
        wrong = next((str(problem) for problem in library.problems if problem.path == path), f"{path} cannot be read")
        raise EditingError(wrong, "mend the file first")
    number = next_number(library, addition.date) if addition.number is None else addition.number
    return Draft(path, new_entry(addition, number=number), None)


def new_entry(addition: Addition, *, number: int | None) -> str:
    """Return the text of a new entry."""
    text = f"date: {addition.date}\n"
    if number is not None:
        text = set_value(text, ("day",), number)
    return extended(text, addition, entry=None)


def extended(text: str, addition: Addition, *, entry: Entry | None) -> str:
    """Return a day's text with the addition; `entry` is what the text says now. Raises `EditingError`."""
    day = entry.day if entry else Day.model_construct(date=addition.date)  # it says nothing
    title = seen(addition.title)
    if title and day.title and day.title != title:
        raise EditingError(f"{addition.date} has a title already: {day.title}", "change it in the file")
    if addition.number is not None and day.day not in (None, addition.number):
        raise EditingError(f"{addition.date} is day {day.day} already", "change its number in the file")
    if addition.number is not None and day.day is None:
        text = set_value(text, ("day",), addition.number)
    if title:
        text = set_value(text, ("title",), title)
    for goal in _new(addition.goals, day.goals):
        text = append_item(text, ("goals",), goal)
    if addition.minutes is not None:
        text = set_value(text, ("minutes",), addition.minutes + (minutes_of(entry) if entry else 0))
    for read in _new_readings(addition.readings, day.readings):
        minutes: dict[str, Value] = {} if read.minutes is None else {"minutes": read.minutes}
        text = append_item(text, ("readings",), {"paper": read.paper, "pass": read.pass_, **minutes})
    for topic in _new(addition.topics, day.topics):
        text = append_item(text, ("topics",), topic)
    text = append_paragraph(text, ("notes",), seen(addition.text))
    known = [link.url for link in day.links]
    for title, url in addition.links:
        if url not in known:
            text = append_item(text, ("links",), {"title": title, "url": url})
    for contribution in _new(addition.contributions, day.contributions):
        text = append_item(text, ("contributions",), contribution.model_dump(exclude_none=True))
    for figure in _new(addition.figures, day.figures):
        text = append_item(text, ("figures",), figure.model_dump())
    for address in _new(addition.shared, day.shared):
        text = append_item(text, ("shared",), address)
    return text


def _new_readings(wanted: Sequence[Read], known: Sequence[DayReading]) -> list[Read]:
    """Return the readings that are not there: the same pass through a paper is another one if its minutes are said."""
    there = {Read(reading.paper, reading.pass_, reading.minutes) for reading in known}
    there |= {reading._replace(minutes=None) for reading in there}
    return _new(wanted, [*there])


def _new(wanted: Sequence[T], known: Sequence[T]) -> list[T]:
    return [item for item in dict.fromkeys(wanted) if item not in known]


def next_number(library: Library, date: dt.date) -> int | None:
    """Return the number of a new day: one more than the last before it.

    None where it would not rise with the date up to the days after it, and in a library that does not number its days.
    """
    numbers = [(entry.date, entry.day.day) for entry in library.entries if entry.day.day is not None]
    if library.entries and not numbers:
        return None
    number = max((number for day, number in numbers if day < date), default=0) + 1
    later = min((number for day, number in numbers if day > date), default=None)
    return number if later is None or number < later else None


def paper_named(library: Library, text: str) -> Note | None:
    """Return the note that a citation key, or an arXiv id or address in any form, names."""
    found = arxiv_id.parse(text)
    return resolve(library, found.id if found else text)


def pass_to_record(library: Library, key: str) -> int:
    """Return the pass of a reading that does not say which: the one the paper is in, the first of an unread one."""
    return max(1, library.pass_of(key))


def titled_link(text: str) -> tuple[str, str]:
    """Return the title and address of a link: `[title](address)`, or an address alone, which names itself."""
    if match := _MARKDOWN_LINK.fullmatch(text.strip()):
        return match[1].strip(), match[2]
    return re.sub(r"^https?://(www\.)?|/+$", "", text.strip()), text.strip()


def add(root: Path, addition: Addition, *, files: FileMemory | None = None) -> tuple[Draft, list[Problem]]:
    """Add to a day, unless that would bring problems; return the day's file and the problems."""
    with locked(root):
        library = load(root, files)
        made = draft(library, addition)
        return made, _store(library, made)


def store(root: Path, made: Draft) -> list[Problem]:
    """Write a day's file as its author has edited it, unless that would bring problems, which are returned.

    Raises `WritingError` where the file is not as it was when the author began.
    """
    with locked(root):
        path = root / made.path
        now = read_exactly(path) if path.exists() else None
        if now != made.before:
            raise WritingError(f"{made.path} has changed in the meantime", "put your text in by hand")
        return _store(load(root), made)


def _store(library: Library, made: Draft) -> list[Problem]:
    problems = problems_of_entry(library, source_tree(library), made.path, made.text)
    if problems or made.text == made.before:
        return problems
    if made.before is None:
        create(library.root / made.path, made.text, inside=library.root)
    else:
        write_atomically(library.root / made.path, made.text, inside=library.root)
    return []
