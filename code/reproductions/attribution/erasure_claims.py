"""Nothing in; one number out of each function: what leaving one out makes of two features that each do alone.

Li, Monroe and Jurafsky 2016 (arXiv 1612.08220) call it erasure. What it says of a classifier of texts is measured in
`sentence_claims`. All numbers are float64.
"""

from __future__ import annotations

import torch
from torch import Tensor

from reproductions.attribution.integrated_gradients import integrated_gradients
from reproductions.attribution.leave_one_out import leave_one_out
from reproductions.attribution.presence import presence_of


def leave_one_out_of_either() -> float:
    """Return the sum of what leaving one out gives the two features of max(x₁, x₂) at (1, 1), from (0, 0)."""
    ones = torch.ones(2, dtype=torch.float64)
    return leave_one_out(presence_of(_either, ones, 0 * ones), 2).sum().item()


def integrated_gradients_of_either() -> float:
    """Return the same for Integrated Gradients, close to the tie: what max(1, 1) − max(0, 0) = 1 is made of."""
    x = torch.tensor([[1.0, 0.999]], dtype=torch.float64)
    return integrated_gradients(_either, x, torch.zeros_like(x)).sum().item()


def _either(x: Tensor) -> Tensor:
    return torch.maximum(x[:, 0], x[:, 1])
