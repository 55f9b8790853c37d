import pytest
import torch

from reproductions.normal import normal


def test_numbers_are_standard_normal_and_those_of_their_seed():
    x = normal(100, 200, seed=3)
    assert x.shape == (100, 200)
    assert x.dtype == torch.float64
    assert (x.mean().item(), x.var().item()) == pytest.approx((0, 1), abs=0.02)
    assert torch.equal(x, normal(100, 200, seed=3))
    assert not torch.equal(x, normal(100, 200, seed=4))


def test_drawing_leaves_torchs_generator_as_it_was():
    before = torch.get_rng_state()
    normal(2, seed=0)
    assert torch.equal(torch.get_rng_state(), before)
