"""Entries in; a year as weeks of days out, for the calendar heatmap."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from threepass.wording import MONTHS

if TYPE_CHECKING:
    from threepass.library import Entry, Library


class Cell(NamedTuple):
    """A day of the calendar; `level` (1 to 4) is how many of the challenge's goals it served, 0 without an entry.

    `served` names them, since a colour says nothing to those who do not see it.
    """

    date: dt.date
    entries: tuple[Entry, ...]
    level: int
    served: str = ""


class Year(NamedTuple):
    """A year: one row a weekday, one column a week; months with how many columns each spans."""

    year: int
    months: list[tuple[str, int]]
    rows: list[list[Cell | None]]
    days: int


def years(library: Library) -> list[Year]:
    """Return a calendar for each year that has an entry, newest first."""
    return [year_of(library, year) for year in sorted({date.year for date in library.by_date}, reverse=True)]


def year_of(library: Library, year: int) -> Year:
    """Return the calendar of one year, its weeks beginning on Monday."""
    first, last = dt.date(year, 1, 1).toordinal(), dt.date(year, 12, 31).toordinal()
    mondays = range(first - dt.date(year, 1, 1).weekday(), last + 1, 7)  # numbers: what is outside may be no date
    rows = [
        [_cell(library, monday + weekday) if first <= monday + weekday <= last else None for monday in mondays]
        for weekday in range(7)
    ]
    months: list[tuple[str, int]] = []
    for monday in mondays:
        name = MONTHS[dt.date.fromordinal(min(monday + 6, last)).month - 1][:3]
        if months and months[-1][0] == name:
            months[-1] = (name, months[-1][1] + 1)
        else:
            months.append((name, 1))
    return Year(year, months, rows, sum(date.year == year for date in library.by_date))


def _cell(library: Library, day: int) -> Cell:
    date = dt.date.fromordinal(day)
    entries = library.by_date.get(date, ())
    goals = {goal for entry in entries for goal in entry.day.goals}
    served = ", ".join(library.goal_title(goal) for goal in library.goals if goal in goals)
    return Cell(date, entries, min(4, max(1, len(goals))) if entries else 0, served)
