"""The days of a log in; each with its date, and where that was found, out.

A date stands in the heading. Else it is the day of the first commit in which the heading stands; else it is counted
from the dated days before and after; else from the date on which the log began, where that is said.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from threepass.importers.daylog_headings import day_heading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from threepass.importers.daylog import LoggedDay
    from threepass.importers.daylog_headings import DayHeading
    from threepass.importers.git_history import Commit
    from threepass.importers.written_dates import WrittenDate

ROUND = 100
"""Days of a round, where a log counts them: `R2D5` is day 105."""


@dataclass(frozen=True, slots=True)
class DatedDay:
    """A day of a log with its date, None where none is known; `found` says where it comes from.

    `remark` is what is to be said of it: a date that is none.
    """

    day: LoggedDay
    date: dt.date | None = None
    found: str = ""
    remark: str = ""

    @property
    def number(self) -> int | None:
        """The first of the day's numbers, counted through all rounds."""
        return number_of(self.day.heading)


def number_of(heading: DayHeading) -> int | None:
    """Return the number of the day that a heading begins, the first one of several, counted through all rounds."""
    if not heading.numbers:
        return None
    return heading.numbers[0] + ROUND * max(0, (heading.round or 1) - 1)


def dated(
    days: Sequence[LoggedDay],
    *,
    commits: Sequence[Commit] = (),
    start: dt.date | None = None,
    day_first: bool | None = None,
) -> tuple[DatedDay, ...]:
    """Return the days of a log with their dates; `commits` come oldest first.

    `start` is the date of the day with the lowest number; `day_first` says how to read 04/10/2019, where that does
    not follow from the log itself.
    """
    first = _day_first(days) if day_first is None else day_first
    found = [_from_heading(DatedDay(day), first) for day in days]
    found = _with_years(found, first, start)
    history = _first_days(commits)
    seen: Counter[str] = Counter()
    for place, one in enumerate(found):
        name = _name(one.day)
        seen[name] += 1
        if one.date is None and (date := history.get((name, seen[name]))):
            found[place] = replace(one, date=date, found="first commit")
    found = _counted(found)
    return tuple(_from_start(found, start))


def numbers_to_keep(days: Iterable[tuple[dt.date, int]], known: Mapping[int, dt.date]) -> set[tuple[dt.date, int]]:
    """Return the dates and numbers of the longest row of days in which the number rises with the date.

    `known` are the numbers that the library has given already, with their dates: none may contradict them.
    """
    fitting = sorted(
        {
            (date, number)
            for date, number in days
            if all((date < other) == (number < taken) and (date == other or number != taken)
                   for taken, other in known.items() if (date, number) != (other, taken))
        }
    )  # fmt: skip
    ends: list[int] = []  # the last number of the best row of each length
    last: list[int] = []  # and its place
    before: list[int] = []
    for place, (_, number) in enumerate(fitting):
        length = bisect_left(ends, number)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [number]
        last[length : length + 1] = [place]
    kept = set()
    place = last[-1] if last else -1
    while place >= 0:
        kept.add(fitting[place])
        place = before[place]
    return kept


def _day_first(days: Sequence[LoggedDay]) -> bool | None:
    """Tell whether a log writes 04/10/2019 for the 4th of October; None where one cannot know."""
    written = [day.heading.date for day in days if day.heading.date and day.heading.date.swapped]
    faults = []
    for first in (False, True):
        dates = [date.date(day_first=first) for date in written]
        known = [date for date in dates if date]
        steps = [later - earlier for earlier, later in pairwise(known)]
        falls = sum(step.days < 0 for step in steps)
        rises = sum(step.days > 0 for step in steps)
        faults.append((dates.count(None), min(falls, rises), sum(abs(step.days) for step in steps)))
    if faults[0] == faults[1]:
        return None
    return faults[1] < faults[0]


def _from_heading(one: DatedDay, day_first: bool | None) -> DatedDay:
    written = one.day.heading.date
    if written is None or written.year is None:
        return one
    date = _read(written, written.year, day_first)
    if date is not None:
        return replace(one, date=date, found="heading")
    if day_first is None and written.swapped and written.date(day_first=False) and written.date(day_first=True):
        return replace(one, remark=f"{written.text} may be two dates: say --day-first or --month-first")
    return replace(one, remark=f"{written.text} is no date")


def _read(written: WrittenDate, year: int, day_first: bool | None) -> dt.date | None:
    dates = {written.date(year=year, day_first=first) for first in (False, True) if day_first in (None, first)}
    known = dates - {None}
    return known.pop() if len(known) == 1 else None


def _with_years(found: list[DatedDay], day_first: bool | None, start: dt.date | None) -> list[DatedDay]:
    """Give a date without a year the one that puts it nearest to the day before, else the day after or the start."""
    found = list(found)
    anchor = next((one.date for one in found if one.date), start)
    for place, one in enumerate(found):
        written = one.day.heading.date
        if one.date is None and written is not None and written.year is None and anchor:
            years = (anchor.year - 1, anchor.year, anchor.year + 1)
            dates = [date for year in years if (date := written.date(year=year, day_first=bool(day_first)))]
            if dates:
                near = anchor
                date = min(dates, key=lambda date: abs(date - near))
                found[place] = replace(one, date=date, found="heading, its year from the days around it")
            else:
                found[place] = replace(one, remark=f"{written.text} is no date")
        anchor = found[place].date or anchor
    return found


def _first_days(commits: Iterable[Commit]) -> dict[tuple[str, int], dt.date]:
    """Return when each heading was first in the log, and when it was there a second time."""
    count: Counter[str] = Counter()
    first: dict[tuple[str, int], dt.date] = {}
    for commit in commits:
        count.subtract(name for line in commit.removed for name in _names(line))
        for name in (name for line in commit.added for name in _names(line)):
            count[name] += 1
            first.setdefault((name, count[name]), commit.date)
    return first


def _names(line: str) -> set[str]:
    heading = day_heading(line)
    return {name for name in (line.strip(), heading.names if heading else "") if name}


def _name(day: LoggedDay) -> str:
    return day.written if day.is_row else day.heading.names or day.written


def _counted(found: list[DatedDay]) -> list[DatedDay]:
    """Give days between two dated ones the date that their number counts to, where it fits between them."""
    known = [(one.number, one.date) for one in found if one.date and one.number is not None]
    for place, one in enumerate(found):
        number = one.number
        if one.date is not None or number is None:
            continue
        below = max(((n, date) for n, date in known if n is not None and n < number), default=None)
        above = min(((n, date) for n, date in known if n is not None and n > number), default=None)
        if below and above and below[0] is not None and above[0] is not None:
            date = below[1] + dt.timedelta(days=number - below[0])
            if below[1] < date < above[1]:
                found[place] = replace(one, date=date, found=f"counted from day {below[0]}")
    return found


def _from_start(found: list[DatedDay], start: dt.date | None) -> list[DatedDay]:
    lowest = min((one.number for one in found if one.number is not None), default=None)
    if start is None or lowest is None:
        return found
    return [
        replace(one, date=start + dt.timedelta(days=one.number - lowest), found="--start")
        if one.date is None and one.number is not None
        else one
        for one in found
    ]
