"""A text as a classifier reads it in; how much each of its words says for the label, out.

Integrated Gradients (Sundararajan, Taly and Yan 2017, arXiv 1703.01365v2) from the padding token's embedding, to a
tolerance; a word's importance is the sum over the coordinates of all of its pieces.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from reproductions.attribution.to_tolerance import integrated_gradients_to_tolerance
from reproductions.attribution.token_summaries import token_sums

if TYPE_CHECKING:
    from torch import Tensor

    from reproductions.attribution.reading import Reading
    from reproductions.emotions.classifier import Answer


@dataclass(frozen=True)
class Word:
    """A word or mark of a text, what stands between the last one and it, and what it says for the label."""

    before: str
    text: str
    importance: float


@dataclass(frozen=True)
class WordImportance:
    """A text's words with their importances, and what these add up to.

    `words` add up, with what the special tokens got, to `difference`, the target's logit less that of a text without
    words, but for `error`, which is relative to it (absolute where nothing differs).
    """

    label: str
    score: float
    """The label's probability; where the model gives numbers, the number itself."""
    difference: float
    error: float
    words: tuple[Word, ...]
    after: str
    """What stands behind the last word."""
    cut: bool = False
    """Whether more words stand there, which the classifier could not read."""
    answer: Answer = "one label"
    """How the score is to be read."""

    @property
    def largest(self) -> float:
        """The size of the largest importance."""
        return max(abs(word.importance) for word in self.words)


def word_importance(reading: Reading, *, tolerance: float = 1e-2) -> WordImportance:
    """Return the importance of each word for the label that the reading asks for.

    Warns `ToleranceNotMet` where the tolerance, relative to all attributions, is out of reach.
    """
    x, x_prime = reading.embeddings(reading.ids), reading.embeddings(reading.baseline_ids)
    attributions, _ = integrated_gradients_to_tolerance(reading.logit_of_embeddings, x, x_prime, tolerance=tolerance)
    tokens = token_sums(attributions)[0]
    with torch.no_grad():
        score = reading.score_of_embeddings(x).item()
        difference = (reading.logit_of_embeddings(x) - reading.logit_of_embeddings(x_prime)).item()
    words, end = [], 0
    for spans, importance in zip(*by_word(reading, tokens), strict=True):
        words.append(Word(reading.text[end : spans[0]], reading.text[slice(*spans)], importance))
        end = spans[1]
    return WordImportance(
        label=reading.label,
        score=score,
        difference=difference,
        error=(tokens.sum().item() - difference) / (difference or 1.0),
        words=tuple(words),
        after=reading.text[end:],
        cut=reading.cut,
        answer=reading.classifier.answer,
    )


def by_word(reading: Reading, scores: Tensor) -> tuple[list[tuple[int, int]], list[float]]:
    """Return where each word stands in the text, and the sum of the scores of its tokens: (T,) in, one a word out."""
    numbers = scores.tolist()
    words = _words(reading)
    return [_span(reading, places) for places in words], [sum(numbers[place] for place in places) for places in words]


def tokens_of(reading: Reading, text: str) -> list[int]:
    """Return the places of the tokens of the first word that is `text`.

    Raises `ValueError` when there is none.
    """
    for places in _words(reading):
        if reading.text[slice(*_span(reading, places))].lower() == text.lower():
            return places
    raise ValueError(f"there is no word '{text}' in: {reading.text}")


def _words(reading: Reading) -> list[list[int]]:
    """Return the places of the tokens of each word, in the order of the text."""
    places: dict[int, list[int]] = {}
    for place, word in enumerate(reading.words):
        if word is not None:
            places.setdefault(word, []).append(place)
    return list(places.values())


def _span(reading: Reading, places: list[int]) -> tuple[int, int]:
    return reading.spans[places[0]][0], reading.spans[places[-1]][1]
