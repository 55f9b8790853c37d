"""A day log in; what its import would write, or has written, out.

New days become entries. A day that was imported before is merged: what its author changed in the log since is taken
over, and what was changed here stays. What could not be placed is kept beside the record of the import.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

from threepass.authoring.daily import LOCK_SECONDS, Addition, Read, new_entry
from threepass.authoring.proposal import problems_of_entries
from threepass.editing import append_item, set_value
from threepass.importers import arxiv_id
from threepass.importers.daylog import read_daylog
from threepass.importers.daylog_dates import dated, numbers_to_keep
from threepass.importers.git_history import commits_of, top_of, web_address
from threepass.importers.images import SUFFIXES
from threepass.importers.outside_markdown import adapted
from threepass.intake.image_copies import ImageCopies, write_copies
from threepass.intake.import_record import (
    FOLDER,
    ImportedText,
    ImportRecord,
    put_text,
    read_record,
    source_name,
    write_record,
)  # fmt: skip
from threepass.intake.line_merge import line_hashes, merged
from threepass.ledger import source_tree
from threepass.library import load
from threepass.markdown.links import slug
from threepass.writing import WritingError, create, locked, read_exactly, write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from threepass.importers.daylog import LoggedDay, Unplaced
    from threepass.importers.daylog_dates import DatedDay
    from threepass.importers.outside_markdown import Target
    from threepass.library import Entry, Library
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


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that the author may want to know of a line of the log."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A day of the log, and what becomes of it: `new`, `merged`, `unchanged`, `kept` as it is here, or `refused`.

    An entry of that name may turn out to be `another's`; a plan holds none of these.
    """

    dated: DatedDay
    key: str
    name: str
    done: str
    text: str = ""
    record: ImportedText | None = None
    number: int | None = None


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
    with locked(root, timeout=LOCK_SECONDS):
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
    """Return what the import of a log would do. Raises `WritingError` for a log or record that cannot be read."""
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
    keyed = _numbered(library, before, _keyed(found, before))
    adopted = frozenset(library.by_name) - {text.name for text in before.texts.values()}
    while True:
        named = _named(library, keyed, before, adopted)
        source = _source(library, path, options, named)
        begun = Plan(name, (), log.unplaced, record=replace(before, start=str(start or "")))
        plan = _planned(library, named, before, source, begun)
        others = {day.name for day in plan.days if day.done == "another's"}
        if not others:
            return plan
        adopted -= others


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_LOG:
            raise WritingError(f"{path} is larger than {LARGEST_LOG // 1_000_000} MB", "a log is a text: cut it up")
    except OSError as error:
        raise WritingError(f"{path} cannot be read: {error.strerror or error}") from None
    return read_exactly(path)


def _keyed(found: Sequence[DatedDay], before: ImportRecord) -> list[PlannedDay]:
    """Give each day of the log the key by which the next import knows it again."""
    seen: Counter[str] = Counter()
    days = []
    for one in found:
        heading = one.day.heading
        key = f"day {heading.names}" if heading.numbers else str(one.date)
        seen[key] += 1
        days.append(PlannedDay(one, key if seen[key] == 1 else f"{key} ({seen[key]})", "", "new", number=one.number))
    known = {day.key for day in days}
    gone = {text.source: key for key, text in before.texts.items() if key not in known and text.source}
    return [
        replace(day, key=gone.pop(text))  # its number was mended in the log: the text tells
        if day.key not in before.texts and (text := _source_hash(day)) in gone
        else day
        for day in days
    ]


def _source_hash(day: PlannedDay) -> str:
    """Return a hash of a day's text in the log; nothing for one without text, which is like others."""
    text = day.dated.day.text.strip()
    return line_hashes(" ".join(text.split()))[0] if text else ""


def _numbered(library: Library, before: ImportRecord, days: Sequence[PlannedDay]) -> list[PlannedDay]:
    """Take their number from days where it does not rise with the date, or is another's."""
    ours = {before.texts[day.key].name for day in days if day.key in before.texts}
    known = {
        entry.day.day: entry.date for entry in library.entries if entry.day.day is not None and entry.name not in ours
    }
    counted = [(day.dated.date, day.number) for day in days]
    kept = numbers_to_keep([(date, number) for date, number in counted if date and number is not None], known)
    return [day if (day.dated.date, day.number) in kept else replace(day, number=None) for day in days]


def _named(
    library: Library, days: Sequence[PlannedDay], before: ImportRecord, adopted: frozenset[str]
) -> list[PlannedDay]:
    """Give each day its entry's name: that of a former import, else its date, with a number where that is taken.

    Entries of the names `adopted` may be what an import that was cut off has written.
    """
    taken = {*library.by_name, *(text.name for text in before.texts.values())}
    names: dict[str, str] = {}
    for _, day in sorted(enumerate(days), key=lambda pair: _order(days, *pair)):
        if day.key in before.texts:
            names[day.key] = before.texts[day.key].name
            continue
        name, count = str(day.dated.date), 1
        while name in taken and (name not in adopted or name in names.values()):
            count += 1
            name = f"{day.dated.date}-{count}"
        taken.add(name)
        names[day.key] = name
    return [replace(day, name=names[day.key]) for day in days]


def _order(days: Sequence[PlannedDay], place: int, day: PlannedDay) -> tuple[dt.date | None, int, int]:
    first, last = days[0].dated.date, days[-1].dated.date
    newest_first = first is not None and last is not None and first > last
    return day.dated.date, day.dated.number or 0, -place if newest_first else place


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
    written = []
    for day in days:
        logged = day.dated.day
        text = adapted(logged.text, locate=source.locate, wiki=source.wiki)
        remarks += [Remark(logged.line(at), said) for at, said in text.remarks]
        if day.dated.remark:
            remarks.append(Remark(logged.first, f"{day.dated.remark}: {day.dated.date}, from {day.dated.found}"))
        papers = _papers(library, logged, text.web, missing)
        notes = _with_links(text.text.strip("\n"), logged, source)
        done, told = _written(library, day, notes, papers, before)
        remarks += told
        written.append(done)
    gone = [f"{key} is no longer in the log: entry {text.name} stays" for key, text in before.texts.items()
            if key not in {day.key for day in days}]  # fmt: skip
    remarks += _without_number(library, days)
    checked, problems = _checked(library, written)
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
    spoken = ", ".join(_spoken(one.day) for one in lost[:5]) + (f" and {len(lost) - 5} more" if len(lost) > 5 else "")
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


def _title(day: PlannedDay) -> str:
    """Return the title of an entry: what the heading says, and its number where the entry has none, or several."""
    logged, heading = day.dated.day, day.dated.day.heading
    shows = len(heading.numbers) > 1 or (day.number is None and heading.numbers) or not logged.text.strip()
    spoken = _spoken(logged) if shows else ""
    return " ".join((f"{spoken}: {heading.title}" if spoken and heading.title else spoken or heading.title).split())


def _spoken(logged: LoggedDay) -> str:
    numbers = logged.heading.numbers
    if not numbers:
        return logged.heading.date.text if logged.heading.date else logged.written
    return f"Days {numbers[0]} to {numbers[-1]}" if len(numbers) > 1 else f"Day {numbers[0]}"


def _written(
    library: Library, day: PlannedDay, notes: str, papers: tuple[str, ...], before: ImportRecord
) -> tuple[PlannedDay, list[Remark]]:
    """Return a day with the text of its entry."""
    date = day.dated.date
    assert date is not None
    title = _title(day)
    record = ImportedText(day.name, line_hashes(notes), title, str(date), papers, _source_hash(day))
    known = before.texts.get(day.key)
    entry = library.by_name.get(day.name)
    if known is None and entry is None:
        addition = Addition(date=date, text=notes, title=title, readings=tuple(Read(key, 1) for key in papers))
        return replace(day, text=new_entry(addition, number=day.number), record=record), []
    if entry is None:
        return _without_entry(day, known, record)
    if known is None:  # an import was cut off before it could say that it had written this
        same = line_hashes((entry.day.notes or "").strip("\n")) == record.text and (entry.day.title or "") == title
        return replace(day, done="unchanged" if same else "another's", record=record), []
    return _merged(library, day, entry, known, record, notes)


def _without_entry(
    day: PlannedDay, known: ImportedText | None, record: ImportedText
) -> tuple[PlannedDay, list[Remark]]:
    """A day whose entry was deleted or renamed here stays so."""
    changed = known is not None and known.text != record.text
    said = [Remark(day.dated.day.first, f"has changed, and there is no entry {day.name} any more")] if changed else []
    return replace(day, done="kept", record=known), said


def _merged(
    library: Library, day: PlannedDay, entry: Entry, known: ImportedText, record: ImportedText, notes: str
) -> tuple[PlannedDay, list[Remark]]:
    """Take over what has changed in the log, and keep what was changed here."""
    before = text = read_exactly(library.root / entry.source.path)
    line, told = day.dated.day.first, []
    ours = (entry.day.notes or "").strip("\n")
    both = merged(known.text, ours, notes)
    joined = "\n".join(both.lines)
    if joined.strip() and line_hashes(joined) != line_hashes(ours):
        text = set_value(text, ("notes",), f"{joined}\n")
    for conflict in both.conflicts:
        theirs = next((row for row in conflict.theirs if row.strip()), "nothing")
        told.append(
            Remark(line, f"was changed here and in the log; ours stays, and the log says: {theirs.strip()[:80]}")
        )
    title = entry.day.title or ""
    if record.title != known.title and title != record.title:
        if title == known.title and record.title:
            text = set_value(text, ("title",), record.title)
        else:
            told.append(Remark(line, f"has another title here, and in the log now: {record.title or 'none'}"))
            record = replace(record, title=known.title)
    read = {reading.paper for reading in entry.day.readings}
    for key in record.papers:
        if key not in known.papers and key not in read:
            text = append_item(text, ("readings",), {"paper": key, "pass": 1})
    heading = day.dated.day.heading
    if heading.numbers and day.key.removesuffix(")").partition(" (")[0] != f"day {heading.names}":
        told.append(Remark(line, f"was {day.key} in the log; entry {day.name} keeps its number"))
    if record.date != known.date:
        told.append(Remark(line, f"is {record.date} in the log now; its entry stays {day.name}"))
    kept = replace(record, text=known.text if both.conflicts else record.text, date=known.date)
    done = "merged" if text != before else "kept" if told else "unchanged"
    return replace(day, done=done, text=text, record=kept), told


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
