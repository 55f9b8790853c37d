r"""Queries, keys and values in; what h attentions find in h projections of them, mixed, out.

Multi-head attention: Vaswani and others 2017 (arXiv 1706.03762v7), section 3.2.2.

$$\mathrm{MultiHead}(Q, K, V) = \mathrm{Concat}(\mathrm{head}_1, \dots, \mathrm{head}_h) W^O, \qquad
\mathrm{head}_i = \mathrm{Attention}(Q W_i^Q, K W_i^K, V W_i^V)$$
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from reproductions.transformer.scaled_dot_product import attention


class MultiHead(nn.Module):
    """MultiHead(Q, K, V) with its parameter matrices.

    `W_Q` and `W_K`, shape (d_model, h · d_k), and `W_V`, shape (d_model, h · d_v), hold the matrices of the h heads
    side by side: the first d_k columns are W₁^Q, the next W₂^Q. `W_O` has shape (h · d_v, d_model).

    Where it differs from `nn.MultiheadAttention`: no biases, as in the paper; d_k and d_v are free, as in Table 3.
    """

    def __init__(self, d_model: int, h: int, *, d_k: int, d_v: int) -> None:
        super().__init__()
        self.h = h
        self.W_Q = nn.Parameter(torch.empty(d_model, h * d_k))
        self.W_K = nn.Parameter(torch.empty(d_model, h * d_k))
        self.W_V = nn.Parameter(torch.empty(d_model, h * d_v))
        self.W_O = nn.Parameter(torch.empty(h * d_v, d_model))
        for matrix in self.parameters():
            nn.init.xavier_uniform_(matrix)

    def forward(self, Q: Tensor, K: Tensor, V: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return MultiHead(Q, K, V).

        Shapes: `Q` (B, n_q, d_model), `K` and `V` (B, n_k, d_model), `mask` broadcasts to (B, n_q, n_k) and holds
        for all heads, the result (B, n_q, d_model).
        """
        heads = attention(  # (B, h, n_q, d_v)
            split_heads(Q @ self.W_Q, self.h),
            split_heads(K @ self.W_K, self.h),
            split_heads(V @ self.W_V, self.h),
            mask=None if mask is None else mask.unsqueeze(-3),
        )
        return concat_heads(heads) @ self.W_O


def split_heads(x: Tensor, h: int) -> Tensor:
    """Return the parts of the last axis that belong to each head: (B, n, h · d) in, (B, h, n, d) out."""
    return x.reshape(*x.shape[:-1], h, -1).transpose(-2, -3)


def concat_heads(x: Tensor) -> Tensor:
    """Return Concat(head₁, …, head_h): (B, h, n, d) in, (B, n, h · d) out."""
    return x.transpose(-2, -3).flatten(start_dim=-2)
