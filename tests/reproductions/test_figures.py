"""Figures show what the functions compute."""

from __future__ import annotations

from itertools import pairwise

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

from reproductions.attention.figures import global_and_local_weights
from reproductions.bert.figures import ANSWERS, PASSAGE, what_the_objectives_ask
from reproductions.pegasus.figures import importance_and_length
from reproductions.transducer.figures import nodes_and_edges
from reproductions.transformer.figures import positions_that_know_their_distance


@pytest.fixture(autouse=True)
def _close():
    with mpl.rc_context({"backend": "agg"}):
        yield
        plt.close("all")


def test_the_products_of_positions_are_the_same_curve_moved():
    line, moved = (line.get_ydata() for line in positions_that_know_their_distance().axes[1].lines)
    assert line[:70] == pytest.approx(moved[30:100])
    assert max(line) == line[30] == pytest.approx(1)


def test_local_attention_is_within_its_window():
    whole, monotonic, predictive = global_and_local_weights().axes
    assert [sum(bar.get_height() for bar in axes.patches if bar.get_width() < 1) for axes in (whole, monotonic)] == (
        pytest.approx([1, 1])
    )
    assert sum(bar.get_height() for bar in predictive.patches if bar.get_width() < 1) < 1


def test_every_symbol_is_written_once():
    _, written, _ = nodes_and_edges().axes
    assert written.images[0].get_array().sum(axis=1).tolist() == pytest.approx([1, 1, 1, 1])


def test_three_sentences_are_marked_twice():
    bars, points = importance_and_length().axes
    assert len({bar.get_facecolor() for bar in bars.patches}) == 2
    assert len(bars.lines[0].get_xdata()) == 3
    assert len(points.collections[0].get_offsets()) > 200


def test_belief_rises_and_the_span_across_two_answers_is_as_probable_as_each():
    belief, spans, _ = what_the_objectives_ask().axes
    for line in belief.lines[::2]:
        assert all(after > before for before, after in pairwise(line.get_ydata().tolist()))
    assert all(0.4 < dot.get_ydata()[0] < 0.6 for dot in belief.lines[1::2])
    n = len(PASSAGE)
    probability = spans.collections[0].get_array().filled(0).reshape(n, n)
    (start, end), (other_start, other_end) = ANSWERS
    assert probability.sum() == pytest.approx(1)
    assert probability[start, end] == probability[start, other_end] == probability[other_start, other_end] > 0.25
    assert probability[other_start, end] == 0  # it would end before it starts
