"""Attributions to the coordinates of embeddings in; one number for each token, out.

Shapes throughout: attributions (…, tokens, d) in, (…, tokens) out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor


def token_sums(attributions: Tensor) -> Tensor:
    """Return the sum over a token's coordinates: its sign says for or against, and all add up to F(x) − F(x′)."""
    return attributions.sum(dim=-1)


def token_lengths(attributions: Tensor) -> Tensor:
    """Return the L2 norm over a token's coordinates: how much it matters, where coordinates do not cancel; no sign."""
    lengths: Tensor = torch.linalg.vector_norm(attributions, dim=-1)
    return lengths


def shares(scores: Tensor) -> Tensor:
    """Return each token's part of all that is given out, |score| / Σ |score|; zeros stay zero.

    Shapes: `scores` (…, tokens), the result the same.
    """
    sizes = scores.abs()
    return sizes / sizes.sum(dim=-1, keepdim=True).clamp(min=torch.finfo(sizes.dtype).tiny)


def entropy(scores: Tensor) -> Tensor:
    """Return the entropy of the shares, in nats: 0 where one token has all, ln(tokens) where all have the same.

    Shapes: `scores` (…, tokens), the result (…).
    """
    parts = shares(scores)
    total: Tensor = torch.special.entr(parts).sum(dim=-1)
    return total


def without_special_tokens(scores: Tensor, special: Tensor) -> Tensor:
    """Return the scores with those of special tokens set to zero.

    Shapes: `scores` (B, tokens), `special` (B, tokens), true where a token is [CLS], [SEP] or padding. What they carry
    is not small as a rule: the scores that are left need not add up to F(x) − F(x′).
    """
    return scores.masked_fill(special, 0)
