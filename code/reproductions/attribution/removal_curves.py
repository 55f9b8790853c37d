"""Scores of features in; how the output moves as the features go, or come, in the order of the scores, out.

Deletion and insertion of Petsiuk, Das and Saenko 2018 (arXiv 1806.07421), section 4: if the scores are right, the
output falls at once when the best features are deleted, and rises at once when they are inserted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor

    from reproductions.attribution.presence import Presence


def deletion_curve(output: Presence, scores: Tensor) -> Tensor:
    """Return the output with 0, 1, …, n features deleted, those with the highest scores first: (n,) in, (n + 1,) out.

    Features of equal score go in their order.
    """
    return output(~_first(scores))


def insertion_curve(output: Presence, scores: Tensor) -> Tensor:
    """Return the output with 0, 1, …, n features inserted into the baseline, those with the highest scores first."""
    return output(_first(scores))


def area(curve: Tensor) -> float:
    """Return the area under a curve on [0, 1], by trapezoids: small is good for deletion, large for insertion."""
    return torch.trapezoid(curve, dx=1 / (len(curve) - 1)).item()


def _first(scores: Tensor) -> Tensor:
    """Return which features are among the k best, for k = 0 … n: booleans (n + 1, n)."""
    ranks = scores.argsort(descending=True, stable=True).argsort()
    return ranks < torch.arange(len(scores) + 1, device=scores.device)[:, None]
