"""Nothing in; one number, or a few named ones, out of each function: how many steps Equation 3 takes.

Section 5 of Sundararajan, Taly and Yan 2017 (arXiv 1703.01365v2). Errors are relative in the L2 norm of an input's
attributions. All numbers are float64 and come from fixed seeds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from reproductions.attribution.integrated_gradients import (
    completeness_gap,
    integrated_gradients,
    integrated_gradients_approx,
)
from reproductions.attribution.relative_errors import relative_errors
from reproductions.attribution.small_networks import SMOOTH, trained_classifier

if TYPE_CHECKING:
    from collections.abc import Callable

    from reproductions.attribution.gradients import Function

LADDER = (1, 2, 5, 10, 20, 50, 100, 200, 300, 500, 1000, 2000)
"""Step counts that are tried; the paper recommends 20 to 300."""


def steps_to_five_percent() -> dict[str, float]:
    """Return the fewest steps of Equation 3 that bring a typical attribution within 5 %, for four trained classifiers.

    The error is that of the whole attribution, relative in the L2 norm; the typical one is the median of the inputs.
    """
    fewest = {}
    for name, activation in {"ReLU": torch.relu, **SMOOTH}.items():
        F, x = trained_classifier(activation, seed=19)
        fewest[name] = _steps_to_five_percent(F, x)
    return fewest


def steps_to_five_percent_on_a_cliff() -> float:
    """Return the same for a prediction that rises from 0 to 1 within a hundredth of the path."""
    x = torch.tensor([[1.0, 0.5]], dtype=torch.float64)
    return _steps_to_five_percent(lambda x: torch.sigmoid(2000 * (x.mean(dim=1) - 0.25)), x)


def worst_error_at_300_steps() -> float:
    """Return the largest relative error of an input's attribution by Equation 3 at 300 steps, on a tanh classifier."""
    F, x = trained_classifier(torch.tanh, seed=1)
    return relative_errors(integrated_gradients_approx(F, x, torch.zeros_like(x), m=300), _exact(F, x)).max().item()


def worst_error_at_50_gauss_legendre_points() -> float:
    """Return the same with a sixth of the gradients, taken where Gauss–Legendre takes them."""
    F, x = trained_classifier(torch.tanh, seed=1)
    return relative_errors(integrated_gradients(F, x, torch.zeros_like(x), n_steps=50), _exact(F, x)).max().item()


def error_when_the_sum_is_within_five_percent() -> float:
    """Return the largest relative error of an attribution by Equation 3 where steps are added as section 5 advises.

    For each input of four classifiers, as many steps as it takes for the sum to be within 5 % of F(x) − F(x′).
    """
    return _error_when(lambda gap: gap <= 0.05)


def error_at_the_fewest_steps_advised() -> float:
    """Return the same for 20 steps, the fewest that the paper names, whatever the sum."""
    return _error_when(lambda gap: gap < torch.inf)


def _error_when(enough: Callable[[Tensor], Tensor]) -> float:
    worst = 0.0
    for activation in (torch.relu, *SMOOTH.values()):
        F, x = trained_classifier(activation, seed=19)
        x_prime, exact = torch.zeros_like(x), _exact(F, x)
        waiting = torch.ones(len(x), dtype=torch.bool)
        for m in LADDER[LADDER.index(20) :]:
            attributions = integrated_gradients_approx(F, x, x_prime, m=m)
            gap = completeness_gap(F, x, x_prime, attributions).abs() / (F(x) - F(x_prime)).abs()
            done = waiting & enough(gap)
            worst = max(worst, torch.where(done, relative_errors(attributions, exact), 0).max().item())
            waiting &= ~done
            if not waiting.any():
                break
    return worst


def _steps_to_five_percent(F: Function, x: Tensor) -> float:
    exact = _exact(F, x)
    for m in LADDER:
        if relative_errors(integrated_gradients_approx(F, x, torch.zeros_like(x), m=m), exact).median() <= 0.05:
            return float(m)
    return float("inf")


def _exact(F: Function, x: Tensor) -> Tensor:
    return integrated_gradients(F, x, torch.zeros_like(x), n_steps=1000, method="riemann_middle")
