"""The sizes of a BERT, those of the two that the paper trained, and how many numbers such a model learns.

Devlin and others 2018 (arXiv 1810.04805v2), section 3, "Model Architecture".
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """L layers of width H with A heads, the inner layer 4H wide (section 3). What is left out is as in the paper.

    Where it differs from the paper: "a 30,000 token vocabulary" is of 30,522 entries in the models that were given out,
    and that number is the default here.
    """

    L: int
    H: int
    A: int
    vocabulary: int = 30_522
    positions: int = 512
    segments: int = 2
    P_drop: float = 0.1

    @property
    def inner(self) -> int:
        """The width of the feed-forward network's inner layer."""
        return 4 * self.H


BERT_BASE = Sizes(L=12, H=768, A=12)
BERT_LARGE = Sizes(L=24, H=1024, A=16)


def layer_parameters(p: Sizes) -> int:
    """Return those of one layer: four projections, the feed-forward network and two normalizations, all with biases."""
    attention = 4 * (p.H * p.H + p.H)
    feed_forward = 2 * p.H * p.inner + p.inner + p.H
    return attention + feed_forward + 2 * 2 * p.H


def parameters(p: Sizes, *, tied: bool = True) -> int:
    """Return those of the model as it is pre-trained: encoder, masked words, next sentence.

    With `tied=False` the words that are guessed have a matrix of their own; in the paper's code it is that of the
    embeddings.
    """
    embeddings = (p.vocabulary + p.positions + p.segments) * p.H + 2 * p.H
    masked_words = p.H * p.H + p.H + 2 * p.H + p.vocabulary
    next_sentence = p.H * p.H + p.H + 2 * p.H + 2
    matrix = 0 if tied else p.vocabulary * p.H
    return embeddings + p.L * layer_parameters(p) + masked_words + next_sentence + matrix
