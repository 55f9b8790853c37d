"""Nothing in; matplotlib figures out: what the note on BERT shows.

Colours are those of matplotlib's cycle, so that whoever asks for a figure chooses them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import torch

from reproductions.bert.masked_words import trust
from reproductions.bert.question_answering import span_scores

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from torch import Tensor

PASSAGE = ("in", "the", "old", "barn", "or", "in", "the", "cold", "hall")
ANSWERS = ((2, 3), (7, 8))
"""Two spans of the passage, the old barn and the cold hall, that answer "where?" equally well."""


def undecided() -> tuple[Tensor, Tensor]:
    """Return S·T_i and E·T_j of a model that is sure that it is one of two answers, and not which: (1, n) twice."""
    starts, ends = torch.full((2, 1, len(PASSAGE)), 0.02).log()
    for start, end in ANSWERS:
        starts[0, start] = ends[0, end] = 0.0
    return starts, ends


def what_the_objectives_ask() -> Figure:
    """Draw how far to believe a word that is seen where one is to be guessed, and the spans of an undecided model.

    Left, `trust` over what the context says, for three vocabularies. Right, the probability of each span by section
    4.2, a start's times an end's.
    """
    figure, (left, right) = plt.subplots(1, 2, layout="constrained", figsize=(8, 3.9), width_ratios=(1, 1.1))
    p = torch.logspace(-7, 0, 200, dtype=torch.float64)
    for vocabulary, line in ((8, "-"), (1000, "--"), (30_522, "-.")):
        left.plot(p, trust(p, vocabulary=vocabulary), line, label=f"V = {vocabulary:,}")
        left.plot([1 / vocabulary], [trust(torch.tensor(1 / vocabulary), vocabulary=vocabulary)], "o", color="C3")
    left.set(
        xscale="log", xlabel="p, what the context gives the word", title="Belief in a word that is seen; dots: p = 1/V"
    )
    left.legend(loc="upper left", fontsize=9)

    starts, ends = undecided()
    n = len(PASSAGE)
    probability = span_scores(starts, ends, torch.ones(1, n, dtype=torch.bool))[0].flatten().softmax(dim=0).view(n, n)
    shown = probability.where(torch.ones(n, n, dtype=torch.bool).triu(), torch.nan)
    image = right.pcolormesh(shown.numpy(), cmap="viridis", vmin=0, edgecolors="face")
    for start, end in (*ANSWERS, (ANSWERS[0][0], ANSWERS[1][1])):
        right.text(
            end + 0.5,
            start + 0.5,
            f"{probability[start, end]:.2f}",
            ha="center",
            va="center",
            color="#1c2330",
            fontsize=8,
        )
    right.invert_yaxis()
    right.set_xticks([place + 0.5 for place in range(n)], PASSAGE, rotation=90)
    right.set_yticks([place + 0.5 for place in range(n)], PASSAGE)
    right.set(xlabel="end", ylabel="start", title="Spans: two answers, and one across")
    figure.colorbar(image, label="probability")
    return figure
