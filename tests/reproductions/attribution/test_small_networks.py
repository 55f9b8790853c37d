import pytest
import torch

from reproductions.attribution.small_networks import (
    SMOOTH,
    linear,
    random_network,
    tanh_network_and_ends,
    trained_classifier,
)
from reproductions.normal import normal


def test_a_seed_gives_the_same_network_whatever_else_was_drawn():
    x = normal(5, 3, seed=0)
    first = random_network((3, 8, 8), torch.relu, seed=1)(x)
    torch.manual_seed(12345)
    assert torch.equal(random_network((3, 8, 8), torch.relu, seed=1)(x), first)
    assert not torch.equal(random_network((3, 8, 8), torch.relu, seed=2)(x), first)
    assert first.shape == (5,)
    assert first.dtype == torch.float64


def test_the_trained_classifier_is_sure_of_its_inputs_and_not_of_nothing():
    f, x = trained_classifier(torch.tanh, seed=0)
    assert x.shape[1:] == (8,)
    assert f(x).shape == (len(x),)
    assert (f(x) > 0.9).all()
    assert (f(torch.zeros_like(x)) < 0.5).all()
    again, same = trained_classifier(torch.tanh, seed=0)
    assert torch.equal(again(same), f(x))


def test_softplus_is_torchs():
    z = normal(100, seed=0)
    torch.testing.assert_close(SMOOTH["softplus"](z), torch.nn.functional.softplus(z))


def test_of_the_linear_function_every_attribution_is_known():
    x = torch.eye(6, dtype=torch.float64)
    assert (linear(x) - linear(0 * x)).tolist() == pytest.approx([-2, -1.3, -0.6, 0.1, 0.8, 1.5])
    assert linear(0 * x).tolist() == [0.5] * 6


def test_the_network_of_tanh_has_as_many_baselines_as_inputs():
    F, x, x_prime = tanh_network_and_ends()
    assert x.shape == x_prime.shape == (16, 6)
    assert not torch.equal(x, x_prime)
    assert F(x).shape == (16,)
