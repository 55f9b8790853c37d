"""Nothing in; matplotlib figures out: what the notes on attention show.

Colours are those of matplotlib's cycle, so that whoever asks for a figure chooses them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import torch

from reproductions.attention.alignment import alignment_weights
from reproductions.attention.local import local_m, local_p
from reproductions.attention.random_states import D, S, states
from reproductions.attention.scores import dot

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def global_and_local_weights() -> Figure:
    """Draw the weights of one sentence's source words by global attention, local-m and local-p, from the same scores.

    Local attention looks around position 20 of 40; the window is shaded.
    """
    h_t, h_bar = (vectors[:1] for vectors in states())
    place = torch.arange(1, S + 1)
    p_t = torch.tensor([20.0], dtype=torch.float64)
    monotonic, predictive = local_m(dot, h_t, h_bar, p_t.long(), D=D), local_p(dot, h_t, h_bar, p_t, D=D)

    figure, axes = plt.subplots(3, 1, sharex=True, sharey=True, layout="constrained")
    rows = (
        ("Global, Equation 7", place, alignment_weights(dot(h_t, h_bar))),
        ("Local-m: the same softmax within the window", monotonic.window.positions[0], monotonic.a_t),
        ("Local-p: times a Gaussian, Equation 10", predictive.window.positions[0], predictive.a_t),
    )
    for number, (axis, (title, positions, weights)) in enumerate(zip(axes, rows, strict=True)):
        if number:
            axis.axvspan(20 - D - 0.5, 20 + D + 0.5, color="C1", alpha=0.15, linewidth=0)
        axis.bar(positions.numpy(), weights[0].numpy(), color=f"C{number}")
        axis.set_title(f"{title}; sum {weights.sum():.2f}", fontsize=9)
    axes[-1].set_xlabel("source position")
    return figure
