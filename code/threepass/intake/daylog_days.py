"""The days of a log in; each with its number, its entry's name, and a key for the next import, out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from threepass.importers.daylog_dates import numbers_to_keep
from threepass.intake.line_merge import line_hashes

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from threepass.importers.daylog_dates import DatedDay
    from threepass.intake.import_record import ImportedText, ImportRecord
    from threepass.library import Library


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


def keyed(found: Sequence[DatedDay], before: ImportRecord) -> list[PlannedDay]:
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
        if day.key not in before.texts and (text := source_hash(day)) in gone
        else day
        for day in days
    ]


def source_hash(day: PlannedDay) -> str:
    """Return a hash of a day's text in the log; nothing for one without text, which is like others."""
    text = day.dated.day.text.strip()
    return line_hashes(" ".join(text.split()))[0] if text else ""


def numbered(library: Library, before: ImportRecord, days: Sequence[PlannedDay]) -> list[PlannedDay]:
    """Take their number from days where it does not rise with the date, or is another's."""
    ours = {before.texts[day.key].name for day in days if day.key in before.texts}
    known = {
        entry.day.day: entry.date for entry in library.entries if entry.day.day is not None and entry.name not in ours
    }
    counted = [(day.dated.date, day.number) for day in days]
    kept = numbers_to_keep([(date, number) for date, number in counted if date and number is not None], known)
    return [day if (day.dated.date, day.number) in kept else replace(day, number=None) for day in days]


def named(
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
