import pytest
import torch

from reproductions.attribution import path_claims


def test_the_bent_path_rises_and_ends_where_the_straight_one_does():
    alphas = torch.linspace(0, 1, 101, dtype=torch.float64)
    second = alphas - path_claims.BEND * torch.sin(2 * torch.pi * alphas)
    assert (second.diff() > 0).all()
    assert second[[0, 50, 100]].tolist() == pytest.approx([0, 0.5, 1])


def test_the_printed_function_is_that_of_the_proof():
    # a = 0 and b = ½: below a, within, and beyond b with either feature
    x = torch.tensor([[-0.1, 0.3], [0.2, 0.4], [0.6, 0.1], [0.1, 0.6], [0.6, 0.7]])
    torch.testing.assert_close(path_claims._as_printed(x), torch.tensor([0, 0.08, 0.25, 0.25, 0.25]))
