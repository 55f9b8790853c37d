"""Nothing in; matplotlib figures out: what the notes on sequence to sequence show.

Colours are those of matplotlib's cycle, so that whoever asks for a figure chooses them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import torch

from reproductions.seq2seq import long_inputs
from reproductions.seq2seq.order import loss_by_position
from reproductions.seq2seq.spoken_dates import text_of_source, text_of_target

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from reproductions.seq2seq.rnn_search import Looks
    from reproductions.transformer.copying import Task


def loss_by_order_of_the_source() -> Figure:
    """Draw the loss at each word of the target, with the source as it is and reversed, for two translations."""
    figure, axes = plt.subplots(1, 2, sharey=True, layout="constrained")
    translations: tuple[tuple[str, Task], ...] = (("target in the source's order", "copy"), ("reversed", "reverse"))
    for axis, (title, task) in zip(axes, translations, strict=True):
        for name, reverse, line in (("source as it is", False, "o-"), ("source reversed", True, "s--")):
            loss = loss_by_position(task, reverse=reverse)
            axis.plot(range(1, len(loss) + 1), loss, line, label=name)
        axis.set(title=title, xlabel="word of the target")
    axes[0].set_ylabel("loss, nats")
    axes[0].set_ylim(bottom=0)
    axes[0].legend(fontsize=8, loc="lower left")
    return figure


def accuracy_by_length() -> Figure:
    """Draw the share of dates written right by the length of the source, with attention and with one vector."""
    figure, axis = plt.subplots(layout="constrained")
    phrases = (0, 2, 4, 8, 12, 16, 24)
    ways: tuple[tuple[str, Looks, str], ...] = (
        ("a context for each word", "at each word", "o-"),
        ("one for all", "once", "s--"),
    )
    for name, looks, line in ways:
        model = long_inputs.learnt(looks)
        axis.plot(
            [long_inputs.words(k) for k in phrases],
            [long_inputs.translated(model, k) for k in phrases],
            line,
            label=name,
        )
    axis.axvspan(0, long_inputs.longest_of_training(), alpha=0.15, color="C2", label="lengths of the training data")
    axis.set(xlabel="words of the source", ylabel="dates without a mistake", ylim=(0, 1.03))
    axis.legend(fontsize=8, loc="lower left")
    return figure


def alignment_of_a_date() -> Figure:
    """Draw, for one unseen date, how much each word of the source (down) weighs for each character written (across)."""
    source, target = (tokens[:1] for tokens in long_inputs.unseen(3).pairs)
    model = long_inputs.learnt("at each word")
    with torch.no_grad():
        alpha = model.alignment(source, target)[0]  # (T', T)
    words, characters = [*text_of_source(source[0]), "(end)"], [*text_of_target(target[0]), "(end)"]
    figure, axis = plt.subplots(figsize=(5, 5.5), layout="constrained")
    image = axis.pcolormesh(alpha[:, : len(words)].T, cmap="viridis", vmin=0, vmax=1, edgecolors="face")
    axis.invert_yaxis()
    axis.set_xticks([x + 0.5 for x in range(len(characters))], characters)
    axis.set_yticks([y + 0.5 for y in range(len(words))], words)
    axis.xaxis.tick_top()
    figure.colorbar(image, label="weight")
    return figure
