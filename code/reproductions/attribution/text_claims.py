"""Nothing in; one number out of each function: what the methods say of the classifier of six emotions.

Measured on twenty of the sentences that the classifier was not trained on, from its probabilities unless a logit is
named. Tokens that are removed are masked.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import torch

from reproductions.attribution.gradients import gradient_times_input
from reproductions.attribution.integrated_gradients import completeness_gap
from reproductions.attribution.reading import Reading, read_text
from reproductions.attribution.removal_curves import area, deletion_curve, insertion_curve
from reproductions.attribution.rollout import attention_rollout
from reproductions.attribution.to_tolerance import integrated_gradients_to_tolerance
from reproductions.attribution.token_methods import (
    METHODS,
    at_random,
    by_integrated_gradients,
    by_leaving_one_out,
    by_rollout,
)
from reproductions.emotions.kept import emotion_classifier
from reproductions.emotions.sentences import held_out_sentences, training_sentences
from reproductions.emotions.training import untrained_classifier

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from reproductions.emotions.classifier import Classifier

EVERY = 6
"""Of the held-out sentences, which come emotion by emotion."""


def held_out_readings(classifier: Classifier) -> list[Reading]:
    """Return twenty of the held-out sentences as a classifier reads them."""
    return [read_text(classifier, sentence.text) for sentence in held_out_sentences()[::EVERY]]


def _untrained() -> Classifier:
    return untrained_classifier(training_sentences())


# Completeness: Sundararajan, Taly and Yan 2017 (arXiv 1703.01365v2), Proposition 1.


def incompleteness_on_sentences() -> float:
    """Return the largest |Σ attributions − (F(x) − F(x′))| / |F(x) − F(x′)| over the sentences, F the logit."""
    return _incompleteness(lambda *given: integrated_gradients_to_tolerance(*given, tolerance=1e-3)[0])


def incompleteness_of_input_times_gradient_on_sentences() -> float:
    """Return the same for input × gradient."""
    return _incompleteness(gradient_times_input)


def _incompleteness(method: Callable[..., Tensor]) -> float:
    worst = 0.0
    for reading in held_out_readings(emotion_classifier()):
        F, x, x_prime = reading.logit_of_embeddings, *map(reading.embeddings, (reading.ids, reading.baseline_ids))
        gap = completeness_gap(F, x, x_prime, method(F, x, x_prime))
        with torch.no_grad():
            worst = max(worst, (gap / (F(x) - F(x_prime))).abs().item())
    return worst


# Deletion and insertion: Petsiuk, Das and Saenko 2018 (arXiv 1806.07421).


def advantage_at_deletion() -> float:
    """Return by how much the mean area under the deletion curve is smaller for integrated gradients than by chance."""
    return _advantage_at_deletion(emotion_classifier())


def advantage_at_deletion_untrained() -> float:
    """Return the same for a classifier with random weights."""
    return _advantage_at_deletion(_untrained())


def _advantage_at_deletion(classifier: Classifier) -> float:
    gains = [
        _by_chance(reading, deletion_curve) - _area(reading, by_integrated_gradients(reading), deletion_curve)
        for reading in held_out_readings(classifier)
    ]
    return sum(gains) / len(gains)


def sentences_won_at_deletion_untrained() -> float:
    """Return the share of sentences on which an untrained classifier's integrated gradients beat chance at deletion."""
    return _sentences_won(by_integrated_gradients)


def sentences_won_at_deletion_at_random() -> float:
    """Return the same for one random order."""
    return _sentences_won(at_random)


def _sentences_won(method: Callable[[Reading], Tensor]) -> float:
    readings = held_out_readings(_untrained())
    won = [_area(one, method(one), deletion_curve) < _by_chance(one, deletion_curve) for one in readings]
    return sum(won) / len(won)


def advantage_at_insertion() -> float:
    """Return by how much the mean area under the insertion curve is larger for integrated gradients than by chance."""
    return _advantage_at_insertion(1)


def advantage_at_insertion_of_the_least_important() -> float:
    """Return the same where the least important token comes first."""
    return _advantage_at_insertion(-1)


def _advantage_at_insertion(sign: int) -> float:
    gains = [
        _area(one, sign * by_integrated_gradients(one), insertion_curve) - _by_chance(one, insertion_curve)
        for one in held_out_readings(emotion_classifier())
    ]
    return sum(gains) / len(gains)


def lead_at_deletion() -> float:
    """Return by how much the mean deletion area of integrated gradients is smaller than that of the best other."""
    return _lead_at_deletion("integrated gradients")


def lead_at_deletion_of_saliency() -> float:
    """Return the same for saliency."""
    return _lead_at_deletion("saliency")


def _lead_at_deletion(name: str) -> float:
    areas = mean_areas()
    return min(area for other, (area, _) in areas.items() if other != name) - areas[name][0]


@cache
def mean_areas() -> dict[str, tuple[float, float]]:
    """Return each method's mean areas under the deletion and the insertion curve, on the trained classifier."""
    readings = held_out_readings(emotion_classifier())
    found = {}
    for name, method in METHODS.items():
        scores = [method(reading) for reading in readings]
        deleted, inserted = (
            sum(_area(one, its, curve) for one, its in zip(readings, scores, strict=True)) / len(readings)
            for curve in (deletion_curve, insertion_curve)
        )
        found[name] = deleted, inserted
    return found


def _area(reading: Reading, scores: Tensor, curve: Callable[..., Tensor]) -> float:
    return area(curve(reading.presence(), scores[~reading.special]))


def _by_chance(reading: Reading, curve: Callable[..., Tensor]) -> float:
    areas = [_area(reading, at_random(reading, seed=seed), curve) for seed in range(5)]
    return sum(areas) / len(areas)


# Erasure: Li, Monroe and Jurafsky 2016 (arXiv 1612.08220).


def loss_of_the_best_token() -> float:
    """Return how much of its probability the answer loses when the best token by leaving one out is masked."""
    return _loss_of(by_leaving_one_out)


def loss_of_a_random_token() -> float:
    """Return the same for a token at random."""
    return _loss_of(at_random)


def _loss_of(method: Callable[[Reading], Tensor]) -> float:
    readings = held_out_readings(emotion_classifier())
    losses = []
    for reading in readings:
        curve = deletion_curve(reading.presence(), method(reading)[~reading.special])
        losses.append((curve[0] - curve[1]).item())
    return sum(losses) / len(losses)


# Rollout: Abnar and Zuidema 2020 (arXiv 2005.00928).


def agreement_of_rollout_with_erasure() -> float:
    """Return the mean rank correlation of rollout with leaving one out."""
    return _agreement_with_erasure(by_rollout)


def agreement_of_raw_attention_with_erasure() -> float:
    """Return the same for the attention of the last layer as it is."""
    return _agreement_with_erasure(_raw_attention)


def _agreement_with_erasure(method: Callable[[Reading], Tensor]) -> float:
    readings = held_out_readings(emotion_classifier())
    found = []
    for reading in readings:
        ordinary = ~reading.special
        found.append(rank_correlation(method(reading)[ordinary], by_leaving_one_out(reading)[ordinary].abs()))
    return sum(found) / len(found)


def incompleteness_of_rollout() -> float:
    """Return the largest |Σ shares − 1| of a position, over sentences."""
    return _shares(1)


def incompleteness_without_normalization() -> float:
    """Return the same where attention is added to the residual connection without being halved."""
    return _shares(2)


def _shares(scale: float) -> float:
    worst = 0.0
    for reading in held_out_readings(emotion_classifier()):
        rolled = attention_rollout([scale * one for one in _attentions(reading)])
        worst = max(worst, (rolled.sum(dim=-1) - 1).abs().max().item())
    return worst


@torch.no_grad()
def _attentions(reading: Reading) -> list[Tensor]:
    output = reading.classifier.model(input_ids=reading.ids, attention_mask=reading.mask, output_attentions=True)
    return list(output.attentions)


def _raw_attention(reading: Reading) -> Tensor:
    return _attentions(reading)[-1].mean(dim=1)[0, 0]


def rank_correlation(a: Tensor, b: Tensor) -> float:
    """Return the correlation of the ranks of two lists of numbers, (n,) each; equal ones rank in their order."""
    ranks = torch.stack([a.argsort().argsort(), b.argsort().argsort()]).double()
    return torch.corrcoef(ranks)[0, 1].item()
