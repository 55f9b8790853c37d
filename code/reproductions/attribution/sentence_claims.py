"""Nothing in; one number out of each function: what is claimed of methods on sentences, by the classifier of emotions.

On twenty of the sentences that it was not trained on. Attributions are those of the logit of its answer; what a token
loses is the answer's probability, and a token that is left out is masked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from reproductions.attribution.gradients import gradient_times_input
from reproductions.attribution.held_out import held_out_readings, mean_over_sentences
from reproductions.attribution.integrated_gradients import completeness_gap
from reproductions.attribution.removal_curves import deletion_curve
from reproductions.attribution.to_tolerance import integrated_gradients_to_tolerance
from reproductions.attribution.token_methods import at_random, by_leaving_one_out
from reproductions.emotions.kept import emotion_classifier

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from reproductions.attribution.gradients import Method
    from reproductions.attribution.reading import Reading


# Completeness: Sundararajan, Taly and Yan 2017 (arXiv 1703.01365v2), Proposition 1.


def incompleteness_on_sentences() -> float:
    """Return the largest |Σ attributions − (F(x) − F(x′))| / |F(x) − F(x′)| over the sentences, F the logit."""
    return _incompleteness(lambda *given: integrated_gradients_to_tolerance(*given, tolerance=1e-3)[0])


def incompleteness_of_input_times_gradient_on_sentences() -> float:
    """Return the same for input × gradient."""
    return _incompleteness(gradient_times_input)


def _incompleteness(method: Method) -> float:
    worst = 0.0
    for reading in held_out_readings(emotion_classifier()):
        F, x, x_prime = reading.logit_of_embeddings, *map(reading.embeddings, (reading.ids, reading.baseline_ids))
        gap = completeness_gap(F, x, x_prime, method(F, x, x_prime))
        with torch.no_grad():
            worst = max(worst, (gap / (F(x) - F(x_prime))).abs().item())
    return worst


# Erasure: Li, Monroe and Jurafsky 2016 (arXiv 1612.08220).


def loss_of_the_best_token() -> float:
    """Return how much of its probability the answer loses when the best token by leaving one out is masked."""
    return _loss_of(by_leaving_one_out)


def loss_of_a_random_token() -> float:
    """Return the same for a token at random."""
    return _loss_of(at_random)


def _loss_of(method: Callable[[Reading], Tensor]) -> float:
    def loss(reading: Reading) -> float:
        curve = deletion_curve(reading.presence(), method(reading)[~reading.special])
        return (curve[0] - curve[1]).item()

    return mean_over_sentences(loss, emotion_classifier())
