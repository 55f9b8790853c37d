"""A day of a log in; the text of its entry out: a new one, or the one that is here with what has changed in the log."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from threepass.authoring.daily import Addition, Read, new_entry
from threepass.editing import append_item, set_value
from threepass.intake.daylog_days import source_hash
from threepass.intake.import_record import ImportedText
from threepass.intake.line_merge import line_hashes, merged
from threepass.writing import read_exactly

if TYPE_CHECKING:
    from threepass.importers.daylog import LoggedDay
    from threepass.intake.daylog_days import PlannedDay
    from threepass.intake.import_record import ImportRecord
    from threepass.library import Entry, Library


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that the author may want to know of a line of the log."""

    line: int
    text: str


def written(
    library: Library, day: PlannedDay, notes: str, papers: tuple[str, ...], before: ImportRecord
) -> tuple[PlannedDay, list[Remark]]:
    """Return a day with the text of its entry."""
    date = day.dated.date
    assert date is not None
    title = _title(day)
    record = ImportedText(day.name, line_hashes(notes), title, str(date), papers, source_hash(day))
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


def _title(day: PlannedDay) -> str:
    """Return the title of an entry: what the heading says, and its number where the entry has none, or several."""
    logged, heading = day.dated.day, day.dated.day.heading
    shows = len(heading.numbers) > 1 or (day.number is None and heading.numbers) or not logged.text.strip()
    spoken = name_in_log(logged) if shows else ""
    return " ".join((f"{spoken}: {heading.title}" if spoken and heading.title else spoken or heading.title).split())


def name_in_log(logged: LoggedDay) -> str:
    """Return what a log calls a day: `Day 3`, `Days 3 to 5`, or its date."""
    numbers = logged.heading.numbers
    if not numbers:
        return logged.heading.date.text if logged.heading.date else logged.written
    return f"Days {numbers[0]} to {numbers[-1]}" if len(numbers) > 1 else f"Day {numbers[0]}"


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
