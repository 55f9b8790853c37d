r"""Vectors of a sequence in; vectors that have looked at one another, out: the layers of encoder and decoder.

Vaswani and others 2017 (arXiv 1706.03762v7), section 3.1 and Figure 1. Each sub-layer is wrapped in the same way, and
normalized *after* the sum:

$$\mathrm{LayerNorm}(x + \mathrm{Dropout}(\mathrm{Sublayer}(x)))$$
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor, nn

from reproductions.transformer.feed_forward import FeedForward
from reproductions.transformer.multi_head import MultiHead

if TYPE_CHECKING:
    from collections.abc import Callable

    from reproductions.transformer.hyperparameters import Hyperparameters

    Sublayer = Callable[[Tensor], Tensor]


class AddAndNorm(nn.Module):
    """LayerNorm(x + Dropout(Sublayer(x))), sections 3.1 and 5.4, for whatever sub-layer it is called with."""

    def __init__(self, d_model: int, P_drop: float) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(d_model)
        self.dropout = nn.Dropout(P_drop)

    def forward(self, x: Tensor, sublayer: Sublayer) -> Tensor:
        """Return the wrapped sub-layer's output: (B, n, d_model) in, (B, n, d_model) out."""
        normalized: Tensor = self.norm(x + self.dropout(sublayer(x)))
        return normalized


class EncoderLayer(nn.Module):
    """Self-attention, then the feed-forward network (section 3.1, left half of Figure 1).

    Where it differs from `nn.TransformerEncoderLayer`: dropout is where the paper has it, on the output of a sub-layer,
    and not inside the feed-forward network nor on the attention weights; the projections have no biases.
    """

    def __init__(self, p: Hyperparameters) -> None:
        super().__init__()
        self.self_attention = MultiHead(p.d_model, p.h, d_k=p.d_k, d_v=p.d_v)
        self.feed_forward = FeedForward(p.d_model, p.d_ff)
        self.after_self_attention = AddAndNorm(p.d_model, p.P_drop)
        self.after_feed_forward = AddAndNorm(p.d_model, p.P_drop)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return the layer's output. Shapes: `x` (B, n, d_model), `mask` broadcasts to (B, n, n), the result as `x`."""
        x = self.after_self_attention(x, lambda x: self.self_attention(x, x, x, mask))
        return self.after_feed_forward(x, self.feed_forward)  # type: ignore[no-any-return]  # a module's call is Any


class DecoderLayer(nn.Module):
    """Masked self-attention, attention to the encoder, the feed-forward network (section 3.1, right of Figure 1)."""

    def __init__(self, p: Hyperparameters) -> None:
        super().__init__()
        self.self_attention = MultiHead(p.d_model, p.h, d_k=p.d_k, d_v=p.d_v)
        self.encoder_attention = MultiHead(p.d_model, p.h, d_k=p.d_k, d_v=p.d_v)
        self.feed_forward = FeedForward(p.d_model, p.d_ff)
        self.after_self_attention = AddAndNorm(p.d_model, p.P_drop)
        self.after_encoder_attention = AddAndNorm(p.d_model, p.P_drop)
        self.after_feed_forward = AddAndNorm(p.d_model, p.P_drop)

    def forward(self, y: Tensor, z: Tensor, mask: Tensor | None = None, source_mask: Tensor | None = None) -> Tensor:
        """Return the layer's output.

        Shapes: `y` (B, m, d_model), the encoder's output `z` (B, n, d_model), `mask` broadcasts to (B, m, m),
        `source_mask` to (B, m, n), the result as `y`.
        """
        y = self.after_self_attention(y, lambda y: self.self_attention(y, y, y, mask))
        y = self.after_encoder_attention(y, lambda y: self.encoder_attention(y, z, z, source_mask))
        return self.after_feed_forward(y, self.feed_forward)  # type: ignore[no-any-return]  # a module's call is Any
