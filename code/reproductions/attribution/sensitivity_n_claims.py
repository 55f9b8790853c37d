"""Nothing in; one number, or a few named ones, out of each function: what is claimed of sensitivity-n.

And of input × gradient, which the same paper compares by it: Ancona and others 2017 (arXiv 1711.06104). All numbers are
float64 and come from fixed seeds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from reproductions.attribution.backpropagation_rules import discrete_gradients
from reproductions.attribution.gradients import gradient_times_input, saliency
from reproductions.attribution.integrated_gradients import integrated_gradients
from reproductions.attribution.leave_one_out import leave_one_out
from reproductions.attribution.presence import presence_of, random_subsets
from reproductions.attribution.sensitivity_n import sensitivity_n
from reproductions.attribution.small_networks import linear, tanh_network_and_ends
from reproductions.normal import normal

if TYPE_CHECKING:
    from collections.abc import Callable


def sensitivity_n_of_a_linear_function() -> dict[str, float]:
    """Return the least correlation, over n, of four methods with what removing n features does to a linear function."""
    return {
        "input × gradient": _least_sensitivity(gradient_times_input),
        "integrated gradients": _least_sensitivity(integrated_gradients),
        "rescale": _least_sensitivity(lambda F, x, x_prime: discrete_gradients(lambda x, _: F(x), x, x_prime)),
        "leave one out": _least_sensitivity(
            lambda F, x, x_prime: leave_one_out(presence_of(F, x[0], x_prime[0]), 6)[None]
        ),
    }


def sensitivity_n_of_saliency() -> float:
    """Return the same for saliency, which has neither sign nor distance."""
    return _least_sensitivity(lambda F, x, _: saliency(F, x))


def _least_sensitivity(method: Callable[..., Tensor]) -> float:
    x, x_prime = normal(1, 6, seed=7), normal(1, 6, seed=8)
    attributions = method(linear, x, x_prime)[0]
    output = presence_of(linear, x[0], x_prime[0])
    return min(sensitivity_n(output, attributions, random_subsets(6, size=n, count=50, seed=n)) for n in range(1, 6))


def sensitivity_1_of_leave_one_out() -> float:
    """Return the least correlation for n = 1 of leaving one out on 16 inputs of a tanh network."""
    return _sensitivity_on_a_network(1)


def sensitivity_3_of_leave_one_out() -> float:
    """Return the same for n = 3."""
    return _sensitivity_on_a_network(3)


def _sensitivity_on_a_network(n: int) -> float:
    F, x, x_prime = tanh_network_and_ends()
    found = []
    for row in range(len(x)):
        output = presence_of(F, x[row], x_prime[row])
        found.append(sensitivity_n(output, leave_one_out(output, 6), random_subsets(6, size=n, count=50, seed=n)))
    return min(found)


def incompleteness_of_input_times_gradient_without_biases() -> float:
    """Return the largest |Σ xᵢ ∂F/∂xᵢ − F(x)| on a network of rectifiers without biases."""
    return _incompleteness_of_input_times_gradient(bias=0.0)


def incompleteness_of_input_times_gradient_with_biases() -> float:
    """Return the same where the rectifiers have biases."""
    return _incompleteness_of_input_times_gradient(bias=0.5)


def _incompleteness_of_input_times_gradient(*, bias: float) -> float:
    first, second, third = (
        normal(n_in, n_out, seed=seed) / n_in**0.5 for seed, (n_in, n_out) in enumerate(((6, 32), (32, 32), (32, 1)))
    )

    def network(x: Tensor) -> Tensor:
        hidden = torch.relu(torch.relu(x @ first + bias) @ second + bias)
        return torch.squeeze(hidden @ third, dim=1)

    x = normal(16, 6, seed=9)
    given = gradient_times_input(network, x, torch.zeros_like(x)).sum(dim=1)
    return (given - network(x)).abs().max().item()
