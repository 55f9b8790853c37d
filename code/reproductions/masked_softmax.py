"""Scores in; the weights that add up to one over what may be looked at, out: the softmax of every attention."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor


def masked_softmax(scores: Tensor, mask: Tensor | None = None) -> Tensor:
    """Return the softmax over the last axis of what the mask lets through; the rest, and rows of nothing, weigh 0.

    Shapes: `scores` (…, n), `mask` broadcasts to it and is true where one may look, the result (…, n).

    Where it differs from the papers: they set the scores of all others to −∞, which makes NaN of a row of nothing.
    """
    if mask is None:
        return scores.softmax(dim=-1)
    # the least finite number in place of −∞: exp makes a zero of it beside any other, and no NaN where there is none
    weights = scores.masked_fill(~mask, torch.finfo(scores.dtype).min).softmax(dim=-1)
    return weights.masked_fill(~mask, 0)
