"""Nothing in; one number, or a few named ones, out of each function: which of four axioms a method keeps.

Completeness, Sensitivity (b), Linearity and Implementation Invariance: section 4.1 of Sundararajan, Taly and Yan 2017
(arXiv 1703.01365v2), where path methods are those that keep all four. The networks are those of Figure 7, of two
features, small enough to know everything about. All numbers are float64 and come from fixed seeds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from reproductions.attribution.backpropagation_rules import discrete_gradients
from reproductions.attribution.figure_7 import (
    FINE,
    figure_7_f,
    figure_7_g,
    integrated,
    largest_difference,
    plain,
    random_pairs,
)
from reproductions.attribution.gradients import gradient_times_input
from reproductions.attribution.integrated_gradients import completeness_gap
from reproductions.attribution.path_methods import bent_path, one_feature_after_another, path_integrated_gradients

if TYPE_CHECKING:
    from reproductions.attribution.backpropagation_rules import Network
    from reproductions.attribution.figure_7 import NetworkMethod
    from reproductions.attribution.gradients import Function

BROKEN = 0.05
"""An axiom counts as broken when something is off by more than this; what the steps leave is far below."""


def axioms_kept_by_paths() -> dict[str, float]:
    """Return how many of four axioms are kept along the straight path, a bent one, and one feature after another."""

    def bent(network: Network, x: Tensor, x_prime: Tensor) -> Tensor:
        return path_integrated_gradients(plain(network), bent_path(x, x_prime), n_steps=FINE, method="riemann_middle")

    def one_after_another(network: Network, x: Tensor, x_prime: Tensor) -> Tensor:
        return one_feature_after_another(plain(network), x, x_prime, order=(0, 1))

    return {"straight": _kept(integrated), "bent": _kept(bent), "one after another": _kept(one_after_another)}


def axioms_kept_by_others() -> dict[str, float]:
    """Return the same for four methods that give up an axiom each, so that none of the four can be left out."""

    def equal_shares(network: Network, x: Tensor, x_prime: Tensor) -> Tensor:
        return (_change(network, x, x_prime) / 2)[:, None].expand_as(x)

    def in_proportion(network: Network, x: Tensor, x_prime: Tensor) -> Tensor:
        sizes = integrated(network, x, x_prime).abs()
        whole = sizes.sum(dim=1, keepdim=True)
        return _change(network, x, x_prime)[:, None] * torch.where(whole == 0, 0, sizes / whole)

    return {
        "gradient × input": _kept(lambda network, *ends: gradient_times_input(plain(network), *ends)),
        "equal shares": _kept(equal_shares),
        "in proportion to |IG|": _kept(in_proportion),
        "DeepLIFT": _kept(discrete_gradients),
    }


def relevance_of_nothing_by_discrete_gradients() -> float:
    """Return the largest attribution of DeepLIFT's rule for f − g of Figure 7, a network that computes zero."""
    return _relevance_of_nothing(discrete_gradients)


def relevance_of_nothing_by_integrated_gradients() -> float:
    """Return the same for Integrated Gradients."""
    return _relevance_of_nothing(integrated)


def _kept(method: NetworkMethod) -> float:
    """Return how many of Completeness, Sensitivity(b), Linearity and Implementation Invariance a method keeps."""
    off = (_incompleteness(method), _relevance_of_a_dummy(method), _nonlinearity(method), largest_difference(method))
    return float(sum(size < BROKEN for size in off))


def _incompleteness(method: NetworkMethod) -> float:
    x, x_prime = random_pairs()
    attributions = method(figure_7_f, x, x_prime)
    return completeness_gap(plain(figure_7_f), x, x_prime, attributions).abs().max().item()


def _relevance_of_nothing(method: NetworkMethod) -> float:
    return method(_f_less_g, *random_pairs()).abs().max().item()


def _relevance_of_a_dummy(method: NetworkMethod) -> float:
    """Return the largest |A₂| of ReLU(x₁) + f(x) − g(x), on which x₂ has no influence."""
    attributions = method(lambda x, relu: relu(x[:, 0]) + _f_less_g(x, relu), *random_pairs())
    return attributions[:, 1].abs().max().item()


def _f_less_g(x: Tensor, relu: Function) -> Tensor:
    return figure_7_f(x, relu) - figure_7_g(x, relu)


def _nonlinearity(method: NetworkMethod) -> float:
    def other(x: Tensor, relu: Function) -> Tensor:
        return relu(x[:, 0] + x[:, 1]) - x[:, 1]

    def both(x: Tensor, relu: Function) -> Tensor:
        return 2 * figure_7_f(x, relu) - 3 * other(x, relu)

    x, x_prime = random_pairs()
    parts = 2 * method(figure_7_f, x, x_prime) - 3 * method(other, x, x_prime)
    return (method(both, x, x_prime) - parts).abs().max().item()


def _change(network: Network, x: Tensor, x_prime: Tensor) -> Tensor:
    return network(x, torch.relu) - network(x_prime, torch.relu)
