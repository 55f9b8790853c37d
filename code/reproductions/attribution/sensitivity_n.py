"""Attributions in; how well their sums go with what removing n features does to the output, out.

Ancona, Ceolini, Öztireli and Gross 2017 (arXiv 1711.06104), section 4. A method is sensitive-n when the two are equal
for every subset of n features; where they are not, their correlation says how far it is from that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor

    from reproductions.attribution.presence import Presence


def sensitivity_n(output: Presence, attributions: Tensor, removed: Tensor) -> float:
    """Return the Pearson correlation of Σ_{i ∈ S} Rᵢ with F(x) − F(x without S) over subsets S.

    Shapes: `attributions` (n,), `removed` the subsets, booleans (count, n). Zero where one of the two never varies.
    """
    change = output(~removed.new_zeros(1, removed.shape[1])) - output(~removed)
    sums = removed.to(attributions.dtype) @ attributions
    change, sums = change - change.mean(), sums - sums.mean()
    sizes = torch.sqrt((change @ change) * (sums @ sums))
    return ((sums @ change) / sizes).item() if sizes else 0.0
