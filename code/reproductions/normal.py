"""A shape and a seed in; standard normal numbers, out: what claims are measured on where nothing is trained."""

from __future__ import annotations

import torch
from torch import Tensor


def normal(*shape: int, seed: int) -> Tensor:
    """Return standard normal numbers of this shape, float64, the same for the same seed."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
