"""Nothing in; one number, or a few named ones, out of each function: what a method makes of one function, built twice.

Implementation Invariance: section 2.2 and Appendix B of Sundararajan, Taly and Yan 2017 (arXiv 1703.01365v2). The
networks are those of its Figure 7. All numbers are float64 and come from fixed seeds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from reproductions.attribution.backpropagation_rules import (
    deconvolution,
    discrete_gradients,
    guided_backpropagation,
    layerwise_relevance,
)
from reproductions.attribution.figure_7 import (
    figure_7_f,
    figure_7_g,
    integrated,
    largest_difference,
    plain,
    random_pairs,
)
from reproductions.attribution.integrated_gradients import integrated_gradients
from reproductions.normal import normal

if TYPE_CHECKING:
    from reproductions.attribution.backpropagation_rules import Network
    from reproductions.attribution.figure_7 import NetworkMethod


# Integrated Gradients, and the rules that it is held against.


def implementation_variance() -> dict[str, float]:
    """Return how far IG of Figure 7's two networks is from the paper's numbers, and from one another elsewhere."""
    return _implementation_variance(lambda network, *ends: integrated_gradients(plain(network), *ends))


def implementation_variance_of_discrete_gradients() -> dict[str, float]:
    """Return the same for discrete gradients, DeepLIFT's way back through a ReLU."""
    return _implementation_variance(discrete_gradients)


def _implementation_variance(method: NetworkMethod) -> dict[str, float]:
    x, x_prime = torch.tensor([[3.0, 1.0]], dtype=torch.float64), torch.zeros(1, 2, dtype=torch.float64)
    printed = torch.tensor([[1.5, -0.5]], dtype=torch.float64)
    off = [method(network, x, x_prime) - printed for network in (figure_7_f, figure_7_g)]
    x, x_prime = 2 * normal(64, 2, seed=3), 2 * normal(64, 2, seed=4)
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
    x1 = 1.5 + normal(64, 1, seed=5).abs()
    return torch.cat([x1, (x1 - 1) * torch.linspace(0.05, 0.95, 64, dtype=torch.float64)[:, None]], dim=1)


# What DeepLIFT and layer-wise relevance propagation make of Figure 7.


def off_the_printed_rivals() -> dict[str, float]:
    """Return how far DeepLIFT and LRP are from what Figure 7 prints for f and g: (1.5, −0.5) and (2, −1)."""
    return {
        "DeepLIFT": _off_the_printed(discrete_gradients),
        "LRP": _off_the_printed(lambda network, x, _: layerwise_relevance(network, x)),
    }


def off_the_printed_rivals_by_integrated_gradients() -> float:
    """Return the same for Integrated Gradients, which give f and g the same."""
    return _off_the_printed(integrated)


def _off_the_printed(method: NetworkMethod) -> float:
    x, x_prime = torch.tensor([[3.0, 1.0]], dtype=torch.float64), torch.zeros(1, 2, dtype=torch.float64)
    printed = {figure_7_f: (1.5, -0.5), figure_7_g: (2.0, -1.0)}
    off = [method(network, x, x_prime)[0] - torch.tensor(values).double() for network, values in printed.items()]
    return torch.cat(off).abs().max().item()


def variance_of_relevance_with_biases() -> float:
    """Return how far LRP of f is from LRP of g, where biases take their share of the relevance."""
    return largest_difference(lambda network, x, _: layerwise_relevance(network, x, biases=True))


def variance_of_relevance() -> float:
    """Return the same where biases take none, as in Figure 7."""
    return largest_difference(lambda network, x, _: layerwise_relevance(network, x))


# Where the chain rule of discrete gradients fails: section 2.2.


def variance_over_one_feature() -> dict[str, float]:
    """Return by how much slopes between two points fail to multiply, and DeepLIFT tells f from g, where x₂ is away."""
    x, x_prime = random_pairs()
    h, g = torch.tanh(x[:, 0]) + x[:, 0], torch.tanh(x_prime[:, 0]) + x_prime[:, 0]
    slope = (h.sin() - g.sin()) / (x - x_prime)[:, 0]
    product = (h.sin() - g.sin()) / (h - g) * ((h - g) / (x - x_prime)[:, 0])
    alone = largest_difference(lambda network, x, x_prime: discrete_gradients(_without_the_second(network), x, x_prime))
    return {"slopes": (slope - product).abs().max().item(), "f and g of x₁": alone}


def variance_over_two_features() -> float:
    """Return by how much DeepLIFT tells f from g where both features are there."""
    return largest_difference(discrete_gradients)


def _without_the_second(network: Network) -> Network:
    return lambda x, relu: network(torch.stack([x[:, 0], torch.zeros_like(x[:, 1])], dim=1), relu)


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
    straight = integrated_gradients(lambda x: x[:, 0], x, x_prime)
    return (straight - integrated_gradients(roundabout, x, x_prime)).abs().max().item()
