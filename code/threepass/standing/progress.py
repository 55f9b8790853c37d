"""Entries in; streaks, totals and shares out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from threepass.library import Entry, Library


class Progress(NamedTuple):
    """How far the challenge is. `streak` is the run of days that ends with the last entry."""

    days: int
    of: int
    streak: int
    longest_streak: int
    minutes: int
    contributions: int
    goals: dict[str, int]
    papers_by_pass: tuple[int, int, int, int]
    last: dt.date | None


def progress(library: Library) -> Progress:
    """Return a library's numbers."""
    entries = library.entries
    runs = _runs(sorted(library.by_date))
    depth = Counter(library.pass_of(key) for key in library.notes)
    goals = Counter(goal for entry in entries for goal in entry.day.goals)
    return Progress(
        days=len(library.by_date),
        of=library.settings.challenge.days,
        streak=runs[-1] if runs else 0,
        longest_streak=max(runs, default=0),
        minutes=sum(minutes_of(entry) for entry in entries),
        contributions=len({c.url for entry in entries for c in entry.day.contributions}),
        goals={goal: goals[goal] for goal in library.settings.goals},
        papers_by_pass=(depth[0], depth[1], depth[2], depth[3]),
        last=entries[-1].date if entries else None,
    )


def minutes_of(entry: Entry) -> int:
    """Return a day's minutes: what it says, or what its readings add up to."""
    return entry.day.minutes or sum(reading.minutes or 0 for reading in entry.day.readings)


def goals_between(library: Library, first: dt.date, last: dt.date) -> dict[str, int]:
    """Return how many entries from one day to another served each goal of the challenge."""
    served = Counter(goal for entry in library.entries if first <= entry.date <= last for goal in entry.day.goals)
    return {goal: served[goal] for goal in library.settings.goals}


def current_streak(dates: Iterable[dt.date], *, today: dt.date) -> int:
    """Return the run of days that is still alive: it ends today, or yesterday while today has no entry yet."""
    ordered = sorted(set(dates))
    if not ordered or (today - ordered[-1]).days > 1:
        return 0
    return _runs(ordered)[-1]


def _runs(dates: Sequence[dt.date]) -> list[int]:
    """Return the lengths of the runs of consecutive days."""
    runs: list[int] = []
    for number, date in enumerate(dates):
        if number and (date - dates[number - 1]).days == 1:
            runs[-1] += 1
        else:
            runs.append(1)
    return runs
