"""Sizes in; the matrices that every recurrent cell has, one block for each of its gates, out."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

State = tuple[Tensor, ...]
"""What goes from step to step: (h,), or (h, c) where a cell has a memory of its own. Shape of each: (B, H)."""


class Cell(nn.Module):
    """One step of a recurrent layer: what is common to all.

    `W`, shape (G · H, D), reads the input and `U`, shape (G · H, H), the last output; G blocks of H rows, one for each
    gate. `b_W` and `b_U`, shape (G · H,), are their biases. One would do; torch has both, and so have we. All begin
    uniform in ±1/√H, as in torch.
    """

    blocks = 1
    memories = 1

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__()
        self.hidden = hidden
        self.W = nn.Parameter(torch.empty(self.blocks * hidden, inputs))
        self.U = nn.Parameter(torch.empty(self.blocks * hidden, hidden))
        self.b_W = nn.Parameter(torch.empty(self.blocks * hidden))
        self.b_U = nn.Parameter(torch.empty(self.blocks * hidden))
        for weights in self.parameters():
            nn.init.uniform_(weights, -1 / math.sqrt(hidden), 1 / math.sqrt(hidden))

    def start(self, x: Tensor) -> State:
        """Return the state before the first step, zero, for inputs x of shape (B, …)."""
        return (x.new_zeros(len(x), self.hidden),) * self.memories

    def from_input(self, x: Tensor) -> tuple[Tensor, ...]:
        """Return W x + b_W, a part (B, H) for each block."""
        return (x @ self.W.T + self.b_W).chunk(self.blocks, dim=-1)

    def from_output(self, h: Tensor) -> tuple[Tensor, ...]:
        """Return U h + b_U, a part (B, H) for each block."""
        return (h @ self.U.T + self.b_U).chunk(self.blocks, dim=-1)
