"""A folder in; all its records, as a `Library`, out.

Everything is read once. What is wrong comes beside what is right: `Library.problems`.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from threepass.fields import CITATION_KEY, ENTRY_NAME
from threepass.importers.imported import IMPORTED, read_imported
from threepass.library.holdings import Entry, Library, Note, Plan, in_order
from threepass.markdown.passages import read_pages
from threepass.models import Day, Paper, Roadmap
from threepass.problems import Problem
from threepass.records import to_record
from threepass.remembered.file_memory import FileMemory
from threepass.results import FOLDER, read_results
from threepass.settings import read_settings
from threepass.source import Place, read_note, read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from threepass.source import Document

ROADMAP = "roadmap.yml"
"""The roadmap's file, beside the notes."""


def load(root: Path, memory: FileMemory | None = None) -> Library:
    """Read a library: its settings, days, notes, results, and what was imported.

    A file that `memory` holds as it is is not read again.
    """
    memory = memory or FileMemory()
    settings, site, problems = read_settings(root)
    papers = root / settings.papers
    entries, of_days = _read_entries(root / settings.journal, memory, root=root)
    notes, of_notes = _read_notes(papers, memory, root=root)
    plan, of_plan = _read_plan(papers / ROADMAP, root=root)
    results, of_results = read_results(papers / FOLDER, root=root)
    imported, of_imported = read_imported(papers / IMPORTED, root=root)
    pages, of_pages = read_pages(root / site.docs, root=root)
    found = sorted([*problems, *of_days, *of_notes, *of_plan, *of_results, *of_imported, *of_pages])
    return Library(root, settings, site, entries, notes, results, tuple(found), tuple(pages), imported, plan)


def _read_entries(folder: Path, memory: FileMemory, *, root: Path) -> tuple[tuple[Entry, ...], list[Problem]]:
    paths, problems = _files(folder, "*.y*ml", root=root)
    entries: list[Entry] = []
    for path in paths:
        entry, wrong = memory.of(path, partial(_read_entry, path, root))
        problems += wrong
        if entry is not None:
            entries.append(entry)
    return in_order(entries), problems


def _read_notes(folder: Path, memory: FileMemory, *, root: Path) -> tuple[dict[str, Note], list[Problem]]:
    paths, problems = _files(folder, "*.md", root=root)
    notes: dict[str, Note] = {}
    for path in paths:
        document, note, wrong = memory.of(path, partial(_read_note, path, root))
        problems += wrong
        if document is not None:
            problems += _misnamed_note(document, path, notes)
            if note is not None:
                notes.setdefault(path.stem, note)
    return notes, problems


def _files(folder: Path, pattern: str, *, root: Path) -> tuple[list[Path], list[Problem]]:
    """Return the files below a folder whose names fit, sorted, and a problem for each folder that cannot be read."""
    refused: list[OSError] = []
    found = [
        Path(here, name)
        for here, folders, names in os.walk(folder, onerror=refused.append)
        for name in (*folders, *names)
        if fnmatchcase(name, pattern) and not name.startswith(".")
    ]
    problems = [
        Problem(Path(error.filename).relative_to(root), 1, 1, "P001", f"the folder cannot be read: {error.strerror}")
        for error in refused
        if not isinstance(error, FileNotFoundError)
    ]
    return sorted(found), problems


def _read_plan(path: Path, *, root: Path) -> tuple[Plan | None, list[Problem]]:
    """Return the roadmap, where there is one."""
    if not os.path.lexists(path):  # false, too, where its folder may not be read, which is said elsewhere
        return None, []
    document, problems = read_yaml(path, shown=path.relative_to(root))
    if document is None:
        return None, problems
    roadmap, wrong = to_record(document, Roadmap)
    return (None if roadmap is None else Plan(roadmap, document)), [*problems, *wrong]


def _read_entry(path: Path, root: Path) -> tuple[Entry | None, list[Problem]]:
    document, problems = read_yaml(path, shown=path.relative_to(root))
    if document is None:
        return None, problems
    day, wrong = to_record(document, Day)
    problems += [*wrong, *_misnamed_entry(document, path)]
    return (Entry(path.stem, day, document) if day is not None else None), problems


def _read_note(path: Path, root: Path) -> tuple[Document | None, Note | None, list[Problem]]:
    document, problems = read_note(path, shown=path.relative_to(root))
    if document is None:
        return None, None, problems
    paper, wrong = to_record(document, Paper)
    return document, (Note(path.stem, paper, document) if paper is not None else None), [*problems, *wrong]


def _misnamed_entry(document: Document, path: Path) -> list[Problem]:
    date = document.data.get("date")
    if not re.fullmatch(ENTRY_NAME, path.stem):
        hint = f"rename it to {_free_name(path.parent, str(date or '2021-08-27'))}"
        return [document.problem("P020", f"'{path.name}' is no name for a day's entry", at=Place(1, 1), hint=hint)]
    if path.suffix != ".yml":
        hint = f"rename it to {_free_name(path.parent, path.stem)}"
        return [document.problem("P020", f"'{path.name}' does not end in .yml", at=Place(1, 1), hint=hint)]
    if isinstance(date, str) and _is_date(date) and not path.stem.startswith(date):
        hint = f"rename the file to {_free_name(path.parent, date)}, or mend the date"
        message = f"the entry says {date}, its file's name {path.stem}"
        return [document.problem("P020", message, at=document.place(("date",)), hint=hint)]
    return []


def _free_name(folder: Path, wished: str) -> str:
    """Return the wished name for an entry, or else the next one of its date: a renamed file takes no other's place."""
    names = (f"{wished}.yml", *(f"{wished[:10]}-{number}.yml" for number in range(2, 100)))
    return next((name for name in names if not (folder / name).exists()), names[0])


def _is_date(text: str) -> bool:
    try:
        return re.fullmatch(r"\d{4}-\d\d-\d\d", text) is not None and bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


def _misnamed_note(document: Document, path: Path, notes: Mapping[str, Note]) -> list[Problem]:
    if not re.fullmatch(CITATION_KEY, path.stem):
        message = f"'{path.stem}' is not a citation key"
        hint = "name the note by surname, year, word: vaswani2017attention.md"
        return [document.problem("P030", message, at=Place(1, 1), hint=hint)]
    if path.stem in notes:
        message = f"'{path.stem}' has a note already: {notes[path.stem].source.path}"
        return [document.problem("P032", message, at=Place(1, 1), hint="merge the two")]
    return []
