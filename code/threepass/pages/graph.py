"""The graph of papers, days and topics, drawn as SVG with a link at each node."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from threepass import assets
from threepass.library import Note
from threepass.pages.labels import Label, Mark, place_labels
from threepass.pages.layout import kept_layout
from threepass.pages.prose import source_of
from threepass.wording import short_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from threepass.library import Library
    from threepass.pages.page import Page
    from threepass.pages.site import Site

SRC = "graph.md"
WIDTH, HEIGHT, MARGIN_X, MARGIN_Y = 1000, 720, 90, 46
LABELLED = 180
"""In a graph of more nodes only topics are labelled, until one zooms in or points at a node."""
FULL, NARROWEST = 24, 0.3
"""A graph of fewer nodes takes less room, in the middle, so that a phone shows all of it; and the least of it."""
PER_LETTER = {"topic": 8.4, "paper": 7.6}
"""How wide a letter of a label is at most, on average; days are labelled only where one zooms in."""
RADIUS = 8
CROWDED = 40.0
"""A label that must cover more than this of others is shown only where one zooms in or points at its node."""


class Node(NamedTuple):
    """A record or a topic: its kind, what its label and its title say, its page, where it and its label stand."""

    number: int
    kind: str
    label: str
    title: str
    page: str
    depth: int
    joined: tuple[int, ...]
    x: int
    y: int
    at: Label

    @property
    def crowded(self) -> bool:
        """Whether there is no place for the label."""
        return self.at.covers > CROWDED


class Graph(NamedTuple):
    """The nodes; the edges as the data of two SVG paths, those of days apart."""

    nodes: tuple[Node, ...]
    edges: str
    day_edges: str
    counts: dict[str, int]


class _Told(NamedTuple):
    """All that a graph is drawn from: the names of its nodes, its edges, and what is said of each node."""

    names: list[str]
    edges: list[tuple[str, str]]
    said: list[tuple[str, str, str, str, int]]


def graph_page(site: Site, *, ready: Callable[[], None] | None = None) -> Page:
    """Return the page of the graph; it is drawn anew where a node or an edge has changed.

    `ready` waits for where the nodes stand, if that is being told by another process.
    """
    told = _told(site.library)

    def drawn(_: Site) -> dict[str, Graph]:
        if ready is not None:
            ready()
        return {"graph": site.keep("graph", told, lambda site: _drawn(site.library.root, told))}

    return site.page(
        SRC,
        "graph.md.jinja",
        title="Graph",
        description="Papers, days and topics, and what joins them.",
        told=told,
        found=drawn,
        width=WIDTH,
        height=HEIGHT,
        labelled=LABELLED,
        script=assets.GRAPH,
    )


def graph_of(library: Library) -> Graph:
    """Return the graph of a library: papers and days joined to their topics and to the records that they speak of."""
    return _drawn(library.root, _told(library))


def nodes_and_edges(library: Library) -> tuple[list[str], list[tuple[str, str]]]:
    """Return what is joined, by name: topics, papers, days; and what joins them, as pairs of names."""
    names = [f"topic {topic}" for topic in library.topics] + [*library.notes] + [e.name for e in library.entries]
    return names, sorted(set(_edges(library)))


def _told(library: Library) -> _Told:
    names, edges = nodes_and_edges(library)
    return _Told(names, edges, [_said(library, name) for name in names])


def _drawn(root: Path, told: _Told) -> Graph:
    names, edges, said = told
    places = kept_layout(root, names, edges)
    number = {name: position for position, name in enumerate(names)}
    joined: list[set[int]] = [set() for _ in names]
    for one, other in edges:
        joined[number[one]].add(number[other])
        joined[number[other]].add(number[one])
    room = min(1.0, max(NARROWEST, len(names) / FULL))
    spots = [_spot(x, y, room) for x, y in map(places.__getitem__, names)]
    labels = _labels(said, spots, [len(neighbours) for neighbours in joined])
    nodes = [
        Node(position, *what, tuple(sorted(neighbours)), *spot, label)
        for position, (what, neighbours, spot, label) in enumerate(zip(said, joined, spots, labels, strict=True))
    ]
    ends = [(nodes[number[one]], nodes[number[other]]) for one, other in edges]
    lines = {
        days: "".join(f"M{a.x} {a.y}L{b.x} {b.y}" for a, b in ends if ("day" in (a.kind, b.kind)) == days)
        for days in (False, True)
    }
    counts = {kind: sum(node.kind == kind for node in nodes) for kind in ("topic", "paper", "day")}
    return Graph(tuple(nodes), lines[False], lines[True], counts)


def _spot(x: float, y: float, room: float) -> tuple[int, int]:
    """Return where a place from 0 to 1 is in the drawing, if as much of it is used, around its middle."""
    wide, high = WIDTH - 2 * MARGIN_X, HEIGHT - 2 * MARGIN_Y
    return round(WIDTH / 2 + (x - 0.5) * room * wide), round(HEIGHT / 2 + (y - 0.5) * room * high)


def _labels(
    said: Sequence[tuple[str, str, str, str, int]], spots: Sequence[tuple[int, int]], degrees: Sequence[int]
) -> list[Label]:
    """Return where the labels stand; topics choose first, since they are always shown, then what joins the most."""
    many = len(said) > LABELLED
    shown = [number for number, (kind, *_) in enumerate(said) if kind == "topic" or not many]
    shown.sort(key=lambda number: (said[number][0] != "topic", -degrees[number]))
    marks = [Mark(*spots[each], RADIUS, len(said[each][1]) * PER_LETTER.get(said[each][0], 0)) for each in shown]
    placed = dict(zip(shown, place_labels(marks, width=WIDTH, height=HEIGHT), strict=True))
    return [placed.get(each) or Label(x, y + 21, "middle", 0.0) for each, (x, y) in enumerate(spots)]


def _edges(library: Library) -> Iterable[tuple[str, str]]:
    for topic, (entries, notes) in library.topics.items():
        for name in chain((entry.name for entry in entries), (note.key for note in notes)):
            yield f"topic {topic}", name
    for target, links in library.backlinks.items():
        if library.find(target) is not None:
            yield from (tuple(sorted((target, link.source))) for link in links)  # type: ignore[misc]  # of two


def _said(library: Library, name: str) -> tuple[str, str, str, str, int]:
    """Return a node's kind, label, title, page and depth."""
    if name.startswith("topic "):
        topic = name.removeprefix("topic ")
        return "topic", library.topic_title(topic), f"Topic: {library.topic_title(topic)}", f"topics/{topic}.md", 0
    record = library.find(name)
    if isinstance(record, Note):
        label = f"{record.paper.authors[0].split()[-1]} {record.paper.published.year}"
        return "paper", label, f"Paper: {record.paper.title}", source_of(record), library.pass_of(name)
    entry = library.by_name[name]
    label = f"Day {entry.day.day}" if entry.day.day is not None else short_date(entry.date)
    return "day", label, f"{short_date(entry.date)}: {entry.title}", source_of(entry), 0
