"""A text as a classifier reads it in; where a path to its embeddings may start, by name, out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reproductions.attribution.baselines import (
    blurred_baseline,
    mean_embedding_baseline,
    random_baseline,
    zero_baseline,
)
from reproductions.attribution.reading import word_embeddings

if TYPE_CHECKING:
    from torch import Tensor

    from reproductions.attribution.reading import Reading

SIGMA = 2.0
"""Of the blur, in tokens: a word keeps a fifth of itself."""


def text_baselines(reading: Reading) -> dict[str, Tensor]:
    """Return embeddings of words, (1, T, d) each, for each of the baselines that the field uses.

    Only that of the padding token leaves the special tokens as they are.
    """
    x = reading.embeddings(reading.ids)
    weight: Any = word_embeddings(reading.classifier).weight
    return {
        "padding token": reading.embeddings(reading.baseline_ids),
        "zero": zero_baseline(x),
        "mean embedding": mean_embedding_baseline(x, weight),
        "random": random_baseline(x, seed=0),
        "blurred": blurred_baseline(x, sigma=SIGMA, axes=[1]),
    }
