"""Texts in; how much in them has been said before, out.

Holtzman and others 2019 (arXiv 1904.09751v2), section 5 on repetition, Figure 9: maximization gets stuck in loops. The
paper counts texts that end in a phrase of two tokens or more, said three times or more; texts of the length that is
made here hardly reach that, so we count n-grams.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def repeated(texts: Tensor, *, n: int = 4) -> float:
    """Return the share of n-grams that stand earlier in the same text, averaged over texts. Shape: (B, m), m ≥ n."""
    return sum(_repeated(text, n=n) for text in texts.tolist()) / len(texts)


def _repeated(text: list[int], *, n: int) -> float:
    grams = [tuple(text[i : i + n]) for i in range(len(text) - n + 1)]
    return 1 - len(set(grams)) / len(grams)
