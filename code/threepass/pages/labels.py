"""Marks of a drawing and the words that belong to them in; where the words stand so that they cover little, out.

One mark after the other takes the best of eight places around it: the one that covers least of the marks, and of the
words that stand already. It is the greedy algorithm of Christensen, Marks and Shieber (1995).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Box = tuple[float, float, float, float]

LINE, ASCENT, GAP = 16.0, 12.5, 4.0
"""Height of a line of words, how much of it stands above the base line, and what stays free between mark and words."""


class Mark(NamedTuple):
    """A mark: its centre, its radius, and how long its words are; without words it only wants to be seen."""

    x: float
    y: float
    radius: float
    length: float = 0.0


class Label(NamedTuple):
    """Where words stand: their anchor (`start`, `middle` or `end`) on the base line, and the area that they cover."""

    x: float
    y: float
    anchor: str
    covers: float


def place_labels(marks: Sequence[Mark], *, width: float, height: float) -> list[Label | None]:
    """Return where the words of each mark stand within a drawing, or None where it has none; the first choose first."""
    taken = [(mark.x - mark.radius, mark.y - mark.radius, mark.x + mark.radius, mark.y + mark.radius) for mark in marks]
    labels: list[Label | None] = []
    for mark in marks:
        if not mark.length:
            labels.append(None)
            continue
        best = None
        for x, y, anchor in _around(mark):
            box = _box(mark.length, x, y, anchor)
            covers = sum(_shared(box, other) for other in taken) + _outside(box, width, height)
            if best is None or covers < best[0].covers - 1e-9:
                best = Label(round(x, 1), round(y, 1), anchor, covers), box
            if not covers:
                break
        if best:
            labels.append(best[0])
            taken.append(best[1])
    return labels


def _around(mark: Mark) -> Iterator[tuple[float, float, str]]:
    x, y, away = mark.x, mark.y, mark.radius + GAP
    above, level, below = y - away - (LINE - ASCENT), y - LINE / 2 + ASCENT, y + away + ASCENT
    yield x, below, "middle"
    yield x, above, "middle"
    yield x + away, level, "start"
    yield x - away, level, "end"
    for base in (below, above):
        yield x + mark.radius / 2, base, "start"
        yield x - mark.radius / 2, base, "end"


def _box(length: float, x: float, y: float, anchor: str) -> Box:
    left = x - {"start": 0.0, "middle": length / 2, "end": length}[anchor]
    return left, y - ASCENT, left + length, y - ASCENT + LINE


def _shared(one: Box, other: Box) -> float:
    """Return the area that two boxes share."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide * high if wide > 0 and high > 0 else 0.0


def _outside(box: Box, width: float, height: float) -> float:
    """Return how much of a box is outside a drawing, ten times: what is cut off is worse than what is covered."""
    inside = _shared(box, (0.0, 0.0, width, height))
    return 10 * ((box[2] - box[0]) * (box[3] - box[1]) - inside)
