"""An input and a baseline in; the output as a function of which features are there, out.

Whoever asks what a feature contributes by taking it away (leaving one out, deletion, infidelity, sensitivity-n) asks
about this function alone. A feature that is not there has its value in the baseline.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from reproductions.attribution.gradients import Function

Presence = Callable[[Tensor], Tensor]
"""Which of n features are there, booleans of shape (B, n), in; an output for each row, (B,), out."""


def presence_of(F: Function, x: Tensor, x_prime: Tensor) -> Presence:
    """Return what F says of an input when some of its features are there, and the others are as in the baseline.

    Shapes: `x` and `x_prime` (n, …), of any type: numbers, rows of an embedding, token ids.
    """

    def output(present: Tensor) -> Tensor:
        there = present.to(x.device).reshape(*present.shape, *(1,) * (x.dim() - 1))
        with torch.no_grad():
            return F(torch.where(there, x, x_prime))

    return output


def lost_without(output: Presence, removed: Tensor) -> Tensor:
    """Return what the output loses with each subset of features: booleans (count, n) in, (count,) out.

    The cost is a forward pass for each subset, and one for the whole.
    """
    return output(~removed.new_zeros(1, removed.shape[1])) - output(~removed)


def random_subsets(n: int, *, size: int, count: int, seed: int) -> Tensor:
    """Return `count` subsets of n features, `size` of them in each: booleans of shape (count, n)."""
    noise = torch.rand(count, n, generator=torch.Generator().manual_seed(seed), device="cpu")
    return noise.argsort(dim=1).argsort(dim=1) < size
