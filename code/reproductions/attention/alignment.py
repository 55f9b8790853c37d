r"""Scores of the source positions in; weights that add up to one, and the weighted sum of the annotations, out.

What all content-based attention shares, whatever its score: Bahdanau, Cho and Bengio 2014 (arXiv 1409.0473v7),
Equations 5 and 6; Luong, Pham and Manning 2015 (arXiv 1508.04025v5), Equation 7.

$$\alpha_{ij} = \frac{\exp(e_{ij})}{\sum_{k=1}^{T_x} \exp(e_{ik})}, \qquad c_i = \sum_{j=1}^{T_x} \alpha_{ij} h_j$$
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reproductions.masked_softmax import masked_softmax

if TYPE_CHECKING:
    from torch import Tensor


def alignment_weights(e: Tensor, *, mask: Tensor | None = None) -> Tensor:
    """Return the weights αᵢⱼ of Equation 6 (1409.0473), which is Equation 7 of 1508.04025.

    Shapes: `e` (…, T_x), `mask` broadcasts to it and is true where there is a word, the result (…, T_x).

    Where it differs from the papers: they write one sentence, and know no padding. Padding gets the weight 0, and where
    there is no word at all, all weights are 0.
    """
    return masked_softmax(e, mask)


def context(alpha: Tensor, h: Tensor) -> Tensor:
    """Return the expected annotation cᵢ of Equation 5 (1409.0473).

    Shapes: `alpha` (…, T_x), `h` (…, T_x, m), the result (…, m).
    """
    return (alpha.unsqueeze(-2) @ h).squeeze(-2)
