"""The two networks of Figure 7 of the paper, which compute one function, and what a method makes of them.

Sundararajan, Taly and Yan 2017 (arXiv 1703.01365v2), Appendix B. A network is a function of its inputs and of the ReLU
to use, since the methods that are told apart here go back through a ReLU each in its own way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from reproductions.attribution.integrated_gradients import integrated_gradients
from reproductions.normal import normal

if TYPE_CHECKING:
    from reproductions.attribution.backpropagation_rules import Network
    from reproductions.attribution.gradients import Function

NetworkMethod = Callable[["Network", Tensor, Tensor], Tensor]
"""A network, x and x′ in; attributions, in the shape of x, out."""

FINE = 400
"""Steps of the midpoint rule: enough to find where rectifiers switch."""


def figure_7_f(x: Tensor, relu: Function = torch.relu) -> Tensor:
    """Return the paper's f(x₁, x₂) = ReLU(ReLU(x₁) − 1 − ReLU(x₂)); (B, 2) in, (B,) out."""
    return relu(relu(x[:, 0]) - 1 - relu(x[:, 1]))


def figure_7_g(x: Tensor, relu: Function = torch.relu) -> Tensor:
    """Return the paper's g(x₁, x₂) = ReLU(ReLU(x₁ − 1) − ReLU(x₂)): the function f, built otherwise."""
    return relu(relu(x[:, 0] - 1) - relu(x[:, 1]))


def plain(network: Network) -> Function:
    """Return the function that a network computes, with its ReLU as it is."""
    return lambda x: network(x, torch.relu)


def integrated(network: Network, x: Tensor, x_prime: Tensor) -> Tensor:
    """Return Integrated Gradients of a network: (B, 2) each."""
    return integrated_gradients(plain(network), x, x_prime, n_steps=FINE, method="riemann_middle")


def largest_difference(method: NetworkMethod) -> float:
    """Return how far apart a method's attributions of f and of g are, at most, on random inputs."""
    x, x_prime = random_pairs()
    return (method(figure_7_f, x, x_prime) - method(figure_7_g, x, x_prime)).abs().max().item()


def random_pairs() -> tuple[Tensor, Tensor]:
    """Return 64 inputs and as many baselines, (64, 2) each, on both sides of where the rectifiers switch."""
    return 2 * normal(64, 2, seed=20), 2 * normal(64, 2, seed=21)
