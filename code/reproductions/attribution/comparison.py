"""Nothing in; every method of `token_methods` measured by how faithful it is to the classifier of six emotions, out."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from reproductions.attribution.infidelity import infidelity
from reproductions.attribution.presence import random_subsets
from reproductions.attribution.reading import read_text
from reproductions.attribution.removal_curves import area, deletion_curve, insertion_curve
from reproductions.attribution.sensitivity_n import sensitivity_n
from reproductions.attribution.token_methods import METHODS
from reproductions.emotions.kept import emotion_classifier
from reproductions.emotions.sentences import held_out_sentences

if TYPE_CHECKING:
    from reproductions.attribution.presence import Presence

EVERY = 12
"""Of the held-out sentences, which come emotion by emotion."""
POINTS = 21
"""Of a mean curve: sentences have different numbers of tokens."""


class Faithfulness(NamedTuple):
    """The means of one method over sentences; curves are of the answer's probability, (POINTS,)."""

    deleted: Tensor
    inserted: Tensor
    deletion: float
    insertion: float
    infidelity: float
    sensitivity: float


@cache
def compare() -> dict[str, Faithfulness]:
    """Return the faithfulness of each method, on ten held-out sentences.

    Areas are under the curves, so that deletion is good when small. Infidelity is that of the attributions at their
    best scale, over random subsets of every size, relative to the variance of what they are to foretell; sensitivity-n
    is the mean over all n but all tokens.
    """
    readings = [read_text(emotion_classifier(), sentence.text) for sentence in held_out_sentences()[::EVERY]]
    found: dict[str, list[tuple[Tensor, Tensor, list[float]]]] = {name: [] for name in METHODS}
    for reading in readings:
        output, ordinary = _remembered(reading.presence()), ~reading.special
        n = int(ordinary.sum())
        subsets = [random_subsets(n, size=size, count=20, seed=size) for size in range(1, n)]
        everything = torch.cat(subsets)
        spread = infidelity(output, torch.zeros(n), everything)
        for name, method in METHODS.items():
            scores = method(reading)[ordinary]
            deleted, inserted = deletion_curve(output, scores), insertion_curve(output, scores)
            numbers = [
                area(deleted),
                area(inserted),
                infidelity(output, scores, everything, scaled=True) / spread,
                sum(sensitivity_n(output, scores, subset) for subset in subsets) / len(subsets),
            ]
            found[name].append((_at_points(deleted), _at_points(inserted), numbers))
    return {name: _mean(each) for name, each in found.items()}


def _remembered(output: Presence) -> Presence:
    """Return the same function, which asks the model about the same subsets once: every method is measured on them."""
    known: dict[bytes, Tensor] = {}

    def remembered(present: Tensor) -> Tensor:
        key = present.cpu().numpy().tobytes()
        if key not in known:
            known[key] = output(present)
        return known[key]

    return remembered


def _mean(each: list[tuple[Tensor, Tensor, list[float]]]) -> Faithfulness:
    deleted, inserted, numbers = zip(*each, strict=True)
    means: list[float] = torch.tensor(numbers).mean(dim=0).tolist()
    return Faithfulness(torch.stack(deleted).mean(dim=0), torch.stack(inserted).mean(dim=0), *means)


def _at_points(curve: Tensor) -> Tensor:
    return interpolate(curve[None, None], size=POINTS, mode="linear", align_corners=True)[0, 0]
