import math

import pytest
import torch
from torch.nn.functional import cross_entropy

from reproductions.normal import normal
from reproductions.transformer.label_smoothing import most_certain, smoothed_loss, smoothed_targets


def test_targets_by_hand():
    targets = smoothed_targets(torch.tensor([2]), 4, epsilon=0.2, dtype=torch.float64)
    assert targets[0].tolist() == pytest.approx([0.05, 0.05, 0.85, 0.05])


@pytest.mark.parametrize("epsilon", [0.0, 0.1, 0.5])
def test_the_loss_is_torchs(epsilon):
    logits, y = normal(3, 5, 7, seed=0), torch.arange(15).reshape(3, 5) % 7
    theirs = cross_entropy(logits.flatten(0, 1), y.flatten(), label_smoothing=epsilon)
    torch.testing.assert_close(smoothed_loss(logits, y, epsilon=epsilon), theirs)


def test_no_distribution_has_less_loss_than_the_smoothed_one():
    y, K = torch.tensor([0]), 5
    best = smoothed_targets(y, K, epsilon=0.1, dtype=torch.float64).log()
    assert best[0, 0].exp().item() == pytest.approx(most_certain(K, epsilon=0.1))
    least = smoothed_loss(best, y, epsilon=0.1)
    assert least.item() == pytest.approx(-(0.92 * math.log(0.92) + 0.08 * math.log(0.02)))
    for seed in range(5):
        assert smoothed_loss(best + 0.1 * normal(1, K, seed=seed), y, epsilon=0.1) > least


def test_a_tenth_is_spread_unless_told_otherwise():
    y = torch.tensor([1])
    assert smoothed_targets(y, 2)[0].tolist() == pytest.approx([0.05, 0.95])
    assert smoothed_loss(torch.tensor([[0.0, 1.0]]), y) == smoothed_loss(torch.tensor([[0.0, 1.0]]), y, epsilon=0.1)
