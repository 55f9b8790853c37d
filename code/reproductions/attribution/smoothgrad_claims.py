"""Nothing in; one number out of each function: what is claimed of SmoothGrad.

Smilkov and others 2017 (arXiv 1706.03825). All numbers are float64 and come from fixed seeds.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from reproductions.attribution.gradients import gradients
from reproductions.attribution.small_networks import trained_classifier
from reproductions.attribution.smoothgrad import smooth_gradients
from reproductions.normal import normal

if TYPE_CHECKING:
    from reproductions.attribution.gradients import Function


def error_of_a_smoothed_kink() -> float:
    """Return how far SmoothGrad of ReLU is from Φ(x/σ), the slope of ReLU blurred by a Gaussian, at seven points."""
    x = torch.linspace(-1, 1, 7, dtype=torch.float64)[:, None]
    smoothed = smooth_gradients(lambda x: x[:, 0].relu(), x, sigma=0.5, n=4000)
    return float((smoothed - torch.special.ndtr(x / 0.5)).abs().max())


def error_of_a_kink() -> float:
    """Return the same for the gradient itself."""
    x = torch.linspace(-1, 1, 7, dtype=torch.float64)[:, None]
    return float((gradients(lambda x: x[:, 0].relu(), x) - torch.special.ndtr(x / 0.5)).abs().max())


def unsteadiness_of_smoothgrad() -> float:
    """Return by how much of its length the map of a ReLU classifier changes when the input moves by a hundredth."""
    F, x = trained_classifier(torch.relu, seed=19)
    return _unsteadiness(partial(smooth_gradients, F, sigma=0.15 * (x.max() - x.min()).item(), n=50), x)


def unsteadiness_of_the_gradient() -> float:
    """Return the same for the gradient."""
    F, x = trained_classifier(torch.relu, seed=19)
    return _unsteadiness(partial(gradients, F), x)


def _unsteadiness(method: Function, x: Tensor) -> float:
    moved = x + 0.01 * x.norm(dim=1, keepdim=True) * normal(*x.shape, seed=5) / x.shape[1] ** 0.5
    here, there = method(x), method(moved)
    return float((there - here).norm() / here.norm())
