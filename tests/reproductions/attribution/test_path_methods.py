import inspect

import pytest
import torch

from reproductions.attribution.input_attribution import IntegratedGradients
from reproductions.attribution.integrated_gradients import integrated_gradients
from reproductions.attribution.path_methods import (
    one_feature_after_another,
    path_integrated_gradients,
    shapley_shubik,
)
from reproductions.attribution.small_networks import random_network
from reproductions.attribution.token_methods import by_integrated_gradients
from reproductions.normal import normal


def tensor(*rows):
    return torch.tensor(rows, dtype=torch.float64)


def product(x):
    return x[:, 0] * x[:, 1]


def test_a_parabola_by_hand():
    # F = x₁ x₂ along γ = (α, α²): ∫ α² dα = 1/3 to x₁, ∫ α · 2α dα = 2/3 to x₂
    attributions = path_integrated_gradients(product, lambda alpha: torch.stack([alpha, alpha**2])[None], n_steps=2)
    torch.testing.assert_close(attributions, tensor([1 / 3, 2 / 3]))


@pytest.mark.parametrize("method", ["gausslegendre", "riemann_right", "riemann_trapezoid"])
def test_the_straight_path_is_integrated_gradients(method):
    f = random_network((4, 8), torch.tanh, seed=0)
    x, x_prime = normal(3, 4, seed=1), normal(3, 4, seed=2)
    along = path_integrated_gradients(f, lambda a: x_prime + a * (x - x_prime), n_steps=20, method=method)
    torch.testing.assert_close(along, integrated_gradients(f, x, x_prime, n_steps=20, method=method))


def test_a_path_can_be_walked_where_gradients_are_off():
    with torch.no_grad():
        attributions = path_integrated_gradients(product, lambda a: torch.stack([a, a])[None])
    torch.testing.assert_close(attributions, tensor([0.5, 0.5]))


def test_the_feature_moved_last_gets_the_whole_product():
    x, zero = tensor([2, 3], [4, 5]), torch.zeros(2)
    assert one_feature_after_another(product, x, zero, order=(0, 1)).tolist() == [[0, 6], [0, 20]]
    assert one_feature_after_another(product, x, zero, order=(1, 0)).tolist() == [[6, 0], [20, 0]]
    assert shapley_shubik(product, x, zero).tolist() == [[3, 3], [10, 10]]


def test_a_feature_gets_the_change_of_its_own_leg():
    def f(x):
        return 5 + x[:, 0] + 10 * x[:, 1] * x[:, 2]

    x, x_prime = tensor([2, 3, 4]), tensor([1, 1, 1])
    assert one_feature_after_another(f, x, x_prime, order=(0, 1, 2)).tolist() == [[1, 20, 90]]
    assert one_feature_after_another(f, x, x_prime, order=(2, 0, 1)).tolist() == [[1, 80, 30]]


def test_moving_features_leaves_the_inputs_as_they_were():
    x, x_prime = tensor([2, 3]), tensor([1, 1])
    one_feature_after_another(product, x, x_prime, order=(0, 1))
    assert x.tolist() == [[2, 3]]
    assert x_prime.tolist() == [[1, 1]]


def test_as_many_steps_as_captum_takes_where_none_are_named():
    methods = (path_integrated_gradients, integrated_gradients, by_integrated_gradients, IntegratedGradients.attribute)
    assert {inspect.signature(one).parameters["n_steps"].default for one in methods} == {50}
