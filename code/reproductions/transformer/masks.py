"""Lengths or a number of positions in; masks, true where a query may look at a key, out.

Vaswani and others 2017 (arXiv 1706.03762v7), section 3.2.3. Two masks are combined by `&`.
"""

from __future__ import annotations

import torch
from torch import Tensor


def causal_mask(n: int) -> Tensor:
    """Return which positions each position may see: itself and those before. Shape (n, n), queries first.

    Section 3.2.3: leftward information flow has to be prevented, to preserve the auto-regressive property.
    """
    return torch.ones(n, n, dtype=torch.bool).tril()


def padding_mask(tokens: Tensor, *, padding: int) -> Tensor:
    """Return which keys are words. Shapes: `tokens` (B, n), the result (B, 1, n), for all queries alike.

    Where it differs from the paper: the paper batches sentences "by approximate sequence length" (section 5.1) and says
    nothing of padding.
    """
    return (tokens != padding).unsqueeze(-2)
