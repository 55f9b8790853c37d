"""The output as a function of which features are there in; what the output loses with each of them, out.

Li, Monroe and Jurafsky 2016 (arXiv 1612.08220), section 3, call it erasure; Captum calls it feature ablation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor

    from reproductions.attribution.presence import Presence


def leave_one_out(output: Presence, n: int) -> Tensor:
    """Return S(x) − S(x without feature i) for each of n features, shape (n,).

    Where it differs from the paper: its Equation 1 divides by S(x) and averages over examples.
    """
    missing = torch.eye(n, dtype=torch.bool, device="cpu")
    outputs = output(torch.cat([missing.new_ones(1, n), ~missing]))
    return outputs[0] - outputs[1:]
