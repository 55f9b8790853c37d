"""A library in; where its author stands, as numbers and as lines for a terminal, out."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from threepass.standing.next_reading import THOROUGH, waits_since
from threepass.standing.progress import current_streak, goals_between, progress
from threepass.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threepass.ledger import Ledger
    from threepass.library import Library

LONGEST = 3
"""How many of the papers that wait are named."""


@dataclass(frozen=True)
class BeingRead:
    """A paper between its first pass and its third."""

    paper: str
    title: str
    pass_: int
    last_read: dt.date


@dataclass(frozen=True)
class News:
    """What arXiv says of a paper, and its notes do not."""

    paper: str
    withdrawn: bool
    version: int
    """The latest."""
    notes_speak_of: int | None


@dataclass(frozen=True)
class Waiting:
    """A paper whose next pass waits: since it was last read, or since a day first spoke of it."""

    paper: str
    pass_: int
    since: dt.date
    days: int


@dataclass(frozen=True)
class Overview:
    """Where the author stands. `streak` is alive: it ends today or yesterday. A week begins on Monday."""

    challenge: str
    days: int
    of: int
    last_day: dt.date | None
    streak: int
    longest_streak: int
    minutes: int
    goals: dict[str, int]
    goals_this_week: dict[str, int]
    papers_by_pass: dict[int, int]
    being_read: tuple[BeingRead, ...]
    news: tuple[News, ...]
    waiting: tuple[Waiting, ...]
    claims: dict[str, int]


def overview(library: Library, ledger: Ledger, *, today: dt.date) -> Overview:
    """Return where the author stands."""
    numbers = progress(library)
    return Overview(
        challenge=library.settings.challenge.name,
        days=numbers.days,
        of=numbers.of,
        last_day=numbers.last,
        streak=current_streak(library.by_date, today=today),
        longest_streak=numbers.longest_streak,
        minutes=numbers.minutes,
        goals=numbers.goals,
        goals_this_week=goals_between(library, today - dt.timedelta(days=today.weekday()), today),
        papers_by_pass=dict(enumerate(numbers.papers_by_pass)),
        being_read=_being_read(library),
        news=tuple(_news(library)),
        waiting=_waiting(library, today),
        claims={state.value: count for state, count in ledger.counts.items()},
    )


def _being_read(library: Library) -> tuple[BeingRead, ...]:
    """Return the papers begun and not finished, those read last first."""
    begun = [
        BeingRead(key, note.paper.title, library.pass_of(key), library.passes[key][-1].date)
        for key, note in library.notes.items()
        if 0 < library.pass_of(key) < THOROUGH
    ]
    return tuple(sorted(begun, key=lambda paper: paper.last_read, reverse=True))


def _news(library: Library) -> Iterator[News]:
    """Yield the papers that are withdrawn, or have a later version than their notes speak of."""
    for key, note in library.notes.items():
        if said := library.withdrawn(key) or library.newer_version(key):
            yield News(key, said.withdrawn, said.version, note.paper.version)


def _waiting(library: Library, today: dt.date) -> tuple[Waiting, ...]:
    """Return the papers that wait longest for their next pass."""
    found = [
        Waiting(key, library.pass_of(key) + 1, since, (today - since).days)
        for key in library.notes
        if library.pass_of(key) < THOROUGH and (since := waits_since(library, key)) is not None and since < today
    ]
    return tuple(sorted(found, key=lambda one: (one.since, one.paper))[:LONGEST])


def as_data(standing: Overview) -> dict[str, Any]:
    """Return the overview as plain data, its dates as text and `pass` under its own name."""
    data = asdict(standing)
    data["last_day"] = standing.last_day and standing.last_day.isoformat()
    data["being_read"] = [
        {"paper": one.paper, "title": one.title, "pass": one.pass_, "last_read": one.last_read.isoformat()}
        for one in standing.being_read
    ]
    data["waiting"] = [
        {"paper": one.paper, "pass": one.pass_, "since": one.since.isoformat(), "days": one.days}
        for one in standing.waiting
    ]
    return data


def as_lines(standing: Overview) -> Iterator[str]:
    """Yield the overview as aligned lines."""
    last = f", the last on {standing.last_day}" if standing.last_day else ""
    yield f"{'days':<9}{standing.days} of {standing.of}{last}"
    yield f"{'streak':<9}{quantity(standing.streak, 'day')}; the longest {quantity(standing.longest_streak, 'day')}"
    yield f"{'time':<9}{_hours(standing.minutes)}"
    if standing.goals:
        yield f"{'goals':<9}" + _counted(standing.goals)
        yield f"{'':<9}this week: " + (
            _counted({name: n for name, n in standing.goals_this_week.items() if n}) or "none yet"
        )
    passes = {("unread" if number == 0 else f"pass {number}"): n for number, n in standing.papers_by_pass.items()}
    yield f"{'papers':<9}" + " · ".join(f"{name}: {count}" for name, count in passes.items())
    claims = {state: count for state, count in standing.claims.items() if count}
    yield f"{'claims':<9}" + (_counted(claims) or "none")
    if standing.being_read:
        yield "reading"
        for one in standing.being_read:
            yield f"  {one.paper}: pass {one.pass_} on {one.last_read}"
    if standing.news:
        yield "on arXiv"
        for paper in standing.news:
            newer = f"version {paper.version}; the notes speak of version {paper.notes_speak_of}"
            yield f"  {paper.paper}: {'withdrawn' if paper.withdrawn else newer}"
    if standing.waiting:
        yield "waiting longest"
        for waiting in standing.waiting:
            yield f"  {waiting.paper}: pass {waiting.pass_}, for {quantity(waiting.days, 'day')}"


def _counted(counts: dict[str, int]) -> str:
    return " · ".join(f"{name} {count}" for name, count in counts.items())


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours else f"{rest} min"
