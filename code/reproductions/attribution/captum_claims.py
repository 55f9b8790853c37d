"""Nothing in; a few named numbers out of each function: where ours and Captum 0.9 agree, and where Captum is wrong.

Captum is imported where it is called: it takes seconds, and whoever asks for another claim does not need it. All
numbers are float64 and come from fixed seeds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import torch
from torch import Tensor

from reproductions.attribution.gradients import gradient_times_input
from reproductions.attribution.input_attribution import IntegratedGradients
from reproductions.attribution.integrated_gradients import Quadrature, integrated_gradients
from reproductions.attribution.small_networks import SMOOTH, random_network
from reproductions.normal import normal

if TYPE_CHECKING:
    from collections.abc import Callable

METHODS: tuple[Quadrature, ...] = get_args(Quadrature)


# Where both agree.


def distance_to_captum() -> dict[str, float]:
    """Return the largest difference between our attributions and Captum's, for each of its sound quadratures."""
    return _distance_to_captum(
        lambda F, x, x_prime, quadrature: integrated_gradients(F, x, x_prime, n_steps=50, method=quadrature)
    )


def distance_of_gradient_times_input_to_captum() -> dict[str, float]:
    """Return the same for the gradient at the input, times x − x′."""
    return _distance_to_captum(lambda F, x, x_prime, _: gradient_times_input(F, x, x_prime))


def _distance_to_captum(method: Callable[..., Tensor]) -> dict[str, float]:
    from captum.attr import IntegratedGradients  # here, since it takes seconds and the other claims do not need it

    x, x_prime = normal(8, 6, seed=16), normal(8, 6, seed=17)
    distances = {}
    for name in ("gausslegendre", "riemann_left", "riemann_right", "riemann_middle"):
        worst = 0.0
        for seed, activation in enumerate((torch.relu, *SMOOTH.values())):
            F = random_network((6, 32, 32), activation, seed=18 + seed)
            theirs = IntegratedGradients(F).attribute(x, x_prime, n_steps=50, method=name)
            worst = max(worst, (method(F, x, x_prime, name) - theirs).abs().max().item())
        distances[name] = worst
    return distances


# Where Captum 0.9 is wrong.


def trapezoid_of_a_linear_function() -> dict[str, float]:
    """Return which part of the true attribution our trapezoid rule gives a linear function, by number of steps."""
    return _trapezoid_of_a_linear_function(IntegratedGradients)


def captums_trapezoid_of_a_linear_function() -> dict[str, float]:
    """Return the same for Captum's."""
    from captum.attr import IntegratedGradients as CaptumsIntegratedGradients  # takes seconds

    return _trapezoid_of_a_linear_function(CaptumsIntegratedGradients)


def _trapezoid_of_a_linear_function(method: Callable[..., Any]) -> dict[str, float]:
    x = torch.ones(1, 2, dtype=torch.float64)
    explain = method(lambda x: x.sum(dim=1))
    return {
        f"{n} steps": explain.attribute(x, n_steps=n, method="riemann_trapezoid")[0, 0].item() for n in (2, 5, 10, 50)
    }


def error_in_double_precision() -> dict[str, float]:
    """Return the relative error of each quadrature with float64 inputs, on Σ xᵢ², where its sum is known exactly."""
    return _error_in_double_precision(IntegratedGradients)


def captums_error_in_double_precision() -> dict[str, float]:
    """Return the same for Captum's; that its trapezoid's weights do not add up is not counted."""
    from captum.attr import IntegratedGradients as CaptumsIntegratedGradients

    return _error_in_double_precision(CaptumsIntegratedGradients, parts={"riemann_trapezoid": 0.9})


def _error_in_double_precision(method: Callable[..., Any], parts: dict[str, float] | None = None) -> dict[str, float]:
    n, x = 10, torch.tensor([[1 / 3, 0.7]], dtype=torch.float64)
    exact = {"riemann_left": 1 - 1 / n, "riemann_right": 1 + 1 / n}  # 2 Σ αₖ / n, which is 1 for the other rules
    explain = method(lambda x: (x**2).sum(dim=1))
    errors: dict[str, float] = {}
    for name in METHODS:
        share = explain.attribute(x, n_steps=n, method=name) / (parts or {}).get(name, 1) / x**2
        errors[name] = (share / exact.get(name, 1) - 1).abs().max().item()
    return errors
