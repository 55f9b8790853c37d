"""Nothing in; one number, or a few named ones, out of each function: how good attributions to a tolerance are.

Errors are relative in the L2 norm of an input's attributions, against so many steps of the midpoint rule that these
are exact. All numbers are float64 and come from fixed seeds.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from reproductions.attribution.input_attribution import IntegratedGradients
from reproductions.attribution.integrated_gradients import integrated_gradients
from reproductions.attribution.relative_errors import relative_errors
from reproductions.attribution.small_networks import random_network
from reproductions.attribution.stretch_rules import NODES
from reproductions.attribution.to_tolerance import ToleranceNotMet, integrated_gradients_to_tolerance
from reproductions.normal import normal

if TYPE_CHECKING:
    from reproductions.attribution.gradients import Function

TOLERANCE = 1e-3


def error_to_a_tolerance() -> dict[str, float]:
    """Return the largest relative L2 error of an input's attributions to a tolerance of 10⁻³, for four functions."""
    return {
        name: _worst_error(F, x, _to_tolerance(F, x)[0]) for name, (F, x) in _functions_that_are_hard_to_walk().items()
    }


def error_of_as_many_even_steps() -> dict[str, float]:
    """Return the same for Gauss–Legendre with as many points as that took on the average, which stand everywhere."""
    errors = {}
    for name, (F, x) in _functions_that_are_hard_to_walk().items():
        _, evaluations = _to_tolerance(F, x)
        errors[name] = _worst_error(F, x, integrated_gradients(F, x, torch.zeros_like(x), n_steps=evaluations))
    return errors


def _functions_that_are_hard_to_walk() -> dict[str, tuple[Function, Tensor]]:
    def cliff(x: Tensor) -> Tensor:
        return torch.sigmoid(400 * (x.mean(dim=1) - 0.3)) * x[:, 0]

    def confident(x: Tensor) -> Tensor:
        return torch.sigmoid(40 * network(x))

    network = random_network((6, 32, 32), torch.tanh, seed=32)
    x = normal(16, 6, seed=33)
    return {
        "ReLU": (random_network((6, 32, 32), torch.relu, seed=34), x),
        "confident": (confident, x),
        "cliff": (cliff, torch.tensor([[1.0, 0.5], [0.4, 0.9]], dtype=torch.float64)),
    }


def _to_tolerance(F: Function, x: Tensor) -> tuple[Tensor, int]:
    """Return the attributions, and how many gradients an input took on the average."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", ToleranceNotMet)
        attributions, reports = integrated_gradients_to_tolerance(F, x, torch.zeros_like(x), tolerance=TOLERANCE)
    return attributions, round(sum(report.evaluations for report in reports) / len(reports))


# How honest the report is.


def estimates_below_the_error() -> float:
    """Return which part of 64 inputs' errors is larger than the report says."""
    F, x = random_network((6, 32, 32), torch.relu, seed=30), normal(64, 6, seed=31)
    attributions, reports = integrated_gradients_to_tolerance(F, x, torch.zeros_like(x), tolerance=TOLERANCE)
    estimated = torch.tensor([report.error for report in reports], dtype=x.dtype)
    return float((_errors(F, x, attributions) > estimated).double().mean())


def gaps_below_the_error() -> float:
    """Return the same where the completeness gap of the whole path is taken for the error, as Captum's users do."""
    F, x = random_network((6, 32, 32), torch.relu, seed=30), normal(64, 6, seed=31)
    attributions, gaps = IntegratedGradients(F).attribute(x, n_steps=50, return_convergence_delta=True)
    return float((_errors(F, x, attributions) > gaps.abs() / attributions.norm(dim=1)).double().mean())


# Through rectifiers.


def error_of_one_stretch_through_rectifiers() -> float:
    """Return the largest relative L2 error of 16 inputs' attributions through a hundred rectifiers, by one stretch."""
    F, x = random_network((6, 100), torch.relu, seed=10), normal(16, 6, seed=11)
    attributions, reports = integrated_gradients_to_tolerance(F, x, torch.zeros_like(x), tolerance=0.1)
    if {report.evaluations for report in reports} != {NODES}:
        raise RuntimeError("one stretch was not enough, so that there is nothing to compare")
    return _worst_error(F, x, attributions)


def error_of_as_many_points_through_rectifiers() -> float:
    """Return the same for as many points of Gauss–Legendre."""
    F, x = random_network((6, 100), torch.relu, seed=10), normal(16, 6, seed=11)
    return _worst_error(F, x, integrated_gradients(F, x, torch.zeros_like(x), n_steps=NODES))


def _worst_error(F: Function, x: Tensor, attributions: Tensor) -> float:
    return _errors(F, x, attributions).max().item()


def _errors(F: Function, x: Tensor, attributions: Tensor) -> Tensor:
    exact = IntegratedGradients(F).attribute(x, n_steps=5000, method="riemann_middle")  # many points at once
    return relative_errors(attributions, exact)
