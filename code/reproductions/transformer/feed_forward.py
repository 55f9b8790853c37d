r"""A vector at each position in; another, computed from it alone, out.

The position-wise feed-forward network: Vaswani and others 2017 (arXiv 1706.03762v7), section 3.3, Equation 2.

$$\mathrm{FFN}(x) = \max(0, x W_1 + b_1) W_2 + b_2$$
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class FeedForward(nn.Module):
    """FFN(x) of Equation 2, with `W_1` (d_model, d_ff), `b_1` (d_ff,), `W_2` (d_ff, d_model) and `b_2` (d_model,)."""

    def __init__(self, d_model: int, d_ff: int) -> None:
        super().__init__()
        self.W_1 = nn.Parameter(nn.init.xavier_uniform_(torch.empty(d_model, d_ff)))
        self.b_1 = nn.Parameter(torch.zeros(d_ff))
        self.W_2 = nn.Parameter(nn.init.xavier_uniform_(torch.empty(d_ff, d_model)))
        self.b_2 = nn.Parameter(torch.zeros(d_model))

    def forward(self, x: Tensor) -> Tensor:
        """Return FFN(x): (…, d_model) in, (…, d_model) out."""
        return torch.relu(x @ self.W_1 + self.b_1) @ self.W_2 + self.b_2
