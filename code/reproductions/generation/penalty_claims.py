"""Nothing in; one number out of each function: what a penalty on what was said does, as used and as printed.

CTRL (arXiv 1909.05858), section 4.1. All numbers come from fixed seeds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from reproductions.generation.truncation import repetition_penalty, repetition_penalty_as_printed
from reproductions.normal import normal

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor


def tokens_that_a_penalty_favours() -> float:
    """Return the share of tokens already said that the penalty makes likelier than they were."""
    return _favoured(repetition_penalty)


def tokens_that_the_printed_penalty_favours() -> float:
    """Return the same for the penalty as the formula is printed."""
    return _favoured(repetition_penalty_as_printed)


def _favoured(penalty: Callable[..., Tensor]) -> float:
    u, said = normal(200, 50, seed=2), torch.arange(10).expand(200, 10)
    before = u.gather(1, said)
    return (penalty(u, said, theta=1.2).gather(1, said) > before).double().mean().item()
