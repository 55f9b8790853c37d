"""The papers together: a table, a board by pass, a timeline by publication."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from threepass import assets
from threepass.authoring.passes import PASSES as THREE_PASSES
from threepass.results import State
from threepass.wording import MONTHS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threepass.library import Note
    from threepass.pages.page import Page
    from threepass.pages.site import Site

TABLE, BOARD, TIMELINE = "papers/index.md", "papers/board.md", "papers/timeline.md"
VIEWS = {TABLE: "Table", BOARD: "Board", TIMELINE: "Timeline"}

PASSES = {one.number: one.purpose for one in THREE_PASSES}
"""What each of Keshav's three passes is for."""
NO_CLAIM = "none"


class Listed(NamedTuple):
    """A paper as lists show it: how deeply and when it was read last, and how many of its claims are in each state."""

    note: Note
    depth: int
    read: str
    states: tuple[tuple[State, int], ...]

    @property
    def month(self) -> str:
        """The month in which it was published, if that is known."""
        published = self.note.paper.published
        return MONTHS[published.month - 1] if len(published.isoformat()) > 4 else ""

    @property
    def verified(self) -> int:
        """How many of its claims are verified."""
        return dict(self.states).get(State.VERIFIED, 0)


def catalogue_pages(site: Site) -> Iterator[Page]:
    """Yield the three views of all papers."""
    papers = listed(site)
    yield _view(
        site, TABLE, "papers.md.jinja", title="Papers",
        description="Every paper with a note, how deeply it has been read, and what its claims measured.",
        papers=papers, filters=_filters(site, papers), script=assets.RECORDS,
    )  # fmt: skip
    yield _view(
        site, BOARD, "board.md.jinja", title="Papers by pass",
        description="What waits to be read, and how deeply the rest has been.",
        columns={depth: [paper for paper in papers if paper.depth == depth] for depth in range(4)},
    )  # fmt: skip
    dated = sorted(papers, key=lambda paper: (paper.note.paper.published, paper.note.key))
    years = [(year, list(each)) for year, each in groupby(dated, key=lambda paper: paper.note.paper.published.year)]
    yield _view(
        site, TIMELINE, "timeline.md.jinja", title="Papers by publication",
        description="The papers in the order in which they appeared.", years=years,
    )  # fmt: skip


def listed(site: Site) -> list[Listed]:
    """Return all papers, those read last first."""
    papers = [_listed(site, note) for note in site.library.notes.values()]
    return sorted(papers, key=lambda paper: (paper.read, paper.note.key), reverse=True)


def _listed(site: Site, note: Note) -> Listed:
    passes = site.library.passes.get(note.key, ())
    found = Counter(row.state for row in site.ledger.of(note.key))
    read = max((reading.date.isoformat() for reading in passes), default="")
    return Listed(
        note, site.library.pass_of(note.key), read, tuple((each, found[each]) for each in State if found[each])
    )


def _view(site: Site, src: str, template: str, **values: object) -> Page:
    parent = "" if src == TABLE else TABLE
    return site.page(src, template, views=VIEWS, passes=PASSES, parent=parent, **values)  # type: ignore[arg-type]  # templates take any values


def _filters(site: Site, papers: list[Listed]) -> list[tuple[str, str, list[tuple[str, str, int]]]]:
    """Return the table's filters: each one's name, its label, and what can be chosen (value, label, how many)."""
    topics = Counter(topic for paper in papers for topic in paper.note.paper.topics)
    years = Counter(paper.note.paper.published.year for paper in papers)
    depths = Counter(paper.depth for paper in papers)
    states = Counter(str(state) for paper in papers for state, _ in paper.states)
    states[NO_CLAIM] = sum(not paper.states for paper in papers)
    return [
        ("topic", "Topic", [(t, site.library.topic_title(t), topics[t]) for t in site.library.topics if topics[t]]),
        ("year", "Year", [(str(year), str(year), years[year]) for year in sorted(years, reverse=True)]),
        ("pass", "Pass", [(str(n), f"{n}: {PASSES[n]}" if n else "not read yet", depths[n]) for n in sorted(depths)]),
        (
            "state", "Claims",
            [(s, s if s != NO_CLAIM else "no claims", states[s]) for s in (*map(str, State), NO_CLAIM) if states[s]],
        ),
    ]  # fmt: skip
