"""Nothing in; one number out of each function: what deletion and insertion say of methods.

Petsiuk, Das and Saenko 2018 (arXiv 1806.07421). Areas are under curves of the answer's probability, on twenty
sentences that the classifier of six emotions was not trained on; tokens that are removed are masked.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from reproductions.attribution.held_out import held_out_readings, mean_over_sentences
from reproductions.attribution.removal_curves import area, deletion_curve, insertion_curve
from reproductions.attribution.token_methods import METHODS, at_random, by_integrated_gradients
from reproductions.emotions.kept import emotion_classifier
from reproductions.emotions.sentences import training_sentences
from reproductions.emotions.training import untrained_classifier

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from reproductions.attribution.reading import Reading
    from reproductions.emotions.classifier import Classifier


def advantage_at_deletion() -> float:
    """Return by how much the mean area under the deletion curve is smaller for integrated gradients than by chance."""
    return _advantage_at_deletion(emotion_classifier())


def advantage_at_deletion_untrained() -> float:
    """Return the same for a classifier with random weights."""
    return _advantage_at_deletion(_untrained())


def _advantage_at_deletion(classifier: Classifier) -> float:
    def gain(reading: Reading) -> float:
        return _by_chance(reading, deletion_curve) - _area(reading, by_integrated_gradients(reading), deletion_curve)

    return mean_over_sentences(gain, classifier)


def sentences_won_at_deletion_untrained() -> float:
    """Return the share of sentences on which an untrained classifier's integrated gradients beat chance at deletion."""
    return _sentences_won(by_integrated_gradients)


def sentences_won_at_deletion_at_random() -> float:
    """Return the same for one random order."""
    return _sentences_won(at_random)


def _sentences_won(method: Callable[[Reading], Tensor]) -> float:
    def won(reading: Reading) -> float:
        return float(_area(reading, method(reading), deletion_curve) < _by_chance(reading, deletion_curve))

    return mean_over_sentences(won, _untrained())


def advantage_at_insertion() -> float:
    """Return by how much the mean area under the insertion curve is larger for integrated gradients than by chance."""
    return _advantage_at_insertion(1)


def advantage_at_insertion_of_the_least_important() -> float:
    """Return the same where the least important token comes first."""
    return _advantage_at_insertion(-1)


def _advantage_at_insertion(sign: int) -> float:
    def gain(reading: Reading) -> float:
        scores = sign * by_integrated_gradients(reading)
        return _area(reading, scores, insertion_curve) - _by_chance(reading, insertion_curve)

    return mean_over_sentences(gain, emotion_classifier())


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


def _untrained() -> Classifier:
    return untrained_classifier(training_sentences())
