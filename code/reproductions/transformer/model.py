r"""Tokens of a source and of the target so far in; a score for each word that may come next, out: the Transformer.

Vaswani and others 2017 (arXiv 1706.03762v7), Figure 1 and section 3. One matrix E is both embeddings and the linear
transformation before the softmax (section 3.4):

$$x = \sqrt{d_\text{model}}\, E_{\text{token}} + PE_{pos}, \qquad \mathrm{logits} = y E^\top$$
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from reproductions.transformer.layers import DecoderLayer, EncoderLayer
from reproductions.transformer.masks import causal_mask, padding_mask
from reproductions.transformer.positions import positional_encoding

if TYPE_CHECKING:
    from reproductions.transformer.hyperparameters import Hyperparameters


class Transformer(nn.Module):
    """The encoder and the decoder, each a stack of N layers, and the embedding matrix `E`, shape (vocabulary, d_model).

    `positions=False` leaves the positional encoding out and `causal=False` the decoder's mask, for experiments.

    Where it differs from the paper: it says nothing of how its weights begin. Matrices begin with Glorot's uniform
    distribution, E with the standard deviation d_model^(−1/2), which the factor √d_model then makes one.
    Where it differs from `nn.Transformer`: no further normalization after the last layer, as in the paper.
    """

    def __init__(
        self,
        p: Hyperparameters,
        *,
        vocabulary: int,
        padding: int | None = None,
        positions: bool = True,
        causal: bool = True,
    ) -> None:
        super().__init__()
        self.p = p
        self.padding = padding
        self.positions = positions
        self.causal = causal
        self.E = nn.Parameter(torch.empty(vocabulary, p.d_model))
        self.encoder = nn.ModuleList(EncoderLayer(p) for _ in range(p.N))
        self.decoder = nn.ModuleList(DecoderLayer(p) for _ in range(p.N))
        self.dropout = nn.Dropout(p.P_drop)
        nn.init.normal_(self.E, std=p.d_model**-0.5)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """Return the logits of the word after each of `target`'s.

        Shapes: `source` (B, n) and `target` (B, m), tokens, `target` beginning with the start symbol; the result
        (B, m, vocabulary).
        """
        return self.decode(target, self.encode(source), source)

    def encode(self, source: Tensor) -> Tensor:
        """Return the encoder's output z: (B, n) tokens in, (B, n, d_model) out."""
        mask = self._padding_mask(source)
        z = self.embed(source)
        for layer in self.encoder:
            z = layer(z, mask)
        return z

    def decode(self, target: Tensor, z: Tensor, source: Tensor) -> Tensor:
        """Return the logits: `target` (B, m), the encoder's output `z` (B, n, d_model) and its `source` (B, n) in."""
        mask = causal_mask(target.shape[1]).to(target.device) if self.causal else None
        source_mask = self._padding_mask(source)
        y = self.embed(target)
        for layer in self.decoder:
            y = layer(y, z, mask, source_mask)
        return y @ self.E.T

    def embed(self, tokens: Tensor) -> Tensor:
        """Return √d_model E_token + PE_pos (sections 3.4 and 3.5): (B, n) tokens in, (B, n, d_model) out."""
        embedded = math.sqrt(self.p.d_model) * self.E[tokens]
        if self.positions:
            encoding = positional_encoding(tokens.shape[1], self.p.d_model, dtype=self.E.dtype)
            embedded = embedded + encoding.to(self.E.device)
        dropped: Tensor = self.dropout(embedded)
        return dropped

    def _padding_mask(self, tokens: Tensor) -> Tensor | None:
        return None if self.padding is None else padding_mask(tokens, padding=self.padding)


def greedy(model: Transformer, source: Tensor, *, start: int, length: int) -> Tensor:
    """Return the `length` words that the model finds likeliest, one after another: (B, n) tokens in, (B, length) out.

    Where it differs from the paper: it searches with a beam of 4 and a length penalty (section 6.1).
    """
    with torch.no_grad():
        z = model.encode(source)
        target = torch.full((len(source), 1), start)
        for _ in range(length):
            likeliest = model.decode(target, z, source)[:, -1:].argmax(dim=-1)
            target = torch.cat([target, likeliest], dim=1)
    return target[:, 1:]
