"""Two lists of numbers in; Spearman's correlation of their ranks, out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor


def rank_correlation(a: Tensor, b: Tensor) -> float:
    """Return the correlation of the ranks of two lists of numbers, (n,) each; equal ones rank in their order."""
    ranks = torch.stack([a.argsort().argsort(), b.argsort().argsort()]).double()
    return torch.corrcoef(ranks)[0, 1].item()
