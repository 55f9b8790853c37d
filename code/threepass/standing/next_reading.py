"""A library in; what to read next and what to remember again, out, each with the reasons why.

A paper that has been read comes back when FSRS says so (`schedule.py`). What is to be read is ordered by a sum: its
place on the roadmap (up to 4), the records that speak of it (the logarithm of their number), how long it has waited
(a point a month, up to 3), and its pass (a second pass 1, a third ½, since few papers deserve one).
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from threepass.standing.schedule import due
from threepass.wording import quantity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from threepass.library import Library
    from threepass.models import RoadmapItem

THOROUGH = 3
"""After the third pass a paper is read."""
_OF_PASS = {1: 0.0, 2: 1.0, 3: 0.5}


@dataclass(frozen=True)
class Proposal:
    """Something to read, `pass_` says how deeply; or something to remember, where `pass_` is 0. `why` are reasons."""

    title: str
    why: tuple[str, ...]
    score: float
    paper: str | None = None
    url: str | None = None
    pass_: int = 0


def to_remember(library: Library, *, today: dt.date) -> list[Proposal]:
    """Return the papers that are due, those first that have waited longest."""
    found = []
    for key, note in library.notes.items():
        when = due(library, key)
        if when is not None and when <= today:
            days = (today - when).days
            why = f"due since {when}" if days else "due today"
            found.append(Proposal(note.paper.title, (why,), float(days), paper=key))
    return sorted(found, key=lambda one: (-one.score, one.paper or ""))


def to_read(library: Library, *, today: dt.date) -> list[Proposal]:
    """Return what to read or watch, the best first; papers that have had their third pass are left out."""
    places = _places(library)
    found = [_of_paper(library, key, places, today) for key in library.notes if library.pass_of(key) < THOROUGH]
    found += [
        Proposal(item.title or "", (f"a {item.kind}", why), score, url=item.url)
        for item, why, score in places
        if item.paper is None
    ]
    return sorted(found, key=lambda one: (-one.score, one.title))


def waits_since(library: Library, key: str) -> dt.date | None:
    """Return when a paper was last read, or, of one not read yet, when a day first spoke of it."""
    if passes := library.passes.get(key, ()):
        return passes[-1].date
    links = library.backlinks.get(key, ())
    return min((library.by_name[one.source].date for one in links if one.source in library.by_name), default=None)


def _of_paper(library: Library, key: str, places: Sequence[tuple[RoadmapItem, str, float]], today: dt.date) -> Proposal:
    paper, number = library.notes[key].paper, library.pass_of(key) + 1
    why, score = [], _OF_PASS[number]
    for item, reason, points in places:
        if item.paper == key:
            why.append(reason)
            score += points
    links = [link for link in library.backlinks.get(key, ()) if link.kind == "link"]
    if links:
        why.append(f"{quantity(len(links), 'record speaks', 'records speak')} of it")
        score += math.log(1 + len(links))
    since = waits_since(library, key)
    if since is not None and since < today:
        said = "last read" if library.passes.get(key) else "first spoken of"
        why.append(f"{said} {quantity((today - since).days, 'day')} ago")
        score += min((today - since).days / 30, 3.0)
    return Proposal(paper.title, tuple(why), score, paper=key, pass_=number)


def _places(library: Library) -> list[tuple[RoadmapItem, str, float]]:
    """Return what the roadmap leaves to do, each with its reason and its points: 4 for the first, then ever fewer."""
    left = [
        (item, section.title)
        for section in (library.plan.roadmap.sections if library.plan else ())
        for item in section.items
        if not library.is_done(item)
    ]
    return [
        (item, f"{_nth(number)} on the roadmap ({section})", 4 * (1 - number / len(left)))
        for number, (item, section) in enumerate(left)
    ]


def _nth(number: int) -> str:
    return "next" if number == 0 else f"number {number + 1}"


def as_data(proposals: Sequence[Proposal]) -> list[dict[str, Any]]:
    """Return proposals as plain data, `pass` under its own name."""
    data = [asdict(one) for one in proposals]
    return [{("pass" if name == "pass_" else name): value for name, value in one.items()} for one in data]


def as_lines(remember: Sequence[Proposal], read: Sequence[Proposal]) -> Iterator[str]:
    """Yield what to remember and to read, a line each and its reasons, and the command that records it."""
    if remember:
        yield "remember"
    for one in remember:
        yield f"  {one.title}: {', '.join(one.why)}"
        yield f"    threepass review {one.paper}"
    if read:
        yield "read"
    for one in read:
        depth = f"pass {one.pass_ - 1} is done" if one.pass_ and one.pass_ > 1 else "not read yet"
        yield f"  {one.title}: {', '.join(one.why) or depth}"
        yield f"    threepass read {one.paper} --pass {one.pass_}" if one.paper else f"    {one.url}"
    if not remember and not read:
        yield "nothing waits: `threepass add` makes a paper's note"
