r"""Queries, keys and values in; for each query the values, weighted by how well their keys match it, out.

Scaled dot-product attention: Vaswani and others 2017 (arXiv 1706.03762v7), section 3.2.1, Equation 1.

$$\mathrm{Attention}(Q, K, V) = \mathrm{softmax}\left(\frac{Q K^\top}{\sqrt{d_k}}\right) V$$
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from reproductions.masked_softmax import masked_softmax

if TYPE_CHECKING:
    from torch import Tensor


def attention(Q: Tensor, K: Tensor, V: Tensor, *, mask: Tensor | None = None) -> Tensor:
    """Return Attention(Q, K, V) of Equation 1.

    Shapes: `Q` (…, n_q, d_k), `K` (…, n_k, d_k), `V` (…, n_k, d_v), `mask` broadcasts to (…, n_q, n_k) and is true
    where a query may look at a key, the result (…, n_q, d_v).
    """
    return attention_weights(Q, K, mask=mask) @ V


def attention_weights(Q: Tensor, K: Tensor, *, mask: Tensor | None = None, scaled: bool = True) -> Tensor:
    """Return softmax(QKᵀ / √d_k), the weights on the values; with `scaled=False`, without the division.

    Shapes: `Q` (…, n_q, d_k), `K` (…, n_k, d_k), `mask` broadcasts to the result, (…, n_q, n_k).

    Where it differs from the paper: the paper sets the scores of illegal connections to −∞, which makes NaN of a query
    that may look at nothing. Such a query gets the weights 0 here, as in `F.scaled_dot_product_attention`.
    """
    d_k = Q.shape[-1]
    scores = Q @ K.mT
    if scaled:
        scores = scores / math.sqrt(d_k)
    return masked_softmax(scores, mask)
