"""Nothing in; one number, or a few named ones, out of each function: what paths through a text's embeddings give.

Measured on a small text model with random weights, by `LayerIntegratedGradients`. All numbers are float64 and come from
fixed seeds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from reproductions.attribution.baselines import (
    blurred_baseline,
    mean_embedding_baseline,
    padding_baseline,
    random_baseline,
)
from reproductions.attribution.layer_attribution import LayerIntegratedGradients
from reproductions.attribution.token_summaries import token_sums

if TYPE_CHECKING:
    from reproductions.attribution.integrated_gradients import Quadrature


class SmallText(nn.Module):
    """Words and positions, embedded, mixed by attention, averaged: ids (B, tokens) in, logits (B, 3) out."""

    def __init__(self) -> None:
        super().__init__()
        with torch.random.fork_rng(devices=[]):
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


# Words and positions.


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
