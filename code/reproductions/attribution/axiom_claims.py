"""Nothing in; one number out of each function: by how much Integrated Gradients, and a rival, break an axiom.

Sensitivity (a), section 2.1, Sensitivity (b) and Linearity, section 4.1, and symmetry, section 4.2, of Sundararajan,
Taly and Yan 2017 (arXiv 1703.01365v2). Completeness and Implementation Invariance have modules of their own. All
numbers are float64 and come from fixed seeds.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from reproductions.attribution.gradients import gradient_times_input, saliency
from reproductions.attribution.integrated_gradients import integrated_gradients
from reproductions.attribution.path_methods import one_feature_after_another
from reproductions.attribution.small_networks import SMOOTH, random_network, tanh_network_and_ends
from reproductions.normal import normal

if TYPE_CHECKING:
    from reproductions.attribution.gradients import Method


# Sensitivity (a): section 2.1.


def attribution_where_f_is_flat() -> float:
    """Return IG of f(x) = 1 − ReLU(1 − x) at x = 2 from x′ = 0, where f has risen from 0 to 1 and is flat again."""
    return _attribution_where_f_is_flat(integrated_gradients)


def gradient_where_f_is_flat() -> float:
    """Return the gradient's attribution there."""
    return _attribution_where_f_is_flat(gradient_times_input)


def _attribution_where_f_is_flat(method: Method) -> float:
    x, x_prime = torch.tensor([[2.0]], dtype=torch.float64), torch.tensor([[0.0]], dtype=torch.float64)
    return method(lambda x: 1 - torch.relu(1 - x[:, 0]), x, x_prime).item() + 0.0  # a zero without a sign


# Sensitivity (b), Linearity: section 4.1.


def attribution_of_a_dummy() -> float:
    """Return the largest |IG| of a feature that enters a network in three places and cancels out."""
    return _attribution_of_a_dummy(integrated_gradients)


def equal_share_of_a_dummy() -> float:
    """Return the same for the rule that gives each feature an equal share of F(x) − F(x′)."""
    return _attribution_of_a_dummy(lambda F, x, x_prime: ((F(x) - F(x_prime)) / x.shape[1])[:, None].expand_as(x))


def _attribution_of_a_dummy(method: Method) -> float:
    smooth = random_network((2, 32, 32), torch.tanh, seed=6)

    def f(x: Tensor) -> Tensor:
        dummy = x[:, 2]
        softplus = SMOOTH["softplus"]
        return smooth(x[:, :2]) + softplus(dummy) - softplus(-dummy) - dummy  # softplus(z) − softplus(−z) = z

    return method(f, normal(16, 3, seed=7), normal(16, 3, seed=8))[:, 2].abs().max().item()


def nonlinearity() -> float:
    """Return the largest |IG(a f₁ + b f₂ + w·x) − a IG(f₁) − b IG(f₂) − w (x − x′)|."""
    return _nonlinearity(integrated_gradients)


def nonlinearity_of_saliency() -> float:
    """Return the same for saliency maps, which take the absolute value of the gradient."""
    return _nonlinearity(lambda F, x, _: saliency(F, x))


def _nonlinearity(method: Method) -> float:
    x, x_prime = normal(16, 6, seed=9), normal(16, 6, seed=10)
    f1 = random_network((6, 32, 32), torch.relu, seed=11)
    f2 = random_network((6, 16), torch.tanh, seed=12)
    a, b = 2.0, -3.0
    w = torch.linspace(-1, 1, 6, dtype=torch.float64)
    whole = method(lambda x: a * f1(x) + b * f2(x) + x @ w, x, x_prime)
    parts = a * method(f1, x, x_prime) + b * method(f2, x, x_prime) + w * (x - x_prime)
    return (whole - parts).abs().max().item()


# Symmetry: section 4.2.


def asymmetry() -> float:
    """Return the largest |IG₁ − IG₂| where x₁ and x₂ are equal and the network does not tell them apart."""
    return _asymmetry(integrated_gradients)


def asymmetry_of_one_feature_after_another() -> float:
    """Return the same for the path that moves x₁ to its end before it moves x₂."""
    return _asymmetry(partial(one_feature_after_another, order=range(6)))


def _asymmetry(method: Method) -> float:
    half, x, x_prime = tanh_network_and_ends()
    swapped = torch.tensor([1, 0, 2, 3, 4, 5])
    x[:, 1], x_prime[:, 1] = x[:, 0], x_prime[:, 0]
    attributions = method(lambda x: half(x) + half(x[:, swapped]), x, x_prime)
    return (attributions[:, 0] - attributions[:, 1]).abs().max().item()
