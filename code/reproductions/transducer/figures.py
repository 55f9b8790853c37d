"""Nothing in; matplotlib figures out: what the note on sequence transduction shows.

The one colour that is fixed is that of a line on a colour map, which is the same on light pages and dark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt

from reproductions.transducer.alignments import alignment_probability, alignments
from reproductions.transducer.forward_backward import (
    backward_variables,
    emission_posteriors,
    forward_variables,
    log_probability,
    node_posteriors,
)
from reproductions.transducer.lattice import lattice, random_lattice

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def nodes_and_edges() -> Figure:
    """Draw the lattice of a random output: what passes through each node, what is written on each edge, the best path.

    Left, the share of alignments through each node, which section 2.4 takes for the time a symbol is written. Right,
    the share that writes each symbol at each step.
    """
    T, U = 9, 4
    f, g, labels = random_lattice(T, U, seed=3)
    y, null = lattice(1.5 * f, 1.5 * g, labels)
    alpha, beta = forward_variables(y, null), backward_variables(y, null)
    log_pr = log_probability(alpha, null)
    best = max(alignments(T, U), key=lambda a: alignment_probability(a, y[0], null[0]))
    ts, us = [1], [0]
    for writes in best[:-1]:
        ts.append(ts[-1] + (not writes))
        us.append(us[-1] + writes)

    figure, (left, right) = plt.subplots(1, 2, layout="constrained", figsize=(8, 3.6))
    panels = (
        (
            left,
            node_posteriors(alpha, beta, log_pr)[0],
            (0.5, T + 0.5, -0.5, U + 0.5),
            "Passing a node; line: likeliest path",
        ),
        (right, emission_posteriors(alpha, beta, y, log_pr)[0], (0.5, T + 0.5, 0.5, U + 0.5), "Writing a symbol"),
    )
    for axes, share, extent, title in panels:
        image = axes.imshow(
            share.T.numpy(), origin="lower", aspect="auto", extent=extent, vmin=0, vmax=1, cmap="viridis"
        )
        axes.set(title=title, xlabel="input step t")
    left.plot(ts, us, "o-", color="#e0303a", markersize=3)
    left.set_ylabel("symbols written, u")
    right.set(ylabel="symbol", yticks=range(1, U + 1))
    figure.colorbar(image, ax=[left, right], label="share of the alignments")
    return figure
