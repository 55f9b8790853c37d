import math

import pytest
import torch

from reproductions.attention.alignment import alignment_weights, context
from reproductions.normal import normal


def tensor(*rows):
    return torch.tensor(rows, dtype=torch.float64)


def test_weights_by_hand():
    # exp(0), exp(ln 2), exp(ln 5) are 1, 2 and 5
    torch.testing.assert_close(alignment_weights(tensor([0, math.log(2), math.log(5)])), tensor([1, 2, 5]) / 8)


def test_context_by_hand():
    h = tensor([[2, 0], [0, 4], [8, 8]])
    assert context(tensor([0.5, 0.25, 0.25]), h).tolist() == [[3, 3]]


def test_the_context_of_a_batch_is_that_of_each():
    alpha, h = alignment_weights(normal(3, 5, seed=0)), normal(3, 5, 2, seed=1)
    found = context(alpha, h)
    assert found.shape == (3, 2)
    for i in range(3):
        torch.testing.assert_close(found[i], sum(alpha[i, j] * h[i, j] for j in range(5)))


def test_padding_weighs_nothing_and_changes_nothing():
    e = normal(1, 5, seed=0)
    mask = torch.tensor([[True, True, True, False, False]])
    weights = alignment_weights(e, mask=mask)
    assert weights[0, 3:].tolist() == [0, 0]
    torch.testing.assert_close(weights[:, :3], alignment_weights(e[:, :3]))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_an_empty_source_gets_zeros_and_no_nan_even_backwards(dtype):
    e = normal(2, 3, seed=0).to(dtype).requires_grad_()
    weights = alignment_weights(e, mask=torch.tensor([[False] * 3, [True] * 3]))
    assert weights[0].tolist() == [0, 0, 0]
    assert weights.dtype == dtype
    (gradient,) = torch.autograd.grad(weights[:, 0].sum(), e)
    assert gradient[0].tolist() == [0, 0, 0]
    assert gradient[1].count_nonzero() == 3


def test_scores_that_are_large_do_not_overflow():
    assert alignment_weights(tensor([1e4, 0])).tolist() == [[1, 0]]
