"""What is left of a distribution, by hand and for any logits."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from reproductions.generation.truncation import (
    nucleus,
    repetition_penalty,
    repetition_penalty_as_printed,
    temperature,
    top_k,
)

PROBABILITIES = torch.tensor([0.1, 0.5, 0.15, 0.25], dtype=torch.float64)


def left(u):
    return u.isfinite().nonzero()[:, 0].tolist()


@pytest.mark.parametrize(("p", "kept"), [(0.4, [1]), (0.5, [1]), (0.6, [1, 3]), (0.8, [1, 2, 3]), (1.0, [0, 1, 2, 3])])
def test_the_nucleus_by_hand(p, kept):
    u = nucleus(PROBABILITIES.log(), p=p)
    assert left(u) == kept
    torch.testing.assert_close(u.softmax(dim=0)[kept], PROBABILITIES[kept] / PROBABILITIES[kept].sum())


@given(st.lists(st.floats(-20, 20), min_size=1, max_size=12), st.floats(0.01, 1))
def test_the_nucleus_is_the_smallest_set_that_holds_p(logits, p):
    u = torch.tensor(logits, dtype=torch.float64)
    kept = nucleus(u, p=p).isfinite()
    probability = u.softmax(dim=0)
    assert probability[kept].sum() >= p - 1e-9
    assert probability[kept].sum() - probability[kept].min() < p + 1e-9
    assert kept.all() or probability[kept].min() >= probability[~kept].max()


def test_top_k_by_hand():
    assert left(top_k(PROBABILITIES.log(), k=2)) == [1, 3]
    assert left(top_k(torch.tensor([1.0, 0.0, 1.0]), k=1)) == [0, 2]
    assert left(top_k(PROBABILITIES.log(), k=9)) == [0, 1, 2, 3]


def test_a_low_temperature_is_surer():
    torch.testing.assert_close(
        temperature(torch.tensor([0.0, math.log(2)]), t=0.5).softmax(dim=0), torch.tensor([0.2, 0.8])
    )


def test_the_penalty_by_hand():
    u, said = torch.tensor([[2.0, -2.0, 1.0, 0.0]]), torch.tensor([[0, 1, 0, 3]])
    assert repetition_penalty(u, said, theta=2.0).tolist() == [[1.0, -4.0, 1.0, 0.0]]
    assert repetition_penalty_as_printed(u, said, theta=2.0).tolist() == [[1.0, -1.0, 1.0, 0.0]]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda u: nucleus(u, p=0.0),
        lambda u: nucleus(u, p=1.5),
        lambda u: top_k(u, k=0),
        lambda u: temperature(u, t=0.0),
        lambda u: temperature(u, t=math.nan),
    ],
    ids=["no nucleus", "more than everything", "no token", "frozen", "no number"],
)
def test_what_leaves_nothing_is_refused(wrong):
    with pytest.raises(ValueError, match=r"not (0|1\.5|nan)"):
        wrong(PROBABILITIES.log())


def test_of_tokens_that_are_equally_likely_the_first_are_kept():
    kept = nucleus(torch.zeros(1, 100), p=0.495)[0].isfinite()
    assert kept.tolist() == [True] * 50 + [False] * 50
