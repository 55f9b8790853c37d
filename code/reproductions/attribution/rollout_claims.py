"""Nothing in; one number out of each function: what is claimed of rollout, on the classifier of six emotions.

Abnar and Zuidema 2020 (arXiv 2005.00928), on twenty of the sentences that the classifier was not trained on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reproductions.attribution.held_out import held_out_readings, mean_over_sentences
from reproductions.attribution.rank_correlation import rank_correlation
from reproductions.attribution.rollout import attention_rollout
from reproductions.attribution.token_methods import by_leaving_one_out, by_rollout
from reproductions.emotions.kept import emotion_classifier

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from reproductions.attribution.reading import Reading


def agreement_of_rollout_with_erasure() -> float:
    """Return the mean rank correlation of rollout with leaving one out."""
    return _agreement_with_erasure(by_rollout)


def agreement_of_raw_attention_with_erasure() -> float:
    """Return the same for the attention of the last layer as it is."""
    return _agreement_with_erasure(_raw_attention)


def _agreement_with_erasure(method: Callable[[Reading], Tensor]) -> float:
    def agreement(reading: Reading) -> float:
        ordinary = ~reading.special
        return rank_correlation(method(reading)[ordinary], by_leaving_one_out(reading)[ordinary].abs())

    return mean_over_sentences(agreement, emotion_classifier())


def incompleteness_of_rollout() -> float:
    """Return the largest |Σ shares − 1| of a position, over sentences."""
    return _shares(1)


def incompleteness_without_normalization() -> float:
    """Return the same where attention is added to the residual connection without being halved."""
    return _shares(2)


def _shares(scale: float) -> float:
    worst = 0.0
    for reading in held_out_readings(emotion_classifier()):
        rolled = attention_rollout([scale * one for one in reading.attentions()])
        worst = max(worst, (rolled.sum(dim=-1) - 1).abs().max().item())
    return worst


def _raw_attention(reading: Reading) -> Tensor:
    return reading.attentions()[-1].mean(dim=1)[0, 0]
