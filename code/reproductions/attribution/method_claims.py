"""Nothing in; one number, or a few named ones, out of each function: what the claims on our methods measure.

These are the classes that one calls, `IntegratedGradients` and `LayerIntegratedGradients`, beside those of Captum 0.9
which they replace. All numbers come from fixed seeds.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, get_args

import torch
from torch import nn

from reproductions.attribution.baselines import (
    blurred_baseline,
    mean_embedding_baseline,
    padding_baseline,
    random_baseline,
)
from reproductions.attribution.input_attribution import IntegratedGradients
from reproductions.attribution.integrated_gradients import Quadrature, integrated_gradients
from reproductions.attribution.layer_attribution import LayerIntegratedGradients
from reproductions.attribution.small_networks import random_inputs, random_network
from reproductions.attribution.stretch_rules import NODES
from reproductions.attribution.to_tolerance import ToleranceNotMet, integrated_gradients_to_tolerance
from reproductions.attribution.token_summaries import token_sums

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from reproductions.attribution.gradients import Function

METHODS: tuple[Quadrature, ...] = get_args(Quadrature)
TOLERANCE = 1e-3


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


# To a tolerance.


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


def estimates_below_the_error() -> float:
    """Return which part of 64 inputs' errors is larger than the report says."""
    F, x = random_network((6, 32, 32), torch.relu, seed=30), random_inputs(64, 6, seed=31)
    attributions, reports = integrated_gradients_to_tolerance(F, x, torch.zeros_like(x), tolerance=TOLERANCE)
    estimated = torch.tensor([report.error for report in reports], dtype=x.dtype)
    return float((_errors(F, x, attributions) > estimated).double().mean())


def gaps_below_the_error() -> float:
    """Return the same where the completeness gap of the whole path is taken for the error, as Captum's users do."""
    F, x = random_network((6, 32, 32), torch.relu, seed=30), random_inputs(64, 6, seed=31)
    attributions, gaps = IntegratedGradients(F).attribute(x, n_steps=50, return_convergence_delta=True)
    return float((_errors(F, x, attributions) > gaps.abs() / attributions.norm(dim=1)).double().mean())


def error_of_one_stretch_through_rectifiers() -> float:
    """Return the largest relative L2 error of 16 inputs' attributions through a hundred rectifiers, by one stretch."""
    F, x = random_network((6, 100), torch.relu, seed=10), random_inputs(16, 6, seed=11)
    attributions, reports = integrated_gradients_to_tolerance(F, x, torch.zeros_like(x), tolerance=0.1)
    if {report.evaluations for report in reports} != {NODES}:
        raise RuntimeError("one stretch was not enough, so that there is nothing to compare")
    return _worst_error(F, x, attributions)


def error_of_as_many_points_through_rectifiers() -> float:
    """Return the same for as many points of Gauss–Legendre."""
    F, x = random_network((6, 100), torch.relu, seed=10), random_inputs(16, 6, seed=11)
    return _worst_error(F, x, integrated_gradients(F, x, torch.zeros_like(x), n_steps=NODES))


def _functions_that_are_hard_to_walk() -> dict[str, tuple[Function, Tensor]]:
    def cliff(x: Tensor) -> Tensor:
        return torch.sigmoid(400 * (x.mean(dim=1) - 0.3)) * x[:, 0]

    def confident(x: Tensor) -> Tensor:
        return torch.sigmoid(40 * network(x))

    network = random_network((6, 32, 32), torch.tanh, seed=32)
    x = random_inputs(16, 6, seed=33)
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


def _worst_error(F: Function, x: Tensor, attributions: Tensor) -> float:
    return _errors(F, x, attributions).max().item()


def _errors(F: Function, x: Tensor, attributions: Tensor) -> Tensor:
    exact = IntegratedGradients(F).attribute(x, n_steps=5000, method="riemann_middle")  # many points at once
    errors: Tensor = (attributions - exact).norm(dim=1) / exact.norm(dim=1)
    return errors


# Layers of a text model.


class SmallText(nn.Module):
    """Words and positions, embedded, mixed by attention, averaged: ids (B, tokens) in, logits (B, 3) out."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(35)
        self.words, self.positions = nn.Embedding(20, 6), nn.Embedding(8, 6)
        self.mix, self.head = nn.Linear(6, 6), nn.Linear(6, 3)

    def forward(self, ids: Tensor) -> Tensor:
        """Look the positions up once for the whole batch, as DistilBERT does."""
        x = self.words(ids) + self.positions(torch.arange(ids.shape[1])[None])
        attention = torch.softmax(x @ x.transpose(1, 2), dim=-1)
        logits: Tensor = self.head(torch.tanh(self.mix(attention @ x)).mean(dim=1))
        return logits


IDS = torch.tensor([[1, 7, 11, 5, 2], [1, 9, 4, 19, 2], [1, 3, 3, 12, 2]])
"""[CLS] and [SEP] are 1 and 2, padding is 0."""


def incompleteness_over_words_and_positions() -> float:
    """Return the largest |Σ over tokens − change of the logit| where words and positions start from zero."""
    model = _in_double_precision(SmallText())
    words, positions = _words_and_positions(model)
    return _incompleteness_of_tokens(model, token_sums(words) + token_sums(positions))


def incompleteness_over_words_alone() -> float:
    """Return the same where the positions' part is left out."""
    model = _in_double_precision(SmallText())
    return _incompleteness_of_tokens(model, token_sums(_words_and_positions(model)[0]))


def _words_and_positions(model: SmallText) -> list[Tensor]:
    parts: list[Tensor] = LayerIntegratedGradients(model, [model.words, model.positions]).attribute(
        IDS, target=1, layer_baselines=(0, 0)
    )
    return parts


def _incompleteness_of_tokens(model: SmallText, scores: Tensor) -> float:
    with torch.no_grad():
        nothing = model.head(torch.tanh(model.mix(torch.zeros(1, 6, dtype=torch.float64))))[:, 1]
        change = model(IDS)[:, 1] - nothing
    return float((scores.sum(dim=1) - change).abs().max())


# Baselines.


def attribution_of_what_equals_its_baseline() -> float:
    """Return the largest |IG| of [CLS] and [SEP], where the baseline is padding between the same two tokens."""
    model = _in_double_precision(SmallText())
    baseline = padding_baseline(IDS, padding=0, kept=(1, 2))
    return _largest_of_special_tokens(LayerIntegratedGradients(model, model.words).attribute(IDS, baseline, target=1))


def attribution_of_special_tokens_from_zero() -> float:
    """Return the same where the path starts from embeddings of zeros."""
    model = _in_double_precision(SmallText())
    layer = LayerIntegratedGradients(model, model.words)
    return _largest_of_special_tokens(layer.attribute(IDS, target=1, layer_baselines=0))


def _largest_of_special_tokens(attributions: Tensor) -> float:
    return float(attributions[:, [0, -1]].abs().max())


def disagreement_of_baselines() -> dict[str, float]:
    """Return how far the tokens' sums from another baseline are from those from zero, relative in the L2 norm."""
    model = _in_double_precision(SmallText())
    with torch.no_grad():
        embeddings = model.words(IDS)
    starts = {
        "padding token": model.words.weight.detach()[0].expand_as(embeddings),
        "mean embedding": mean_embedding_baseline(embeddings, model.words.weight),
        "random": random_baseline(embeddings, seed=38),
        "blurred": blurred_baseline(embeddings, sigma=1, axes=[1]),
    }
    return {name: _off(_sums(model, start), _sums(model, 0)) for name, start in starts.items()}


def disagreement_of_quadratures() -> float:
    """Return the same for the midpoint rule in the place of Gauss–Legendre, from zero both."""
    model = _in_double_precision(SmallText())
    return _off(_sums(model, 0, method="riemann_middle"), _sums(model, 0))


def _sums(model: SmallText, start: Tensor | float, *, method: Quadrature = "gausslegendre") -> Tensor:
    layer = LayerIntegratedGradients(model, model.words)
    return token_sums(layer.attribute(IDS, target=1, layer_baselines=start, method=method))


def _off(scores: Tensor, reference: Tensor) -> float:
    return float((scores - reference).norm() / reference.norm())


def _in_double_precision(model: SmallText) -> SmallText:
    return model.double().eval()
