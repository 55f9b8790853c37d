"""Nothing in; matplotlib figures out: what the notes on decoding show.

Colours are those of matplotlib's cycle, so that whoever asks for a figure chooses them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import torch

from reproductions.generation.beam_search import beam_search
from reproductions.generation.decoding import log_probabilities
from reproductions.generation.small_gpt2 import trained
from reproductions.generation.truncation import nucleus

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def likely_text_beside_human_text() -> Figure:
    """Draw the probability of each token of a text that a beam has found and of the one that a person wrote.

    Below, the size of the nucleus (p = 0.95) at each token of the person's text, of all tokens that there are.
    """
    model, unseen = trained()
    human, prompt = unseen[:1], 16
    beam = beam_search(model, human[0, :prompt], beams=4, length=human.shape[1] - prompt)[0].text[None]
    with torch.no_grad():
        sizes = nucleus(model(human)[0, prompt - 1 : -1], p=0.95).isfinite().sum(dim=-1)
    places = torch.arange(1, human.shape[1] - prompt + 1)

    figure, (above, below) = plt.subplots(2, 1, sharex=True, height_ratios=(1.6, 1))
    for name, text, line in (("found by 4 beams", beam, "-"), ("written by a person", human, "--")):
        probability = log_probabilities(model, text)[0, prompt - 1 :].exp()
        above.plot(places, probability, line, label=name)
    above.set(title="Probability of each token", ylim=(0, 1.02))
    above.legend(loc="upper right", fontsize=8)
    below.bar(places, sizes, color="C2", width=0.8)
    below.set(title="Tokens in the nucleus, p = 0.95", xlabel="token of the continuation", yscale="log")
    return figure
