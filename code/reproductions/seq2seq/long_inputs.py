"""A way to look at the source in; a model that was trained on short sources, and what is left of it on long ones, out.

Bahdanau, Cho and Bengio 2014 (arXiv 1409.0473v7), section 5.1 and Figure 2: translations by the length of the source,
with one vector for all words of the target and with one for each. The translation is that of `spoken_dates`.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

import torch

from reproductions.kept import kept
from reproductions.seq2seq.encoder_decoder import exact, lengths
from reproductions.seq2seq.rnn_search import RNNsearch
from reproductions.seq2seq.spoken_dates import VOCABULARY, dates
from reproductions.seq2seq.training import train

if TYPE_CHECKING:
    from torch import Tensor

    from reproductions.seq2seq.rnn_search import Looks
    from reproductions.seq2seq.spoken_dates import Dates

TRAINED = range(4)
"""Phrases of filler in a source of the training data."""
STEPS, BATCH, RATE, UNSEEN = 180, 64, 4e-3, 300


@cache
def _data(steps: int) -> Dates:
    return dates(steps * BATCH, phrases=TRAINED, generator=torch.Generator().manual_seed(0))


def longest_of_training() -> int:
    """Return how many words the longest source of the training data has."""
    return int(lengths(_data(STEPS).pairs.source).max()) - 1


@cache
def learnt(looks: Looks, *, steps: int = STEPS) -> RNNsearch:
    """Return a model after so many batches of dates with none to three phrases of filler.

    Shared: do not change its weights.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = RNNsearch(VOCABULARY, looks=looks)
    return kept(model, partial(train, data=_data(steps).pairs, batch=BATCH, rate=RATE))


@cache
def unseen(phrases: int) -> Dates:
    """Return 300 dates, each with so many phrases of filler; no such source was in the training data."""
    return dates(UNSEEN, phrases=range(phrases, phrases + 1), generator=torch.Generator().manual_seed(1 + phrases))


def words(phrases: int) -> float:
    """Return the mean length of such sources, their ends left out."""
    return (lengths(unseen(phrases).pairs.source) - 1).double().mean().item()


@cache
def translated(model: RNNsearch, phrases: int) -> float:
    """Return the share of such dates that the model writes without a mistake."""
    return exact(model, *unseen(phrases).pairs)


def looked_at(model: RNNsearch, data: Dates) -> Tensor:
    """Return, for each digit of the targets, whether its largest weight is on the part of the date that it belongs to.

    The shape is (B, 8): four digits of the year, two of the month, two of the day.
    """
    with torch.no_grad():
        position = model.alignment(*data.pairs).argmax(dim=-1)  # (B, 11)
    part = data.parts.gather(1, position.unsqueeze(-1).expand(-1, -1, 3))  # (B, 11, 3)
    digits = {0: 2, 1: 2, 2: 2, 3: 2, 5: 1, 6: 1, 8: 0, 9: 0}  # the part that each character of 1984-03-23 is of
    return torch.stack([part[:, i, of] for i, of in digits.items()], dim=1)
