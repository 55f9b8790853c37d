"""Attributions in; how well their sums go with what removing n features does to the output, out.

Ancona, Ceolini, Öztireli and Gross 2017 (arXiv 1711.06104), section 4. A method is sensitive-n when the two are equal
for every subset of n features; where they are not, their correlation says how far it is from that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from reproductions.attribution.presence import lost_without

if TYPE_CHECKING:
    from torch import Tensor

    from reproductions.attribution.presence import Presence


def sensitivity_n(output: Presence, attributions: Tensor, removed: Tensor) -> float:
    """Return the Pearson correlation of Σ_{i ∈ S} Rᵢ with F(x) − F(x without S) over subsets S.

    Shapes: `attributions` (n,), `removed` the subsets, booleans (count, n). Zero where one of the two never varies.
    """
    lost = lost_without(output, removed)
    sums = removed.to(attributions.dtype) @ attributions
    lost, sums = lost - lost.mean(), sums - sums.mean()
    sizes = torch.sqrt((lost @ lost) * (sums @ sums))
    return ((sums @ lost) / sizes).item() if sizes else 0.0
