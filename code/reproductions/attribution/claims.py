"""Nothing in; one number, or a few named ones, out of each function: what the claims of the notes measure.

A check and its control are the same measurement, taken of two methods. All numbers are float64 and come from fixed
seeds. The paper is Sundararajan, Taly and Yan 2017 (arXiv 1703.01365v2) throughout.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from reproductions.attribution.backpropagation_rules import (
    deconvolution,
    discrete_gradients,
    guided_backpropagation,
)
from reproductions.attribution.gradients import gradient_times_input, gradients, saliency
from reproductions.attribution.integrated_gradients import (
    completeness_gap,
    integrated_gradients,
    integrated_gradients_approx,
    quadrature,
)
from reproductions.attribution.path_methods import (
    one_feature_after_another,
    path_integrated_gradients,
    shapley_shubik,
)
from reproductions.attribution.small_networks import random_inputs, random_network, trained_classifier

if TYPE_CHECKING:
    from reproductions.attribution.gradients import Function

Method = Callable[["Function", Tensor, Tensor], Tensor]
"""F, x and x′ in; attributions, in the shape of x, out."""
NetworkMethod = Callable[[Callable[..., Tensor], Tensor, Tensor], Tensor]
"""The same for a network whose ReLU can be replaced."""

SMOOTH: dict[str, Function] = {
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "softplus": lambda z: torch.logaddexp(z, torch.zeros_like(z)),
}


# Completeness: Proposition 1.


def incompleteness() -> dict[str, float]:
    """Return the largest |Σ IGᵢ − (F(x) − F(x′))| on three smooth networks."""
    return _incompleteness(integrated_gradients)


def incompleteness_of_gradient_times_input() -> dict[str, float]:
    """Return the same for the gradient at the input, times x − x′."""
    return _incompleteness(gradient_times_input)


def _incompleteness(method: Method) -> dict[str, float]:
    x, x_prime = random_inputs(16, 6, seed=1), random_inputs(16, 6, seed=2)
    gaps = {}
    for seed, (name, activation) in enumerate(SMOOTH.items()):
        F = random_network((6, 32, 32), activation, seed=seed)
        gaps[name] = completeness_gap(F, x, x_prime, method(F, x, x_prime)).abs().max().item()
    return gaps


# Sensitivity (a): section 2.1.


def attribution_where_f_is_flat() -> float:
    """Return IG of f(x) = 1 − ReLU(1 − x) at x = 2 from x′ = 0, where f has risen from 0 to 1 and is flat again."""
    return _attribution_where_f_is_flat(integrated_gradients)


def gradient_where_f_is_flat() -> float:
    """Return the gradient's attribution there."""
    return _attribution_where_f_is_flat(gradient_times_input)


def _attribution_where_f_is_flat(method: Method) -> float:
    x, x_prime = torch.tensor([[2.0]], dtype=torch.float64), torch.tensor([[0.0]], dtype=torch.float64)
    return method(lambda x: 1 - torch.relu(1 - x[:, 0]), x, x_prime).item() + 0.0  # a zero without a sign


# Implementation Invariance: section 2.2 and Appendix B.


def figure_7_f(x: Tensor, relu: Function = torch.relu) -> Tensor:
    """Return the paper's f(x₁, x₂) = ReLU(ReLU(x₁) − 1 − ReLU(x₂)); (B, 2) in, (B,) out."""
    return relu(relu(x[:, 0]) - 1 - relu(x[:, 1]))


def figure_7_g(x: Tensor, relu: Function = torch.relu) -> Tensor:
    """Return the paper's g(x₁, x₂) = ReLU(ReLU(x₁ − 1) − ReLU(x₂)): the function f, built otherwise."""
    return relu(relu(x[:, 0] - 1) - relu(x[:, 1]))


def implementation_variance() -> dict[str, float]:
    """Return how far IG of Figure 7's two networks is from the paper's numbers, and from one another elsewhere."""
    return _implementation_variance(integrated_gradients)


def implementation_variance_of_discrete_gradients() -> dict[str, float]:
    """Return the same for discrete gradients, DeepLIFT's way back through a ReLU."""
    return _implementation_variance(discrete_gradients)


def _implementation_variance(method: NetworkMethod) -> dict[str, float]:
    x, x_prime = torch.tensor([[3.0, 1.0]], dtype=torch.float64), torch.zeros(1, 2, dtype=torch.float64)
    printed = torch.tensor([[1.5, -0.5]], dtype=torch.float64)
    off = [method(network, x, x_prime) - printed for network in (figure_7_f, figure_7_g)]
    x, x_prime = 2 * random_inputs(64, 2, seed=3), 2 * random_inputs(64, 2, seed=4)
    apart = method(figure_7_f, x, x_prime) - method(figure_7_g, x, x_prime)
    return {"Figure 7": torch.cat(off).abs().max().item(), "random inputs": apart.abs().max().item()}


def signals_at_a_feature_that_counts() -> dict[str, float]:
    """Return the largest signals that two rules send back to x₂ of Figure 7's f, where x₂ lowers the output."""
    rules = {"guided back-propagation": guided_backpropagation, "deconvolution": deconvolution}
    x = _where_x2_lowers_f()
    return {name: rule(figure_7_f, x)[:, 1].abs().max().item() for name, rule in rules.items()}


def attribution_of_a_feature_that_counts() -> float:
    """Return the largest |IG| of x₂ there, from the baseline (0, 0)."""
    x = _where_x2_lowers_f()
    return integrated_gradients(figure_7_f, x, torch.zeros_like(x))[:, 1].abs().max().item()


def _where_x2_lowers_f() -> Tensor:
    x1 = 1.5 + random_inputs(64, 1, seed=5).abs()
    return torch.cat([x1, (x1 - 1) * torch.linspace(0.05, 0.95, 64, dtype=torch.float64)[:, None]], dim=1)


# Sensitivity (b), Linearity: section 4.1.


def attribution_of_a_dummy() -> float:
    """Return the largest |IG| of a feature that enters a network in three places and cancels out."""
    return _attribution_of_a_dummy(integrated_gradients)


def equal_share_of_a_dummy() -> float:
    """Return the same for the rule that gives each feature an equal share of F(x) − F(x′)."""
    return _attribution_of_a_dummy(lambda F, x, x_prime: ((F(x) - F(x_prime)) / x.shape[1])[:, None].expand_as(x))


def _attribution_of_a_dummy(method: Method) -> float:
    smooth = random_network((2, 32, 32), torch.tanh, seed=6)

    def f(x: Tensor) -> Tensor:
        dummy = x[:, 2]
        softplus = SMOOTH["softplus"]
        return smooth(x[:, :2]) + softplus(dummy) - softplus(-dummy) - dummy  # softplus(z) − softplus(−z) = z

    return method(f, random_inputs(16, 3, seed=7), random_inputs(16, 3, seed=8))[:, 2].abs().max().item()


def nonlinearity() -> float:
    """Return the largest |IG(a f₁ + b f₂ + w·x) − a IG(f₁) − b IG(f₂) − w (x − x′)|."""
    return _nonlinearity(integrated_gradients)


def nonlinearity_of_saliency() -> float:
    """Return the same for saliency maps, which take the absolute value of the gradient."""
    return _nonlinearity(lambda F, x, _: saliency(F, x))


def _nonlinearity(method: Method) -> float:
    x, x_prime = random_inputs(16, 6, seed=9), random_inputs(16, 6, seed=10)
    f1 = random_network((6, 32, 32), torch.relu, seed=11)
    f2 = random_network((6, 16), torch.tanh, seed=12)
    a, b = 2.0, -3.0
    w = torch.linspace(-1, 1, 6, dtype=torch.float64)
    whole = method(lambda x: a * f1(x) + b * f2(x) + x @ w, x, x_prime)
    parts = a * method(f1, x, x_prime) + b * method(f2, x, x_prime) + w * (x - x_prime)
    return (whole - parts).abs().max().item()


# Path methods, Symmetry: sections 4.1 and 4.2.


def incompleteness_of_a_curved_path() -> float:
    """Return the largest |Σ PathIGᵢ − (F(x) − F(x′))| of Equation 2 along a bent path."""
    F, x, x_prime = _network_and_inputs()
    return completeness_gap(F, x, x_prime, path_integrated_gradients(F, _bent(x, x_prime))).abs().max().item()


def incompleteness_without_the_path_velocity() -> float:
    """Return the same where the gradients along the bent path are multiplied by x − x′, as if it were straight."""
    F, x, x_prime = _network_and_inputs()
    gamma = _bent(x, x_prime)
    average = sum(
        (w * gradients(F, gamma(alpha)) for alpha, w in zip(*quadrature("gausslegendre", 50), strict=True)),
        start=torch.zeros_like(x),
    )
    return completeness_gap(F, x, x_prime, (x - x_prime) * average).abs().max().item()


def _network_and_inputs() -> tuple[Function, Tensor, Tensor]:
    F = random_network((6, 32, 32), torch.tanh, seed=13)
    return F, random_inputs(16, 6, seed=14), random_inputs(16, 6, seed=15)


def _bent(x: Tensor, x_prime: Tensor) -> Callable[[Tensor], Tensor]:
    """Return the monotone path on which feature i moves as αⁱ: the first features lead, the last ones follow."""
    powers = torch.arange(1, x.shape[1] + 1, dtype=x.dtype)
    return lambda alpha: x_prime + alpha**powers * (x - x_prime)


def asymmetry() -> float:
    """Return the largest |IG₁ − IG₂| where x₁ and x₂ are equal and the network does not tell them apart."""
    return _asymmetry(integrated_gradients)


def asymmetry_of_one_feature_after_another() -> float:
    """Return the same for the path that moves x₁ to its end before it moves x₂."""
    return _asymmetry(partial(one_feature_after_another, order=range(6)))


def _asymmetry(method: Method) -> float:
    half, x, x_prime = _network_and_inputs()
    swapped = torch.tensor([1, 0, 2, 3, 4, 5])
    x[:, 1], x_prime[:, 1] = x[:, 0], x_prime[:, 0]
    attributions = method(lambda x: half(x) + half(x[:, swapped]), x, x_prime)
    return (attributions[:, 0] - attributions[:, 1]).abs().max().item()


def attribution_of_the_smaller() -> float:
    """Return IG of x₁ in min(x₁, x₂) at (1, 3), from (0, 0): Remark 5."""
    return _attribution_of_the_smaller(integrated_gradients)


def shapley_shubik_of_the_smaller() -> float:
    """Return the same for the average over all orders of moving one feature after another."""
    return _attribution_of_the_smaller(shapley_shubik)


def _attribution_of_the_smaller(method: Method) -> float:
    x = torch.tensor([[1.0, 3.0]], dtype=torch.float64)
    return method(lambda x: torch.minimum(x[:, 0], x[:, 1]), x, torch.zeros_like(x))[0, 0].item()


# The number of steps: section 5.

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
    return _errors(integrated_gradients_approx(F, x, torch.zeros_like(x), m=300), _exact(F, x)).max().item()


def worst_error_at_50_gauss_legendre_points() -> float:
    """Return the same with a sixth of the gradients, taken where Gauss–Legendre takes them."""
    F, x = trained_classifier(torch.tanh, seed=1)
    return _errors(integrated_gradients(F, x, torch.zeros_like(x), n_steps=50), _exact(F, x)).max().item()


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
            worst = max(worst, torch.where(done, _errors(attributions, exact), 0).max().item())
            waiting &= ~done
            if not waiting.any():
                break
    return worst


def _steps_to_five_percent(F: Function, x: Tensor) -> float:
    exact = _exact(F, x)
    for m in LADDER:
        if _errors(integrated_gradients_approx(F, x, torch.zeros_like(x), m=m), exact).median() <= 0.05:
            return float(m)
    return float("inf")


def _exact(F: Function, x: Tensor) -> Tensor:
    return integrated_gradients(F, x, torch.zeros_like(x), n_steps=1000, method="riemann_middle")


def _errors(attributions: Tensor, exact: Tensor) -> Tensor:
    """Return the relative L2 error of each input's attributions: (B, n) and (B, n) in, (B,) out."""
    error: Tensor = (attributions - exact).norm(dim=1) / exact.norm(dim=1)
    return error


# The implementation that everybody uses.


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

    x, x_prime = random_inputs(8, 6, seed=16), random_inputs(8, 6, seed=17)
    distances = {}
    for name in ("gausslegendre", "riemann_left", "riemann_right", "riemann_middle"):
        worst = 0.0
        for seed, activation in enumerate((torch.relu, *SMOOTH.values())):
            F = random_network((6, 32, 32), activation, seed=18 + seed)
            theirs = IntegratedGradients(F).attribute(x, x_prime, n_steps=50, method=name)
            worst = max(worst, (method(F, x, x_prime, name) - theirs).abs().max().item())
        distances[name] = worst
    return distances


# Our own finding: what "differentiable almost everywhere" hides.


def implementation_variance_on_a_tie() -> float:
    """Return how far apart IG of two networks is that both compute x₁, where all of the path lies on x₁ = x₂."""
    return _implementation_variance_of_x1(torch.tensor([[1.0, 1.0]], dtype=torch.float64))


def implementation_variance_beside_a_tie() -> float:
    """Return the same where the path only begins on x₁ = x₂."""
    return _implementation_variance_of_x1(torch.tensor([[1.0, 1.001]], dtype=torch.float64))


def _implementation_variance_of_x1(x: Tensor) -> float:
    """Compare x₁ with ReLU(x₁ − x₂) − ReLU(x₂ − x₁) + x₂; autograd takes the derivative of ReLU at 0 to be 0."""

    def roundabout(x: Tensor) -> Tensor:
        x1, x2 = x.unbind(dim=1)
        return torch.relu(x1 - x2) - torch.relu(x2 - x1) + x2

    x_prime = torch.zeros_like(x)
    plain = integrated_gradients(lambda x: x[:, 0], x, x_prime)
    return (plain - integrated_gradients(roundabout, x, x_prime)).abs().max().item()
