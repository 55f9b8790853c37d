r"""Tokens and their segments in; for each token a vector that has seen all the others, out: the encoder.

Devlin and others 2018 (arXiv 1810.04805v2), section 3 and Figure 2. The input of a token is the sum of three learned
embeddings, and the layers are those of the Transformer's encoder:

$$E_i = \mathrm{LayerNorm}(E^{\text{token}}_{x_i} + E^{\text{segment}}_{s_i} + E^{\text{position}}_i), \qquad
(C, T_1, \dots, T_n) = \mathrm{Layer}_L(\dots \mathrm{Layer}_1(E))$$

What of the Transformer fits is taken from `reproductions.transformer`. Where the encoder differs from that one:
projections have biases, the inner activation is GELU, positions are learned, and the embeddings are normalized instead
of multiplied by √H.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu

from reproductions.transformer.layers import AddAndNorm
from reproductions.transformer.masks import causal_mask, padding_mask
from reproductions.transformer.multi_head import concat_heads, split_heads
from reproductions.transformer.scaled_dot_product import attention

if TYPE_CHECKING:
    from reproductions.bert.sizes import Sizes

EPSILON = 1e-12
"""Added to the variance in each layer normalization; the paper does not name it, its code does."""


class SelfAttention(nn.Module):
    """Multi-head attention of a sequence to itself, with biases; W_Q, W_K, W_V and W_O each map H units to H."""

    def __init__(self, p: Sizes) -> None:
        super().__init__()
        self.A = p.A
        self.W_Q, self.W_K, self.W_V, self.W_O = (nn.Linear(p.H, p.H) for _ in range(4))

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return what the heads found. Shapes: `x` (B, n, H), `mask` broadcasts to (B, n, n), the result as `x`."""
        Q, K, V = (split_heads(W(x), self.A) for W in (self.W_Q, self.W_K, self.W_V))  # (B, A, n, H / A)
        heads = attention(Q, K, V, mask=None if mask is None else mask.unsqueeze(-3))
        mixed: Tensor = self.W_O(concat_heads(heads))
        return mixed


class Layer(nn.Module):
    """Self-attention, then the feed-forward network W_2 GELU(W_1 x): one of the L layers of section 3.

    Where it differs from the paper's code: no dropout on the weights of attention.
    """

    def __init__(self, p: Sizes) -> None:
        super().__init__()
        self.self_attention = SelfAttention(p)
        self.W_1, self.W_2 = nn.Linear(p.H, p.inner), nn.Linear(p.inner, p.H)
        self.after_self_attention = AddAndNorm(p.H, p.P_drop)
        self.after_feed_forward = AddAndNorm(p.H, p.P_drop)
        self.after_self_attention.norm.eps = self.after_feed_forward.norm.eps = EPSILON

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return the layer's output. Shapes: `x` (B, n, H), `mask` broadcasts to (B, n, n), the result as `x`."""
        x = self.after_self_attention(x, lambda x: self.self_attention(x, mask))
        return self.after_feed_forward(x, lambda x: self.W_2(gelu(self.W_1(x))))  # type: ignore[no-any-return]  # a module's call is Any


class Bert(nn.Module):
    """The encoder with its three tables of embeddings.

    `left_to_right=True` lets a token see only those before it, as in GPT: for the comparison of section 5.1.

    Matrices begin normal with standard deviation 0.02 and biases at zero, as in the paper's code; the paper is silent.
    """

    def __init__(self, p: Sizes, *, padding: int | None = 0, left_to_right: bool = False) -> None:
        super().__init__()
        self.p = p
        self.padding = padding
        self.left_to_right = left_to_right
        self.tokens = nn.Embedding(p.vocabulary, p.H)
        self.segments = nn.Embedding(p.segments, p.H)
        self.positions = nn.Embedding(p.positions, p.H)
        self.norm = nn.LayerNorm(p.H, eps=EPSILON)
        self.dropout = nn.Dropout(p.P_drop)
        self.layers = nn.ModuleList(Layer(p) for _ in range(p.L))
        self.apply(begin)

    def forward(self, tokens: Tensor, segments: Tensor) -> Tensor:
        """Return the final vectors; the first is C, that of [CLS], the others T_i.

        Shapes: `tokens` and `segments`, 0 for sentence A and 1 for B, (B, n); the result (B, n, H).

        Raises `ValueError` for more tokens than there are positions.
        """
        x = self.embed(tokens, segments)
        mask = self._mask(tokens)
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def embed(self, tokens: Tensor, segments: Tensor) -> Tensor:
        """Return the sum of the three embeddings, normalized (Figure 2): (B, n) twice, to (B, n, H)."""
        n = tokens.shape[1]
        if n > self.p.positions:
            raise ValueError(f"{n} tokens, and positions for {self.p.positions}; hint: cut the text, or add positions")
        place = torch.arange(n, device=tokens.device)
        summed = self.tokens(tokens) + self.segments(segments) + self.positions(place)
        embedded: Tensor = self.dropout(self.norm(summed))
        return embedded

    def _mask(self, tokens: Tensor) -> Tensor | None:
        mask = None if self.padding is None else padding_mask(tokens, padding=self.padding)
        if not self.left_to_right:
            return mask
        before = causal_mask(tokens.shape[1]).to(tokens.device)
        return before if mask is None else mask & before


def begin(module: nn.Module) -> None:
    """Give a layer's matrix the weights with which training begins; for `nn.Module.apply`."""
    if isinstance(module, nn.Linear | nn.Embedding):
        nn.init.normal_(module.weight, std=0.02)
    if isinstance(module, nn.Linear):
        nn.init.zeros_(module.bias)
