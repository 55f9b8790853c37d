"""A claim's measurements as a plot: where each mark stands, and what is said to have changed."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest

from threepass.models import Expect, Measurement
from threepass.pages.history import BOTTOM, HEIGHT, TOP, changes, edges, plot, scale_of


def measurement(value: float | None = 0.5, **different: Any) -> Measurement:
    said: dict[str, Any] = {
        "values": {"value": value}, "control": {}, "met": True, "control_met": False,
        "expect": Expect(at_most=1.0), "seconds": 1.0, "measured": dt.date(2021, 8, 27),
        "environment": {"python": "3.11.7", "torch": "2.13.0"}, "fingerprint": "aaaa",
    }  # fmt: skip
    return Measurement(**said | different)


def test_the_oldest_is_on_the_left_and_what_misses_is_marked() -> None:
    newest_first = [measurement(2.0, fingerprint="c"), measurement(0.5, fingerprint="b"), measurement(0.75)]
    drawn = plot(newest_first)
    assert drawn
    assert [mark.kind for mark in drawn.marks] == ["met", "met", "missed"]
    assert [mark.text.rpartition(": ")[2] for mark in drawn.marks] == ["0.75", "0.5", "2"]
    assert [mark.x for mark in drawn.marks] == sorted({mark.x for mark in drawn.marks})
    lowest, highest = max(drawn.marks, key=lambda mark: mark.y), min(drawn.marks, key=lambda mark: mark.y)
    assert (lowest.text.rpartition(": ")[2], highest.text.rpartition(": ")[2]) == ("0.5", "2")
    (line,) = drawn.lines
    assert line == ("values", " ".join(f"{mark.x:g},{mark.y:g}" for mark in drawn.marks))


def test_a_line_ends_where_a_number_is_missing() -> None:
    past = [measurement(value) for value in (0.1, 0.2, None, 0.3, 0.4)]
    past[2] = measurement(None, reason="returned nan, not a finite number")
    drawn = plot(past)
    assert drawn
    assert [points.count(",") for _, points in drawn.lines] == [2, 2]
    absent = next(mark for mark in drawn.marks if mark.kind == "absent")
    assert (absent.y, absent.text) == (TOP, "27 Aug 2021: returned nan, not a finite number")


def test_controls_have_marks_of_their_own() -> None:
    drawn = plot([measurement(0.5, control={"value": 3.0, "worst_row": 4.0})])
    assert drawn
    assert [(mark.kind, mark.text.partition(", ")[2]) for mark in drawn.marks] == [
        ("control", "control: 3"),
        ("control", "control, worst row: 4"),
        ("met", ""),
    ]


def test_nothing_is_drawn_where_no_number_ever_came() -> None:
    assert plot([measurement(None, reason="it hangs"), measurement(math.inf)]) is None


def test_the_band_is_where_the_bound_of_its_time_is_met() -> None:
    tight, wide = Expect(between=(0.25, 0.5)), Expect(at_least=0.25)
    drawn = plot([measurement(0.3, expect=tight), measurement(0.9, expect=wide), measurement(0.1, expect=wide)])
    assert drawn
    before, now = drawn.bands
    assert before.width == pytest.approx(2 * now.width, abs=0.2)
    assert now.x == pytest.approx(before.x + before.width, abs=0.2)
    assert (before.y, len(before.edges), len(now.edges)) == (TOP, 1, 2)
    assert before.y + before.height == pytest.approx(now.y + now.height, abs=0.2) == pytest.approx(before.edges[0])
    assert now.y > before.y


@pytest.mark.parametrize(
    ("expect", "found"),
    [
        ({"at_most": 2}, (2,)),
        ({"at_least": -1}, (-1,)),
        ({"equals": 1, "within": 0.25}, (0.75, 1.25)),
        ({"between": [3, 4]}, (3, 4)),
    ],
)
def test_the_ends_of_a_bound(expect: dict[str, Any], found: tuple[float, ...]) -> None:
    assert edges(Expect.model_validate(expect)) == found


@pytest.mark.parametrize(
    ("measured", "bounds", "logarithmic", "ticks"),
    [
        ([1e-7, 3e-7], [1e-3], True, ["0.01", "10⁻⁴", "10⁻⁶"]),
        ([0.0, 1e-7], [1e-3], True, None),
        ([-1.0, 1e-7], [1e-3], False, None),
        ([1.0, 3.0], [4.0], False, ["0", "2", "4"]),
        ([7.0], [7.0], False, None),
    ],
)
def test_a_scale_shows_what_was_measured(
    measured: list[float], bounds: list[float], logarithmic: bool, ticks: list[str] | None
) -> None:
    scale = scale_of(measured, bounds)
    assert scale.logarithmic is logarithmic
    shown = sorted({*measured, *bounds})
    heights = [scale(value) for value in shown]
    assert heights == sorted(heights, reverse=True)
    assert len(set(heights)) == len(heights)
    assert all(TOP <= height <= HEIGHT - BOTTOM for height in heights)
    marks = list(scale.ticks())
    assert all(TOP <= tick.at <= HEIGHT - BOTTOM for tick in marks)
    assert len({tick.at for tick in marks}) == len(marks)
    if ticks is not None:
        assert {tick.text for tick in marks} == set(ticks)


@pytest.mark.parametrize(
    ("different", "said"),
    [
        ({"fingerprint": "bbbb"}, ["code"]),
        ({"expect": Expect(at_most=2.0)}, ["bound"]),
        ({"environment": {"python": "3.11.7", "torch": "2.14.0"}, "fingerprint": "bbbb"}, ["torch 2.13.0 → 2.14.0"]),
        ({"environment": {"python": "3.11.8"}}, ["python 3.11.7 → 3.11.8", "torch 2.13.0 → none"]),
        (
            {"environment": {"python": "3.11.9", "torch": "2.13.0"}, "fingerprint": "b"},
            ["code", "python 3.11.7 → 3.11.9"],
        ),
        ({"values": {"value": 0.75}}, ["numbers only"]),
    ],
)
def test_what_has_changed_since(different: dict[str, Any], said: list[str]) -> None:
    assert changes(measurement(**different), measurement()) == said


def test_the_first_has_nothing_before_it() -> None:
    assert changes(measurement(), None) == ["first kept"]
