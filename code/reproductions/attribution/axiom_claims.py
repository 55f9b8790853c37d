"""Nothing in; one number, or a few named ones, out of each function: which axioms a method keeps, and which it breaks.

Section 2.2, section 4 and Appendix B of Sundararajan, Taly and Yan 2017 (arXiv 1703.01365v2). The networks are those of
Figure 7, of two features, small enough to know everything about. All numbers are float64 and come from fixed seeds.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn.functional import conv2d, max_pool2d

from reproductions.attribution.backpropagation_rules import discrete_gradients, layerwise_relevance
from reproductions.attribution.claims import figure_7_f, figure_7_g
from reproductions.attribution.gradients import gradient_times_input
from reproductions.attribution.integrated_gradients import completeness_gap, integrated_gradients
from reproductions.attribution.path_methods import one_feature_after_another, path_integrated_gradients
from reproductions.attribution.small_networks import random_inputs

if TYPE_CHECKING:
    from reproductions.attribution.backpropagation_rules import Network
    from reproductions.attribution.gradients import Function

Method = Callable[["Network", Tensor, Tensor], Tensor]
"""A network, x and x′ in; attributions, in the shape of x, out."""

FINE = 400
"""Steps of the midpoint rule: enough to find where rectifiers switch."""
BROKEN = 0.05
"""An axiom counts as broken when something is off by more than this; what the steps leave is far below."""


def _integrated(network: Network, x: Tensor, x_prime: Tensor) -> Tensor:
    return integrated_gradients(_plain(network), x, x_prime, n_steps=FINE, method="riemann_middle")


def _plain(network: Network) -> Function:
    return lambda x: network(x, torch.relu)


# What DeepLIFT and layer-wise relevance propagation make of Figure 7.


def off_the_printed_rivals() -> dict[str, float]:
    """Return how far DeepLIFT and LRP are from what Figure 7 prints for f and g: (1.5, −0.5) and (2, −1)."""
    return {
        "DeepLIFT": _off_the_printed(discrete_gradients),
        "LRP": _off_the_printed(lambda network, x, _: layerwise_relevance(network, x)),
    }


def off_the_printed_rivals_by_integrated_gradients() -> float:
    """Return the same for Integrated Gradients, which give f and g the same."""
    return _off_the_printed(_integrated)


def _off_the_printed(method: Method) -> float:
    x, x_prime = torch.tensor([[3.0, 1.0]], dtype=torch.float64), torch.zeros(1, 2, dtype=torch.float64)
    printed = {figure_7_f: (1.5, -0.5), figure_7_g: (2.0, -1.0)}
    off = [method(network, x, x_prime)[0] - torch.tensor(values).double() for network, values in printed.items()]
    return torch.cat(off).abs().max().item()


def variance_of_relevance_with_biases() -> float:
    """Return how far LRP of f is from LRP of g, where biases take their share of the relevance."""
    return _variance(lambda network, x, _: layerwise_relevance(network, x, biases=True))


def variance_of_relevance() -> float:
    """Return the same where biases take none, as in Figure 7."""
    return _variance(lambda network, x, _: layerwise_relevance(network, x))


# Where the chain rule of discrete gradients fails: section 2.2.


def variance_over_one_feature() -> dict[str, float]:
    """Return by how much slopes between two points fail to multiply, and DeepLIFT tells f from g, where x₂ is away."""
    x, x_prime = _inputs()
    h, g = torch.tanh(x[:, 0]) + x[:, 0], torch.tanh(x_prime[:, 0]) + x_prime[:, 0]
    slope = (h.sin() - g.sin()) / (x - x_prime)[:, 0]
    product = (h.sin() - g.sin()) / (h - g) * ((h - g) / (x - x_prime)[:, 0])
    alone = _variance(lambda network, x, x_prime: discrete_gradients(_without_the_second(network), x, x_prime))
    return {"slopes": (slope - product).abs().max().item(), "f and g of x₁": alone}


def variance_over_two_features() -> float:
    """Return by how much DeepLIFT tells f from g where both features are there."""
    return _variance(discrete_gradients)


def _without_the_second(network: Network) -> Network:
    return lambda x, relu: network(torch.stack([x[:, 0], torch.zeros_like(x[:, 1])], dim=1), relu)


# Four axioms, and who keeps them: section 4.1.


def axioms_kept_by_paths() -> dict[str, float]:
    """Return how many of four axioms are kept along the straight path, a bent one, and one feature after another."""

    def bent(network: Network, x: Tensor, x_prime: Tensor) -> Tensor:
        powers = torch.arange(1, 3)
        along = partial(_on_the_way, x=x, x_prime=x_prime, powers=powers)
        return path_integrated_gradients(_plain(network), along, n_steps=FINE, method="riemann_middle")

    def one_after_another(network: Network, x: Tensor, x_prime: Tensor) -> Tensor:
        return one_feature_after_another(_plain(network), x, x_prime, order=(0, 1))

    return {"straight": _kept(_integrated), "bent": _kept(bent), "one after another": _kept(one_after_another)}


def axioms_kept_by_others() -> dict[str, float]:
    """Return the same for four methods that give up an axiom each, so that none of the four can be left out."""

    def equal_shares(network: Network, x: Tensor, x_prime: Tensor) -> Tensor:
        return (_change(network, x, x_prime) / 2)[:, None].expand_as(x)

    def in_proportion(network: Network, x: Tensor, x_prime: Tensor) -> Tensor:
        sizes = _integrated(network, x, x_prime).abs()
        whole = sizes.sum(dim=1, keepdim=True)
        return _change(network, x, x_prime)[:, None] * torch.where(whole == 0, 0, sizes / whole)

    return {
        "gradient × input": _kept(lambda network, *ends: gradient_times_input(_plain(network), *ends)),
        "equal shares": _kept(equal_shares),
        "in proportion to |IG|": _kept(in_proportion),
        "DeepLIFT": _kept(discrete_gradients),
    }


def relevance_of_nothing_by_discrete_gradients() -> float:
    """Return the largest attribution of DeepLIFT's rule for f − g of Figure 7, a network that computes zero."""
    return _relevance_of_nothing(discrete_gradients)


def relevance_of_nothing_by_integrated_gradients() -> float:
    """Return the same for Integrated Gradients."""
    return _relevance_of_nothing(_integrated)


def _kept(method: Method) -> float:
    """Return how many of Completeness, Sensitivity(b), Linearity and Implementation Invariance a method keeps."""
    off = (_incompleteness(method), _relevance_of_a_dummy(method), _nonlinearity(method), _variance(method))
    return float(sum(size < BROKEN for size in off))


def _incompleteness(method: Method) -> float:
    x, x_prime = _inputs()
    attributions = method(figure_7_f, x, x_prime)
    return completeness_gap(_plain(figure_7_f), x, x_prime, attributions).abs().max().item()


def _relevance_of_nothing(method: Method) -> float:
    return method(_f_less_g, *_inputs()).abs().max().item()


def _relevance_of_a_dummy(method: Method) -> float:
    """Return the largest |A₂| of ReLU(x₁) + f(x) − g(x), on which x₂ has no influence."""
    attributions = method(lambda x, relu: relu(x[:, 0]) + _f_less_g(x, relu), *_inputs())
    return attributions[:, 1].abs().max().item()


def _f_less_g(x: Tensor, relu: Function) -> Tensor:
    return figure_7_f(x, relu) - figure_7_g(x, relu)


def _nonlinearity(method: Method) -> float:
    def other(x: Tensor, relu: Function) -> Tensor:
        return relu(x[:, 0] + x[:, 1]) - x[:, 1]

    def both(x: Tensor, relu: Function) -> Tensor:
        return 2 * figure_7_f(x, relu) - 3 * other(x, relu)

    x, x_prime = _inputs()
    parts = 2 * method(figure_7_f, x, x_prime) - 3 * method(other, x, x_prime)
    return (method(both, x, x_prime) - parts).abs().max().item()


def _variance(method: Method) -> float:
    x, x_prime = _inputs()
    return (method(figure_7_f, x, x_prime) - method(figure_7_g, x, x_prime)).abs().max().item()


def _change(network: Network, x: Tensor, x_prime: Tensor) -> Tensor:
    return network(x, torch.relu) - network(x_prime, torch.relu)


def _on_the_way(alpha: Tensor, *, x: Tensor, x_prime: Tensor, powers: Tensor) -> Tensor:
    return x_prime + alpha**powers * (x - x_prime)


def _inputs() -> tuple[Tensor, Tensor]:
    return 2 * random_inputs(64, 2, seed=20), 2 * random_inputs(64, 2, seed=21)


# Which functions Completeness asks for: footnote 1.


def incompleteness_with_kinks() -> float:
    """Return the largest |Σ IGᵢ − (F(x) − F(x′))| through a convolution, rectifiers, max-pooling and a sigmoid."""
    return _incompleteness_of_images(_image_network)


def incompleteness_with_a_jump() -> float:
    """Return the same where the network's output jumps by one as a pixel passes zero."""
    return _incompleteness_of_images(lambda x: _image_network(x) + (x[:, 0, 1, 1] > 0))


def _incompleteness_of_images(F: Function) -> float:
    x, x_prime = random_inputs(8, 1, 8, 8, seed=22), random_inputs(8, 1, 8, 8, seed=23)
    attributions = integrated_gradients(F, x, x_prime, n_steps=2000, method="riemann_middle")
    return completeness_gap(F, x, x_prime, attributions).abs().max().item()


def _image_network(x: Tensor) -> Tensor:
    kernels, weights = random_inputs(4, 1, 3, 3, seed=24) / 3, random_inputs(36, seed=25) / 6
    pooled = max_pool2d(conv2d(x, kernels).relu(), 2)
    return torch.sigmoid(pooled.flatten(start_dim=1) @ weights)


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
