"""Nothing in; matplotlib figures out: what the notes on sequence to sequence show.

Colours are those of matplotlib's cycle, so that whoever asks for a figure chooses them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt

from reproductions.seq2seq.order import loss_by_position

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from reproductions.transformer.copying import Task


def loss_by_order_of_the_source() -> Figure:
    """Draw the loss at each word of the target, with the source as it is and reversed, for two translations."""
    figure, axes = plt.subplots(1, 2, sharey=True, layout="constrained")
    translations: tuple[tuple[str, Task], ...] = (("target in the source's order", "copy"), ("reversed", "reverse"))
    for axis, (title, task) in zip(axes, translations, strict=True):
        for name, reverse, line in (("source as it is", False, "o-"), ("source reversed", True, "s--")):
            loss = loss_by_position(task, reverse=reverse)
            axis.plot(range(1, len(loss) + 1), loss, line, label=name)
        axis.set(title=title, xlabel="word of the target", ylim=(0, None))
    axes[0].set_ylabel("loss, nats")
    axes[0].legend(fontsize=8, loc="lower left")
    return figure
