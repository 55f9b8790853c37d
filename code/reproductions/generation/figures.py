"""Nothing in; matplotlib figures out: what the notes on decoding show.

Colours are those of matplotlib's cycle, so that whoever asks for a figure chooses them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import torch

from reproductions.generation.continuations import PROMPT, continuations
from reproductions.generation.decoding import log_probabilities
from reproductions.generation.small_gpt2 import trained
from reproductions.generation.truncation import nucleus

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def likely_text_beside_human_text() -> Figure:
    """Draw how probable the tokens are that people wrote, that were sampled, and that a beam has found.

    Each curve is the share of tokens with at most that probability. Below, the size of the nucleus (p = 0.95) at each
    token of one person's text.
    """
    model, _ = trained()
    texts = {
        "found by 4 beams": continuations("beam"),
        "written by people": continuations("human"),
        "sampled": continuations("sampled"),
    }
    with torch.no_grad():
        sizes = nucleus(model(continuations("human")[:1])[0, PROMPT - 1 : -1], p=0.95).isfinite().sum(dim=-1)

    figure, (above, below) = plt.subplots(2, 1, height_ratios=(1.7, 1), figsize=(6.4, 4.2), layout="constrained")
    for (name, text), line in zip(texts.items(), ("-", "--", ":"), strict=True):
        probability = log_probabilities(model, text)[:, PROMPT - 1 :].exp().flatten().sort().values
        above.plot(probability, torch.linspace(0, 1, len(probability)), line, label=name)
    above.set(
        xscale="log",
        xlim=(1e-5, 1),
        ylim=(0, 1.02),
        xlabel="probability of a token",
        title="Share of tokens at most so probable",
    )
    above.legend(loc="upper left", fontsize=9)
    below.bar(range(1, len(sizes) + 1), sizes, color="C3", width=0.8)
    below.set(title="Tokens in the nucleus, p = 0.95", xlabel="token of a person's text", yscale="log")
    return figure
