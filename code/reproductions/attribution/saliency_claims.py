"""Nothing in; one number out of each function: what is claimed of saliency.

Simonyan, Vedaldi and Zisserman 2013 (arXiv 1312.6034v2), section 3. All numbers are float64 and come from fixed seeds.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from reproductions.attribution.gradients import gradient_times_input, gradients, saliency
from reproductions.attribution.small_networks import WEIGHTS, linear, random_network
from reproductions.normal import normal

if TYPE_CHECKING:
    from collections.abc import Callable

    from reproductions.attribution.gradients import Function


def saliency_of_a_linear_score() -> float:
    """Return the largest | |∂S/∂I| − |w| | of a linear score S(I) = wᵀI + b (section 3, Equation 2)."""
    return (saliency(linear, normal(8, 6, seed=1)) - WEIGHTS.abs()).abs().max().item()


def input_times_gradient_of_a_linear_score() -> float:
    """Return the same for input × gradient, which looks at the input too."""
    x = normal(8, 6, seed=1)
    return (gradient_times_input(linear, x, torch.zeros_like(x)).abs() - WEIGHTS.abs()).abs().max().item()


def order_of_the_taylor_expansion() -> float:
    """Return the power of the distance with which the error of S(I) ≈ S(I₀) + wᵀ(I − I₀) falls (Equation 3)."""
    return _order(lambda F, x, step: (gradients(F, x) * step).sum(dim=1))


def order_without_the_gradient() -> float:
    """Return the same for S(I) ≈ S(I₀)."""
    return _order(lambda _F, _x, step: 0 * step.sum(dim=1))


def _order(first_order: Callable[[Function, Tensor, Tensor], Tensor]) -> float:
    F = random_network((6, 32, 32), torch.tanh, seed=2)
    x, direction = normal(32, 6, seed=3), normal(32, 6, seed=4)
    errors = []
    for size in (1e-2, 1e-3):
        step = size * direction
        errors.append((F(x + step) - F(x) - first_order(F, x, step)).abs().mean().item())
    return math.log10(errors[0] / errors[1])
