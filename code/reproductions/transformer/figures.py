"""Nothing in; matplotlib figures out: what the note on the Transformer shows.

Colours are those of matplotlib's cycle, so that whoever asks for a figure chooses them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt

from reproductions.transformer.positions import positional_encoding

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def positions_that_know_their_distance() -> Figure:
    """Draw the sines of the encoding of the first positions, and its inner products with one position in the middle."""
    PE = positional_encoding(101, 64)
    figure, (above, below) = plt.subplots(2, 1, height_ratios=(1.5, 1), layout="constrained")
    image = above.imshow(PE[:51, ::2].T.numpy(), aspect="auto", cmap="RdBu", vmin=-1, vmax=1)
    above.set(title="The sines of PE(pos), d_model = 64", xlabel="position", ylabel="pair i")
    figure.colorbar(image, ax=above)
    for middle, line in ((30, "-"), (60, "--")):
        below.plot(range(101), (PE @ PE[middle] / 32).numpy(), line, label=f"with position {middle}")
    below.set(title="Inner products, over those of a position with itself", xlabel="position", ylim=(0, 1.05))
    below.legend(loc="lower center", fontsize=8, ncols=2)
    return figure
