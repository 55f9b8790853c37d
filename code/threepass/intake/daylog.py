"""A day log in; what its import would write, or has written, out.

New days become entries. A day that was imported before is merged: what its author changed in the log since is taken
over, and what was changed here stays. What could not be placed is kept beside the record of the import.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

from threepass.authoring.proposal import problems_of_entries
from threepass.importers import arxiv_id
from threepass.importers.daylog import read_daylog
from threepass.importers.daylog_dates import dated
from threepass.importers.git_history import commits_of, top_of, web_address
from threepass.importers.images import SUFFIXES
from threepass.importers.outside_markdown import adapted
from threepass.intake.daylog_days import PlannedDay, keyed, named, numbered
from threepass.intake.daylog_entries import Remark, name_in_log, written
from threepass.intake.image_copies import ImageCopies, write_copies
from threepass.intake.import_record import (
    FOLDER,
    ImportRecord,
    put_text,
    read_record,
    source_name,
    write_record,
)  # fmt: skip
from threepass.ledger import source_tree
from threepass.library import load
from threepass.markdown.links import slug
from threepass.writing import WritingError, create, locked, read_exactly, write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from threepass.importers.daylog import LoggedDay, Unplaced
    from threepass.importers.daylog_dates import DatedDay
    from threepass.importers.outside_markdown import Target
    from threepass.library import Library
    from threepass.problems import Problem

LARGEST_LOG = 20_000_000
"""Bytes."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """How a log is to be read: the date of its first day, the order of its dates, its name, where it is on the web."""

    start: dt.date | None = None
    day_first: bool | None = None
    name: str = ""
    base: str = ""


@dataclass(frozen=True)
class Plan:
    """What an import would write: entries by path, images, and the record of it; and what is to be said."""

    name: str
    days: tuple[PlannedDay, ...]
    unplaced: tuple[Unplaced, ...]
    remarks: tuple[Remark, ...] = ()
    images: Mapping[Path, bytes] = field(default_factory=dict)
    missing_papers: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    record: ImportRecord = field(default_factory=ImportRecord)

    @property
    def undated(self) -> tuple[DatedDay, ...]:
        """The days whose date is not known: nothing can be written."""
        return tuple(day.dated for day in self.days if day.dated.date is None)


@dataclass(frozen=True)
class _Source:
    """The log: where it is, which images and pages its links mean."""

    path: Path
    images: ImageCopies
    base: str
    anchors: Mapping[str, str]
    names: frozenset[str]

    def locate(self, target: Target) -> str | None:
        """Return the address that a link or an image of the log gets here."""
        address = target.address
        if address.startswith("#"):
            name = self.anchors.get(address[1:].lower().strip("-"))
            return f"[[{name}]]" if name else None
        if target.is_image or Path(address).suffix.lower() in SUFFIXES:
            found = self.images.address(address)
            if found or target.is_image:
                return found
        if not self.base or ":" in address.split("/")[0]:
            return None
        return urljoin(self.base, quote(address, safe="/%#?=&+,;:@!~.()'"))

    def wiki(self, name: str) -> str | None:
        """Return the record that `[[name]]` means."""
        return name if name in self.names else None


def import_daylog(root: Path, path: Path, options: Options) -> Plan:
    """Import a log, and return what was done. Raises `WritingError`; where days have no date nothing is written."""
    with locked(root):
        plan = plan_daylog(root, path, options)
        if plan.undated or not plan.days:
            return plan
        library = load(root)
        folder = Path(library.settings.journal)
        write_copies(root, plan.images)
        for day in plan.days:
            target = root / _path(library, day.name, day.dated)
            if day.done == "new":
                create(target, day.text, inside=root)
            elif day.done == "merged":
                write_atomically(target, day.text, inside=root)
        record = root / folder / FOLDER / f"{plan.name}.json"
        if plan.unplaced or record.with_suffix(".unplaced.md").exists():
            put_text(record.with_suffix(".unplaced.md"), _unplaced_text(plan.unplaced), inside=root)
        write_record(record, plan.record, inside=root)
        return plan


def plan_daylog(root: Path, path: Path, options: Options) -> Plan:
    """Return what the import of a log would do.

    Raises `WritingError` for a log or record that cannot be read, and for a log that has been imported under another
    name.
    """
    text = _read(path)
    library = load(root)
    name = options.name or source_name(path)
    before = read_record(root / library.settings.journal / FOLDER / f"{name}.json")
    log = read_daylog(text)
    commits = commits_of(path) if any(day.heading.date is None for day in log.days) else ()
    start = options.start or (dt.date.fromisoformat(before.start) if before.start else None)
    found = dated(log.days, commits=commits, start=start, day_first=options.day_first)
    if any(one.date is None for one in found):
        days = tuple(PlannedDay(one, "", "", "refused") for one in found)
        remarks = tuple(Remark(one.day.first, one.remark) for one in found if one.remark)
        return Plan(name, days, log.unplaced, remarks)
    counted = numbered(library, before, keyed(found, before))
    adopted = frozenset(library.by_name) - {text.name for text in before.texts.values()}
    while True:
        called = named(library, counted, before, adopted)
        source = _source(library, path, options, called)
        begun = Plan(name, (), log.unplaced, record=replace(before, start=str(start or "")))
        plan = _planned(library, called, before, source, begun)
        others = {day.name for day in plan.days if day.done == "another's"}
        if not others:
            break
        adopted -= others
    if not before.texts and not options.name:
        _refuse_a_log_that_was_moved(root / library.settings.journal / FOLDER, plan)
    return plan


def _refuse_a_log_that_was_moved(folder: Path, plan: Plan) -> None:
    """Stop where the days were imported under another name: taken for those of a new log, all would come twice."""
    days = {text.source for text in plan.record.texts.values() if text.source}
    for path in sorted(folder.glob("*.json")):
        known = {text.source for text in read_record(path).texts.values() if text.source}
        if 2 * len(days & known) > len(known):
            raise WritingError(
                f"most of its days were imported before, as those of '{path.stem}'",
                f"`--as {path.stem}` goes on with that log, `--as` with another name makes a new one",
            )


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_LOG:
            raise WritingError(f"{path} is larger than {LARGEST_LOG // 1_000_000} MB", "a log is a text: cut it up")
    except OSError as error:
        raise WritingError(f"{path} cannot be read: {error.strerror or error}") from None
    return read_exactly(path)


def _source(library: Library, path: Path, options: Options, days: Sequence[PlannedDay]) -> _Source:
    top = top_of(path) or path.parent
    images = ImageCopies(library.root, path.parent, top, Path(library.site.docs) / "journal" / "images")
    anchors = {slug(day.dated.day.written.strip("# ")): day.name for day in days}
    base = options.base or web_address(path)
    names = frozenset({*library.notes, *library.by_name, *(day.name for day in days)})
    return _Source(path, images, base if base.endswith("/") or not base else f"{base}/", anchors, names)


def _planned(library: Library, days: Sequence[PlannedDay], before: ImportRecord, source: _Source, plan: Plan) -> Plan:
    """Return the plan with the text of each entry, checked as the library would check it."""
    remarks: list[Remark] = []
    missing: dict[str, list[int]] = {}
    done = []
    for day in days:
        logged = day.dated.day
        text = adapted(logged.text, locate=source.locate, wiki=source.wiki)
        remarks += [Remark(logged.line(at), said) for at, said in text.remarks]
        if day.dated.remark:
            remarks.append(Remark(logged.first, f"{day.dated.remark}: {day.dated.date}, from {day.dated.found}"))
        papers = _papers(library, logged, text.web, missing)
        notes = _with_links(text.text.strip("\n"), logged, source)
        entry, told = written(library, day, notes, papers, before)
        remarks += told
        done.append(entry)
    gone = [f"{key} is no longer in the log: entry {text.name} stays" for key, text in before.texts.items()
            if key not in {day.key for day in days}]  # fmt: skip
    remarks += _without_number(library, days)
    checked, problems = _checked(library, done)
    texts = {day.key: day.record for day in checked if day.record}
    return replace(
        plan,
        days=tuple(checked),
        remarks=tuple(sorted([*remarks, *(Remark(1, said) for said in gone)], key=lambda remark: remark.line)),
        images=source.images.made,
        missing_papers={key: tuple(lines) for key, lines in missing.items()},
        problems=tuple(problems),
        record=replace(plan.record, texts={**before.texts, **texts}),
    )


def _without_number(library: Library, days: Sequence[PlannedDay]) -> list[Remark]:
    """Say which days have their number in the title, in one line however many they are."""
    lost = [day.dated for day in days if day.number is None and day.dated.day.heading.numbers]
    if not lost:
        return []
    taken = {entry.day.day: entry.name for entry in library.entries}
    other = next(
        (f": the library's day {one.number} is {taken[one.number]}" for one in lost if one.number in taken), ""
    )
    spoken = ", ".join(name_in_log(one.day) for one in lost[:5]) + (
        f" and {len(lost) - 5} more" if len(lost) > 5 else ""
    )
    said = f"{spoken}: the number goes into the title, since it would not rise with the date{other}"
    return [Remark(lost[0].day.first, said)]


def _papers(
    library: Library, logged: LoggedDay, web: Iterable[tuple[int, str]], missing: dict[str, list[int]]
) -> tuple[str, ...]:
    """Return the papers of the library that a day links to; `missing` gets those without a note, with their lines."""
    keys = []
    for at, address in web:
        found = arxiv_id.parse(address)
        if found and (note := library.by_arxiv.get(found.id)):
            keys.append(note.key)
        elif found:
            missing.setdefault(found.id, []).append(logged.line(at))
    return tuple(dict.fromkeys(keys))


def _with_links(notes: str, logged: LoggedDay, source: _Source) -> str:
    """Return the notes with the links of the heading, which a title cannot hold, above them."""
    links = "\n".join(f"[{title or href}]({href})" for title, href in logged.heading.links)
    said = adapted(links, locate=source.locate, wiki=source.wiki).text
    return "\n\n".join(part for part in (said, notes) if part.strip())


def _checked(library: Library, days: Sequence[PlannedDay]) -> tuple[list[PlannedDay], list[Problem]]:
    """Refuse the days whose entry would bring problems to the library; the others are written."""
    tree = source_tree(library)
    left = list(days)
    refused: list[Problem] = []
    while True:
        texts = {_path(library, day.name, day.dated): day.text for day in left if day.done in ("new", "merged")}
        problems = problems_of_entries(library, tree, texts) if texts else []
        wrong = {problem.path for problem in problems}
        if not problems:
            return left, refused
        refused += problems
        blamed = wrong & texts.keys() or texts.keys()
        left = [
            replace(day, done="refused", record=None) if _path(library, day.name, day.dated) in blamed else day
            for day in left
        ]


def _path(library: Library, name: str, one: DatedDay) -> Path:
    """Return the path of an entry, from the library."""
    if entry := library.by_name.get(name):
        return entry.source.path
    return Path(library.settings.journal) / (name[:4] or str(one.date)[:4]) / f"{name}.yml"


def _unplaced_text(unplaced: Iterable[Unplaced]) -> str:
    return "".join(f"<!-- lines {run.first} to {run.last} -->\n\n{run.text}\n\n" for run in unplaced)
