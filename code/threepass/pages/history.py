"""What a claim measured over time in; where each mark of its plot stands, and what changed each time, out.

A measurement is a column, the oldest on the left: several may be of one day, so that time is order here, not distance.
Lengths are the drawing's own units (`WIDTH` by `HEIGHT`), `y` grows downwards. The template writes the SVG.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple

from threepass.fingerprint import minor_release
from threepass.wording import number, short_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from threepass.models import Expect, Measurement

WIDTH, HEIGHT = 440, 200
LEFT, RIGHT, TOP, BOTTOM = 58, 8, 12, 28
APART = 74
"""Between two dates below the axis, so that they do not touch."""
DECADES = 3
"""Numbers that differ by more than this many powers of ten are drawn on a logarithmic scale."""
MOST_TICKS = 5


class Tick(NamedTuple):
    """A place on an axis, and what is written there."""

    at: float
    text: str


class Mark(NamedTuple):
    """A measured number; `kind` is `met`, `missed` or `control`, or `absent` where no number came."""

    x: float
    y: float
    kind: str
    text: str


class Band(NamedTuple):
    """Where the bound is met, from column to column; `edges` are the heights of its finite ends."""

    x: float
    y: float
    width: float
    height: float
    edges: tuple[float, ...]


@dataclass(frozen=True)
class Plot:
    """A claim's history as a drawing."""

    marks: tuple[Mark, ...]
    lines: tuple[tuple[str, str], ...]
    bands: tuple[Band, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    logarithmic: bool
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of marks that it shows."""
        return frozenset(mark.kind for mark in self.marks)


@dataclass(frozen=True)
class Scale:
    """From numbers to heights: `low` and `high` are at the bottom and the top, as logarithms where it is logarithmic.

    A logarithmic scale has no zero: it is drawn below its lowest power of ten.
    """

    low: float
    high: float
    logarithmic: bool
    zero: bool = False

    def __call__(self, value: float) -> float:
        """Return the height of a number; what lies outside is drawn at the end that it is nearest to."""
        if self.logarithmic:
            value = math.log10(value) if value > 0 else self.low
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP), 1)

    def ticks(self) -> Iterator[Tick]:
        """Yield round numbers: powers of ten, or steps of 1, 2 or 5."""
        if self.logarithmic:
            first, last = math.ceil(self.low + self.zero), math.floor(self.high)
            step = max(1, math.ceil((last - first + 1) / MOST_TICKS))
            if self.zero:
                yield Tick(self(0.0), "0")
            for exponent in range(last, first - 1, -step):
                yield Tick(self(10.0**exponent), number(10.0**exponent))
            return
        apart = _round_step((self.high - self.low) / (MOST_TICKS - 1))
        for count in range(math.ceil(self.low / apart - 1e-9), math.floor(self.high / apart + 1e-9) + 1):
            yield Tick(self(count * apart), number(count * apart))


def plot(history: Sequence[Measurement]) -> Plot | None:
    """Return the plot of measurements (newest first, as results keep them), or nothing where no number ever came."""
    past = history[::-1]
    shown = [value for each in past for value in (*_finite(each.values), *_finite(each.control))]
    if not shown:
        return None
    scale = scale_of(shown, [edge for each in past for edge in edges(each.expect)])
    column = (WIDTH - LEFT - RIGHT) / len(past)
    places = [round(LEFT + (place + 0.5) * column, 1) for place in range(len(past))]
    return Plot(
        marks=tuple(mark for x, each in zip(places, past, strict=True) for mark in _marks(x, each, scale)),
        lines=tuple(_lines(places, past, scale)),
        bands=tuple(_bands(past, scale, column)),
        x_ticks=_dates(places, past),
        y_ticks=tuple(scale.ticks()),
        logarithmic=scale.logarithmic,
    )


def edges(expect: Expect) -> tuple[float, ...]:
    """Return the finite ends of where a bound is met."""
    return tuple(end for end in interval(expect) if math.isfinite(end))


def interval(expect: Expect) -> tuple[float, float]:
    """Return where a bound is met, from low to high; an open end is infinite."""
    if expect.at_most is not None:
        return -math.inf, expect.at_most
    if expect.at_least is not None:
        return expect.at_least, math.inf
    if expect.equals is not None and expect.within is not None:
        return expect.equals - expect.within, expect.equals + expect.within
    low, high = expect.between or (-math.inf, math.inf)
    return low, high


def scale_of(measured: Sequence[float], bounds: Sequence[float]) -> Scale:
    """Return a scale that shows measured numbers and bounds: logarithmic where they span powers of ten."""
    everything = [*measured, *bounds]
    positive = [value for value in everything if value > 0]
    if min(measured) >= 0 and positive and math.log10(max(positive)) - math.log10(min(positive)) > DECADES:
        zero = min(everything) <= 0
        lowest = math.floor(math.log10(min(positive))) - zero
        return Scale(lowest, math.ceil(math.log10(max(positive)) + 0.05), logarithmic=True, zero=zero)
    low, high = min(everything), max(everything)
    low = min(low, 0.0) if 0 <= low < high / 2 else low
    margin = (high - low) * 0.06 or abs(high) / 2 or 1.0
    return Scale(low - margin, high + margin, logarithmic=False)


def changes(newer: Measurement, older: Measurement | None) -> list[str]:
    """Return what made a measurement differ from the one before it, in words.

    A fingerprint covers minor releases, too: where one has changed, nobody can tell whether the code has as well.
    """
    if older is None:
        return ["first kept"]
    names = [*newer.environment, *(name for name in older.environment if name not in newer.environment)]
    before = {name: older.environment.get(name, "none") for name in names}
    now = {name: newer.environment.get(name, "none") for name in names}
    said = [f"{name} {before[name]} → {now[name]}" for name in names if before[name] != now[name]]
    counts = any(minor_release(before[name]) != minor_release(now[name]) for name in names)
    if newer.fingerprint != older.fingerprint and not counts:
        said.insert(0, "code")
    if newer.expect != older.expect:
        said.insert(0, "bound")
    return said or ["numbers only"]


def _finite(numbers: dict[str, float | None]) -> Iterator[float]:
    return (value for value in numbers.values() if value is not None and math.isfinite(value))


def _marks(x: float, measured: Measurement, scale: Scale) -> Iterator[Mark]:
    date = short_date(measured.measured)
    if measured.reason:
        yield Mark(x, TOP, "absent", f"{date}: {measured.reason}")
    for name, value in measured.control.items():
        if value is not None:
            yield Mark(x, scale(value), "control", f"{date}, control{_named(name)}: {number(value)}")
    for name, value in measured.values.items():
        if value is not None:
            kind = "met" if measured.expect.met_by(value) else "missed"
            yield Mark(x, scale(value), kind, f"{date}{_named(name)}: {number(value)}")


def _named(name: str) -> str:
    return "" if name == "value" else f", {name.replace('_', ' ')}"


def _lines(places: Sequence[float], past: Sequence[Measurement], scale: Scale) -> Iterator[tuple[str, str]]:
    """Yield, for each number by name, the points that its line joins; it ends where a number is missing."""
    for kind in ("control", "values"):
        series = [getattr(each, kind) for each in past]
        for name in dict.fromkeys(name for each in series for name in each):
            known = [(x, each.get(name)) for x, each in zip(places, series, strict=True)]
            for there, run in groupby(known, key=lambda point: point[1] is not None):
                points = [f"{x:g},{scale(value):g}" for x, value in run if value is not None]
                if there and len(points) > 1:
                    yield kind, " ".join(points)


def _bands(past: Sequence[Measurement], scale: Scale, column: float) -> Iterator[Band]:
    begin = 0
    for expect, run in groupby(past, key=lambda each: each.expect):
        count = len(list(run))
        low, high = interval(expect)
        top = scale(high) if math.isfinite(high) else float(TOP)
        bottom = scale(low) if math.isfinite(low) else float(HEIGHT - BOTTOM)
        heights = tuple(sorted({scale(end) for end in (low, high) if math.isfinite(end)}))
        x = round(LEFT + begin * column, 1)
        yield Band(x, top, round(count * column, 1), round(bottom - top, 1), heights)
        begin += count


def _dates(places: Sequence[float], past: Sequence[Measurement]) -> tuple[Tick, ...]:
    """Return the dates below the axis: the newest, and before it each that is new and has room."""
    found: list[Tick] = []
    days = [each.measured for each in past]
    new = [True, *(one != other for one, other in pairwise(days))]
    for x, day, first in reversed([*zip(places, days, new, strict=True)]):
        at = min(max(x, LEFT + APART / 2 - 8), WIDTH - RIGHT - APART / 2 + 8)
        if not found or (first and found[-1].at - at >= APART):
            found.append(Tick(round(at, 1), short_date(day)))
    return tuple(found[::-1])


def _round_step(least: float) -> float:
    power: float = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * (1 - 1e-9))
