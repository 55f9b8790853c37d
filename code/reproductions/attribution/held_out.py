"""A classifier in; twenty of the sentences that it was not trained on, as it reads them, and means over these, out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reproductions.attribution.reading import Reading, read_text
from reproductions.emotions.sentences import held_out_sentences

if TYPE_CHECKING:
    from collections.abc import Callable

    from reproductions.emotions.classifier import Classifier

EVERY = 6
"""Of the held-out sentences, which come emotion by emotion."""


def held_out_readings(classifier: Classifier) -> list[Reading]:
    """Return twenty of the held-out sentences as a classifier reads them."""
    return [read_text(classifier, sentence.text) for sentence in held_out_sentences()[::EVERY]]


def mean_over_sentences(measure: Callable[[Reading], float], classifier: Classifier) -> float:
    """Return the mean of what is measured on each of the twenty sentences."""
    found = [measure(reading) for reading in held_out_readings(classifier)]
    return sum(found) / len(found)
