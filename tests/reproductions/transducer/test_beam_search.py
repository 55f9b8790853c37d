from itertools import product

import pytest
import torch

from reproductions.transducer.beam_search import beam_search
from reproductions.transducer.forward_backward import transducer_loss
from reproductions.transducer.lattice import random_lattice

F, AFTER, _ = random_lattice(3, 2, seed=21, K=3)  # AFTER[0, k] is g when symbol k was written last
F[..., 0] += 1.0  # enough nulls that short outputs hold nearly all the probability


def g(prefix):
    return AFTER[0, prefix[-1] if prefix else 0]


def forward(y):
    vectors = torch.stack([g(y[:u]) for u in range(len(y) + 1)])
    return -transducer_loss(F, vectors[None], torch.tensor([y], dtype=torch.int64).reshape(1, len(y))).item()


def test_a_wide_beam_finds_the_probabilities_of_the_forward_algorithm():
    found = beam_search(F[0], g, W=200)
    for y in product((1, 2), repeat=3):
        assert found[y] == pytest.approx(forward(y), abs=1e-4)


def test_a_wide_beam_misses_only_what_fell_out():
    for y, log_pr in beam_search(F[0], g, W=60).items():
        assert log_pr <= forward(y) + 1e-12


def test_the_best_has_the_highest_mean_log_probability():
    # one step, one label: Pr(1) = 0.9·0.55 = 0.495 and Pr(1 1) = 0.9·0.45·0.9 = 0.3645, of which a symbol costs less
    pr = {(): [0.1, 0.9], (1,): [0.55, 0.45], (1, 1): [0.9, 0.1]}
    found = beam_search(torch.zeros(1, 2), lambda prefix: torch.tensor(pr.get(prefix, [0.99, 0.01])).log(), W=2)
    assert list(found) == [(1, 1), (1,)]
    assert found[1,] > found[1, 1]


@pytest.mark.parametrize("width", [1, 2, 5])
def test_a_beam_is_no_wider_than_asked(width):
    assert 1 <= len(beam_search(F[0], g, W=width)) <= width


def test_one_step_by_hand():
    # one input step: Pr(y) is the product of the symbols' probabilities and of the null after them
    pr = {(): [0.5, 0.4, 0.1], (1,): [0.8, 0.1, 0.1]}
    zero = torch.zeros(1, 3)
    found = beam_search(zero, lambda prefix: torch.tensor(pr.get(prefix, [0.9, 0.05, 0.05])).log(), W=2)
    assert found == pytest.approx({(): torch.tensor(0.5).log().item(), (1,): torch.tensor(0.4 * 0.8).log().item()})


def test_paths_to_one_output_are_added_up():
    # two steps, symbol 1 at the first or at the second: 0.4·0.9·0.9 + 0.5·0.4·0.9
    pr = {(): [0.5, 0.4, 0.1]}
    found = beam_search(torch.zeros(2, 3), lambda prefix: torch.tensor(pr.get(prefix, [0.9, 0.05, 0.05])).log(), W=3)
    assert found[1,] == pytest.approx(torch.tensor(0.4 * 0.9 * 0.9 + 0.5 * 0.4 * 0.9).log().item())
