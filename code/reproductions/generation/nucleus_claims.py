"""Nothing in; one number, or a few named ones, out of each function: what is claimed of the nucleus.

Holtzman and others 2019 (arXiv 1904.09751v2), section 3.1, Equations 2 and 3. All numbers come from fixed seeds.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import torch

from reproductions.generation.small_gpt2 import trained
from reproductions.generation.truncation import nucleus, top_k
from reproductions.normal import normal

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor


def nuclei_that_are_not_smallest() -> dict[str, float]:
    """Return, for each p, the share of 1,000 distributions whose nucleus holds less than p or a token too many."""
    return {f"p = {p}": _not_smallest(partial(nucleus, p=p), p) for p in (0.3, 0.9, 0.95)}


def top_ks_that_are_not_smallest() -> dict[str, float]:
    """Return the same for the 40 likeliest tokens."""
    return {f"p = {p}": _not_smallest(partial(top_k, k=40), p) for p in (0.3, 0.9, 0.95)}


def _not_smallest(cut: Callable[[Tensor], Tensor], p: float) -> float:
    u = torch.cat([normal(500, 1000, seed=0), 4 * normal(500, 1000, seed=1)])
    probability, kept = u.softmax(dim=-1), cut(u).isfinite()
    held = (probability * kept).sum(dim=-1)
    least = probability.masked_fill(~kept, math.inf).amin(dim=-1)
    return ((held < p - 1e-12) | (held - least >= p + 1e-12)).double().mean().item()


def spread_of_the_nucleus() -> float:
    """Return the largest over the smallest nucleus (p = 0.95) that the trained model has on unseen text."""
    return _spread(partial(nucleus, p=0.95))


def spread_of_top_k() -> float:
    """Return the same for the 40 likeliest tokens."""
    return _spread(partial(top_k, k=40))


def _spread(cut: Callable[[Tensor], Tensor]) -> float:
    model, unseen = trained()
    with torch.no_grad():
        kept = cut(model(unseen).flatten(end_dim=1)).isfinite().sum(dim=-1)
    return (kept.max() / kept.min()).item()
