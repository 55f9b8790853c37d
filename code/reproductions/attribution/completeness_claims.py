"""Nothing in; one number, or a few named ones, out of each function: how far attributions are from F(x) − F(x′).

Completeness is Proposition 1 of Sundararajan, Taly and Yan 2017 (arXiv 1703.01365v2). A check and its control are the
same measurement, taken of two methods or of two functions. All numbers are float64 and come from fixed seeds. Of a
classifier of texts it is measured in `sentence_claims`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn.functional import conv2d, max_pool2d

from reproductions.attribution.gradients import gradient_times_input
from reproductions.attribution.integrated_gradients import completeness_gap, integrated_gradients
from reproductions.attribution.small_networks import SMOOTH, random_network
from reproductions.normal import normal

if TYPE_CHECKING:
    from reproductions.attribution.gradients import Function, Method


# Of three smooth networks.


def incompleteness() -> dict[str, float]:
    """Return the largest |Σ IGᵢ − (F(x) − F(x′))| on three smooth networks."""
    return _incompleteness(integrated_gradients)


def incompleteness_of_gradient_times_input() -> dict[str, float]:
    """Return the same for the gradient at the input, times x − x′."""
    return _incompleteness(gradient_times_input)


def _incompleteness(method: Method) -> dict[str, float]:
    x, x_prime = normal(16, 6, seed=1), normal(16, 6, seed=2)
    gaps = {}
    for seed, (name, activation) in enumerate(SMOOTH.items()):
        F = random_network((6, 32, 32), activation, seed=seed)
        gaps[name] = completeness_gap(F, x, x_prime, method(F, x, x_prime)).abs().max().item()
    return gaps


# Which functions it asks for: footnote 1.


def incompleteness_with_kinks() -> float:
    """Return the largest |Σ IGᵢ − (F(x) − F(x′))| through a convolution, rectifiers, max-pooling and a sigmoid."""
    return _incompleteness_of_images(_image_network)


def incompleteness_with_a_jump() -> float:
    """Return the same where the network's output jumps by one as a pixel passes zero."""
    return _incompleteness_of_images(lambda x: _image_network(x) + (x[:, 0, 1, 1] > 0))


def _incompleteness_of_images(F: Function) -> float:
    x, x_prime = normal(8, 1, 8, 8, seed=22), normal(8, 1, 8, 8, seed=23)
    attributions = integrated_gradients(F, x, x_prime, n_steps=2000, method="riemann_middle")
    return completeness_gap(F, x, x_prime, attributions).abs().max().item()


def _image_network(x: Tensor) -> Tensor:
    kernels, weights = normal(4, 1, 3, 3, seed=24) / 3, normal(36, seed=25) / 6
    pooled = max_pool2d(conv2d(x, kernels).relu(), 2)
    return torch.sigmoid(pooled.flatten(start_dim=1) @ weights)
