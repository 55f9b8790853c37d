"""Nothing in; one number out of each function: what is claimed of infidelity.

Yeh and others 2019 (arXiv 1901.09392), on a network of tanh. All numbers are float64 and come from fixed seeds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from reproductions.attribution.gradients import gradient_times_input
from reproductions.attribution.infidelity import infidelity
from reproductions.attribution.integrated_gradients import integrated_gradients
from reproductions.attribution.leave_one_out import leave_one_out
from reproductions.attribution.presence import lost_without, presence_of, random_subsets
from reproductions.attribution.small_networks import tanh_network_and_ends

if TYPE_CHECKING:
    from collections.abc import Callable


def infidelity_when_all_is_removed() -> float:
    """Return the infidelity of Integrated Gradients for the one perturbation that removes all: completeness."""
    return _infidelity_when_all_is_removed(integrated_gradients)


def infidelity_of_input_times_gradient_when_all_is_removed() -> float:
    """Return the same for input × gradient."""
    return _infidelity_when_all_is_removed(gradient_times_input)


def _infidelity_when_all_is_removed(method: Callable[..., Tensor]) -> float:
    F, x, x_prime = tanh_network_and_ends()
    everything = torch.ones(1, x.shape[1], dtype=torch.bool)
    attributions = method(F, x, x_prime)
    return max(infidelity(presence_of(F, x[row], x_prime[row]), attributions[row], everything) for row in range(len(x)))


def infidelity_of_the_best_over_integrated_gradients() -> float:
    """Return the infidelity of the least-squares attributions over that of Integrated Gradients, on unseen subsets."""
    return _over_integrated_gradients(_least_squares)


def infidelity_of_leave_one_out_over_integrated_gradients() -> float:
    """Return the same for leaving one out, which has seen the subsets of one feature alone."""
    return _over_integrated_gradients(lambda output, _: leave_one_out(output, 6))


def _over_integrated_gradients(method: Callable[..., Tensor]) -> float:
    F, x, x_prime = tanh_network_and_ends()
    ours = integrated_gradients(F, x, x_prime)
    seen, unseen = (torch.cat([random_subsets(6, size=k, count=40, seed=s + k) for k in range(7)]) for s in (0, 50))
    best, path = 0.0, 0.0
    for row in range(len(x)):
        output = presence_of(F, x[row], x_prime[row])
        best += infidelity(output, method(output, seen), unseen)
        path += infidelity(output, ours[row], unseen)
    return best / path


def _least_squares(output: Callable[[Tensor], Tensor], removed: Tensor) -> Tensor:
    """Return Φ = (∫ I Iᵀ)⁻¹ ∫ I (f(x) − f(x − I)): Proposition 2.1."""
    lost = lost_without(output, removed)
    solution: Tensor = torch.linalg.lstsq(removed.double(), lost[:, None]).solution[:, 0]
    return solution
