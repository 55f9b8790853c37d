r"""The probabilities on the edges of one output lattice in; every path through it, and their plain sum, out.

The definition that the forward–backward algorithm computes (Graves 2012, arXiv 1211.3711v1, Equation 1), taken at its
word:

$$\Pr(y \mid x) = \sum_{a \in \mathcal{B}^{-1}(y)} \Pr(a \mid x)$$

where 𝓑 removes the nulls of an alignment. There are exponentially many alignments: for sequences of a few steps only.
"""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

Alignment = tuple[bool, ...]
"""One mark for each of the T + U outputs: `True` where a symbol is written, `False` where ∅ is."""


def alignments(T: int, U: int) -> Iterator[Alignment]:
    """Yield the inverse image 𝓑⁻¹(y) for T input steps and U symbols: T nulls and U symbols, the last one a null."""
    for written in combinations(range(T + U - 1), U):
        yield tuple(place in written for place in range(T + U))


def alignment_probability(alignment: Alignment, y: Tensor, null: Tensor) -> float:
    """Return Pr(a | x), the product of the edges that an alignment goes along; not a logarithm.

    Shapes: `y` = ln y(t, u) (T, U) and `null` = ln ∅(t, u) (T, U + 1), of one sequence.
    """
    t, u, probability = 0, 0, 1.0
    for writes in alignment:
        if writes:
            probability *= math.exp(y[t, u].item())
            u += 1
        else:
            probability *= math.exp(null[t, u].item())
            t += 1
    return probability


def probability_by_enumeration(y: Tensor, null: Tensor) -> float:
    """Return Pr(y | x), the sum over all alignments (Equation 1); shapes as in `alignment_probability`."""
    return math.fsum(alignment_probability(a, y, null) for a in alignments(*y.shape))
