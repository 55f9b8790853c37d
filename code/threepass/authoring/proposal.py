"""A file as it would be written in; the problems that it would bring to the library, out.

It is read by the same readers and held against the same rules as what is there already, before anything is written.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from threepass.checks import check, day_to_come
from threepass.library import Entry, Note
from threepass.models import Day, Paper
from threepass.records import to_record
from threepass.source import compose, compose_note, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from threepass.library import Library
    from threepass.models import Record
    from threepass.problems import Problem
    from threepass.reach.symbols import SourceTree
    from threepass.source import Document

R = TypeVar("R", bound="Record")
Read = tuple[R | None, "Document | None", list["Problem"]]


def read_day(text: str, *, shown: Path) -> Read[Day]:
    """Return what a day's text says, or why it says nothing; `shown` is the path as problems name it."""
    return _read(text, Day, shown)


def read_paper(text: str, *, shown: Path) -> Read[Paper]:
    """Return what a note's text says, or why it says nothing."""
    return _read(text, Paper, shown)


def problems_of_entry(library: Library, tree: SourceTree, path: Path, text: str) -> list[Problem]:
    """Return the problems that a day's entry would bring; `path` is relative to the library."""
    day, document, problems = read_day(text, shown=path)
    if day is None or document is None:
        return problems
    if not path.stem.startswith(day.date.isoformat()):
        hint = "move the entry, with its file, by hand"
        message = f"the entry says {day.date}, its file's name {path.stem}"
        return [*problems, document.problem("P020", message, at=document.place(("date",)), hint=hint)]
    entry = Entry(path.stem, day, document)
    if path.stem not in library.by_name and (to_come := day_to_come(entry)):
        problems = [*problems, to_come]
    return problems + _new(library, library.with_entries([entry]), tree)


def problems_of_entries(library: Library, tree: SourceTree, texts: Mapping[Path, str]) -> list[Problem]:
    """Return the problems that many entries would bring, with one check of them all; paths are relative."""
    read = {path: read_day(text, shown=path) for path, text in texts.items()}
    entries = [Entry(path.stem, day, source) for path, (day, source, _) in read.items() if day and source]
    return _problems_of(read) + _new(library, library.with_entries(entries), tree)


def problems_of_notes(library: Library, tree: SourceTree, texts: Mapping[Path, str]) -> list[Problem]:
    """Return the problems that papers' notes would bring, in one check; paths are relative to the library."""
    read = {path: read_paper(text, shown=path) for path, text in texts.items()}
    notes = [Note(path.stem, paper, source) for path, (paper, source, _) in read.items() if paper and source]
    return _problems_of(read) + _new(library, library.with_notes(notes), tree)


def _problems_of(read: Mapping[Path, Read[R]]) -> list[Problem]:
    return [problem for _, _, problems in read.values() for problem in problems]


def _read(text: str, model: type[R], shown: Path) -> Read[R]:
    said, problems = text_of(text.encode("utf-8", "replace"), shown=shown)
    if said is None:
        return None, None, problems
    document, problems = (compose if model is Day else compose_note)(said, shown=shown)
    if document is None:
        return None, None, problems
    record, wrong = to_record(document, model)
    return record, document, [*problems, *wrong]


def _new(before: Library, after: Library, tree: SourceTree) -> list[Problem]:
    """Return the problems of the library after the change that it did not have before, whatever their lines are."""
    found = check(after, tree)
    if not found:
        return []
    known = Counter(map(_without_place, check(before, tree)))
    fresh = []
    for problem in found:
        known[_without_place(problem)] -= 1
        if known[_without_place(problem)] < 0:
            fresh.append(problem)
    return fresh


def _without_place(problem: Problem) -> tuple[Path, str, str]:
    return problem.path, problem.code, problem.message
