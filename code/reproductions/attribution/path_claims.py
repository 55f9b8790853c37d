"""Nothing in; one number out of each function: what is claimed of paths other than the straight one.

Sections 4.1 and 4.2 and Appendix A of Sundararajan, Taly and Yan 2017 (arXiv 1703.01365v2). All numbers are float64 and
come from fixed seeds.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from reproductions.attribution.gradients import gradients
from reproductions.attribution.integrated_gradients import completeness_gap, integrated_gradients, quadrature
from reproductions.attribution.path_methods import bent_path, path_integrated_gradients, shapley_shubik
from reproductions.attribution.small_networks import tanh_network_and_ends

if TYPE_CHECKING:
    from reproductions.attribution.gradients import Function, Method


# Path methods are complete, by Equation 2: section 4.1.


def incompleteness_of_a_curved_path() -> float:
    """Return the largest |Σ PathIGᵢ − (F(x) − F(x′))| of Equation 2 along a bent path."""
    F, x, x_prime = tanh_network_and_ends()
    return completeness_gap(F, x, x_prime, path_integrated_gradients(F, bent_path(x, x_prime))).abs().max().item()


def incompleteness_without_the_path_velocity() -> float:
    """Return the same where the gradients along the bent path are multiplied by x − x′, as if it were straight."""
    F, x, x_prime = tanh_network_and_ends()
    gamma = bent_path(x, x_prime)
    average = sum(
        (w * gradients(F, gamma(alpha)) for alpha, w in zip(*quadrature("gausslegendre", 50), strict=True)),
        start=torch.zeros_like(x),
    )
    return completeness_gap(F, x, x_prime, (x - x_prime) * average).abs().max().item()


# All orders of the features, Shapley–Shubik: Remark 5.


def attribution_of_the_smaller() -> float:
    """Return IG of x₁ in min(x₁, x₂) at (1, 3), from (0, 0): Remark 5."""
    return _attribution_of_the_smaller(integrated_gradients)


def shapley_shubik_of_the_smaller() -> float:
    """Return the same for the average over all orders of moving one feature after another."""
    return _attribution_of_the_smaller(shapley_shubik)


def _attribution_of_the_smaller(method: Method) -> float:
    x = torch.tensor([[1.0, 3.0]], dtype=torch.float64)
    return method(lambda x: torch.minimum(x[:, 0], x[:, 1]), x, torch.zeros_like(x))[0, 0].item()


# Only the straight path treats symmetric features alike: Theorem 1 and its proof in Appendix A.
BEND = 0.1
"""Of the path (α, α − BEND sin 2πα), which runs below the diagonal until α = ½ and as far above it from there on."""


def asymmetry_on_one_side() -> float:
    """Return |A₁ − A₂| of the proof's function on one side of the crossing, over twice the area below the diagonal."""
    return _asymmetry_of(lambda x: x.clamp(0, 0.5).prod(dim=1)) / (2 * BEND / math.pi)


def asymmetry_on_both_sides() -> float:
    """Return the same for x₁ x₂, for which what the path does on the two sides cancels."""
    return _asymmetry_of(lambda x: x.prod(dim=1)) / (2 * BEND / math.pi)


def _asymmetry_of(F: Function) -> float:
    def bent(alpha: Tensor) -> Tensor:
        return torch.stack([alpha, alpha - BEND * torch.sin(2 * math.pi * alpha)])[None]

    first, second = path_integrated_gradients(F, bent, n_steps=1000, method="riemann_middle")[0].tolist()
    return float(abs(first - second))


def leap_of_the_printed_function() -> float:
    """Return by how much the function that the proof prints changes when x₁ moves by 10⁻⁶ past b, with x₂ halfway."""
    return _leap(_as_printed)


def leap_of_the_clamped_function() -> float:
    """Return the same where both features are clamped to [a, b] first."""
    return _leap(lambda x: x.clamp(0, 0.5).prod(dim=1))


def _as_printed(x: Tensor) -> Tensor:
    """Return (x₁ − a)(x₂ − a) within [a, b]², 0 where the smaller is below a, (b − a)² where the larger is above b."""
    smaller, larger = x.min(dim=1).values, x.max(dim=1).values
    beyond = torch.where(larger >= 0.5, 0.25, smaller * larger)
    return torch.where(smaller <= 0, 0, beyond)


def _leap(F: Function) -> float:
    at_b = torch.tensor([[0.5 - 1e-6, 0.25], [0.5 + 1e-6, 0.25]], dtype=torch.float64)
    before, after = F(at_b).tolist()
    return float(abs(after - before))
