"""Nothing in; one number, or a few named ones, out of each function: what the notes of the neighbours claim.

Neighbours of Integrated Gradients: saliency, input × gradient, SmoothGrad, DeepLIFT's rescale rule, leave-one-out; and
the measures that compare them. All here is float64 and from fixed seeds, on functions that one can write down; what the
methods say of a trained classifier of texts is in `text_claims`.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from reproductions.attribution.backpropagation_rules import discrete_gradients
from reproductions.attribution.gradients import gradient_times_input, gradients, saliency
from reproductions.attribution.infidelity import infidelity
from reproductions.attribution.integrated_gradients import integrated_gradients
from reproductions.attribution.leave_one_out import leave_one_out
from reproductions.attribution.presence import presence_of, random_subsets
from reproductions.attribution.sensitivity_n import sensitivity_n
from reproductions.attribution.small_networks import random_inputs, random_network, trained_classifier
from reproductions.attribution.smoothgrad import smooth_gradients

if TYPE_CHECKING:
    from collections.abc import Callable

    from reproductions.attribution.gradients import Function

WEIGHTS = torch.linspace(-2, 1.5, 6, dtype=torch.float64)


def _linear(x: Tensor) -> Tensor:
    return x @ WEIGHTS + 0.5


# Saliency: Simonyan, Vedaldi and Zisserman 2013 (arXiv 1312.6034v2).


def saliency_of_a_linear_score() -> float:
    """Return the largest | |∂S/∂I| − |w| | of a linear score S(I) = wᵀI + b (section 3, Equation 2)."""
    return (saliency(_linear, random_inputs(8, 6, seed=1)) - WEIGHTS.abs()).abs().max().item()


def input_times_gradient_of_a_linear_score() -> float:
    """Return the same for input × gradient, which looks at the input too."""
    x = random_inputs(8, 6, seed=1)
    return (gradient_times_input(_linear, x, torch.zeros_like(x)).abs() - WEIGHTS.abs()).abs().max().item()


def order_of_the_taylor_expansion() -> float:
    """Return the power of the distance with which the error of S(I) ≈ S(I₀) + wᵀ(I − I₀) falls (Equation 3)."""
    return _order(lambda F, x, step: (gradients(F, x) * step).sum(dim=1))


def order_without_the_gradient() -> float:
    """Return the same for S(I) ≈ S(I₀)."""
    return _order(lambda _F, _x, step: 0 * step.sum(dim=1))


def _order(first_order: Callable[[Function, Tensor, Tensor], Tensor]) -> float:
    F = random_network((6, 32, 32), torch.tanh, seed=2)
    x, direction = random_inputs(32, 6, seed=3), random_inputs(32, 6, seed=4)
    errors = []
    for size in (1e-2, 1e-3):
        step = size * direction
        errors.append((F(x + step) - F(x) - first_order(F, x, step)).abs().mean().item())
    return math.log10(errors[0] / errors[1])


# SmoothGrad: Smilkov and others 2017 (arXiv 1706.03825).


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
    moved = x + 0.01 * x.norm(dim=1, keepdim=True) * random_inputs(*x.shape, seed=5) / x.shape[1] ** 0.5
    here, there = method(x), method(moved)
    return float((there - here).norm() / here.norm())


# DeepLIFT: Shrikumar, Greenside and Kundaje 2017 (arXiv 1704.02685).


def figure_1(x: Tensor, relu: Function = torch.relu) -> Tensor:
    """Return the paper's y = 1 − ReLU(1 − (i₁ + i₂)), flat where i₁ + i₂ > 1; (B, 2) in, (B,) out."""
    return 1 - relu(1 - x.sum(dim=1))


def figure_2(x: Tensor, relu: Function = torch.relu) -> Tensor:
    """Return the paper's y = ReLU(x − 10); (B, 1) in, (B,) out."""
    return relu(x[:, 0] - 10)


def rescale_where_saturated() -> dict[str, float]:
    """Return what the rescale rule gives i₁ and i₂ of Figure 1 at (1, 1), from (0, 0)."""
    return _where_saturated(discrete_gradients)


def input_times_gradient_where_saturated() -> dict[str, float]:
    """Return what input × gradient gives them."""
    return _where_saturated(gradient_times_input)


def _where_saturated(method: Callable[..., Tensor]) -> dict[str, float]:
    x = torch.ones(1, 2, dtype=torch.float64)
    given = method(figure_1, x, torch.zeros_like(x))[0] + 0.0
    return {"i₁": given[0].item(), "i₂": given[1].item()}


def jump_of_rescale() -> float:
    """Return by how much the attribution of Figure 2's x changes as x goes from 9.999 to 10.001, from 0."""
    return _jump(discrete_gradients)


def jump_of_input_times_gradient() -> float:
    """Return the same for input × gradient."""
    return _jump(gradient_times_input)


def _jump(method: Callable[..., Tensor]) -> float:
    x = torch.tensor([[9.999], [10.001]], dtype=torch.float64)
    below, above = method(figure_2, x, torch.zeros_like(x))[:, 0].tolist()
    return float(abs(above - below))


# Leave-one-out: Li, Monroe and Jurafsky 2016 (arXiv 1612.08220).


def leave_one_out_of_either() -> float:
    """Return the sum of what leaving one out gives the two features of max(x₁, x₂) at (1, 1), from (0, 0)."""
    ones = torch.ones(2, dtype=torch.float64)
    return leave_one_out(presence_of(_either, ones, 0 * ones), 2).sum().item()


def integrated_gradients_of_either() -> float:
    """Return the same for Integrated Gradients, close to the tie: what max(1, 1) − max(0, 0) = 1 is made of."""
    x = torch.tensor([[1.0, 0.999]], dtype=torch.float64)
    return integrated_gradients(_either, x, torch.zeros_like(x)).sum().item()


def _either(x: Tensor) -> Tensor:
    return torch.maximum(x[:, 0], x[:, 1])


# Infidelity: Yeh and others 2019 (arXiv 1901.09392).


def infidelity_when_all_is_removed() -> float:
    """Return the infidelity of Integrated Gradients for the one perturbation that removes all: completeness."""
    return _infidelity_when_all_is_removed(integrated_gradients)


def infidelity_of_input_times_gradient_when_all_is_removed() -> float:
    """Return the same for input × gradient."""
    return _infidelity_when_all_is_removed(gradient_times_input)


def _infidelity_when_all_is_removed(method: Callable[..., Tensor]) -> float:
    F, x, x_prime = _network()
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
    F, x, x_prime = _network()
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
    change = output(~removed.new_zeros(1, removed.shape[1])) - output(~removed)
    solution: Tensor = torch.linalg.lstsq(removed.double(), change[:, None]).solution[:, 0]
    return solution


# Sensitivity-n and input × gradient: Ancona and others 2017 (arXiv 1711.06104).


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
    x, x_prime = random_inputs(1, 6, seed=7), random_inputs(1, 6, seed=8)
    attributions = method(_linear, x, x_prime)[0]
    output = presence_of(_linear, x[0], x_prime[0])
    return min(sensitivity_n(output, attributions, random_subsets(6, size=n, count=50, seed=n)) for n in range(1, 6))


def sensitivity_1_of_leave_one_out() -> float:
    """Return the least correlation for n = 1 of leaving one out on 16 inputs of a tanh network."""
    return _sensitivity_on_a_network(1)


def sensitivity_3_of_leave_one_out() -> float:
    """Return the same for n = 3."""
    return _sensitivity_on_a_network(3)


def _sensitivity_on_a_network(n: int) -> float:
    F, x, x_prime = _network()
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
        random_inputs(n_in, n_out, seed=seed) / n_in**0.5
        for seed, (n_in, n_out) in enumerate(((6, 32), (32, 32), (32, 1)))
    )

    def network(x: Tensor) -> Tensor:
        hidden = torch.relu(torch.relu(x @ first + bias) @ second + bias)
        return torch.squeeze(hidden @ third, dim=1)

    x = random_inputs(16, 6, seed=9)
    given = gradient_times_input(network, x, torch.zeros_like(x)).sum(dim=1)
    return (given - network(x)).abs().max().item()


def _network() -> tuple[Function, Tensor, Tensor]:
    F = random_network((6, 32, 32), torch.tanh, seed=13)
    return F, random_inputs(16, 6, seed=14), random_inputs(16, 6, seed=15)
