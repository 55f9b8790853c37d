r"""Two texts in; how many of their words they share, out: ROUGE-1, as PEGASUS scores a sentence by it.

ROUGE is Lin 2004 (aclanthology.org/W04-1013); PEGASUS (Zhang and others 2019, arXiv 1912.08777v3, section 3.1) uses its
F1 on single words, in two variants. With c_a(w) and c_b(w) for how often a word is in each text:

$$\mathrm{overlap} = \sum_w \min(c_a(w), c_b(w)), \quad P = \frac{\mathrm{overlap}}{|a|}, \quad
R = \frac{\mathrm{overlap}}{|b|}, \quad F_1 = \frac{2 P R}{P + R}$$
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Rouge:
    """Shares between 0 and 1."""

    precision: float
    recall: float
    f1: float


def words(text: str) -> list[str]:
    """Return a text's words as the package `rouge-score` takes them: runs of a–z and 0–9 in lower case, no stemming."""
    return re.findall("[a-z0-9]+", text.lower())


def overlap(candidate: Counter[str], reference: Counter[str]) -> int:
    """Return how many words two bags of words share; a word counts as often as it is in both."""
    return (candidate & reference).total()


def rouge_1(candidate: Iterable[str], reference: Iterable[str], *, unique: bool = False) -> Rouge:
    """Return ROUGE-1 of a candidate's words against a reference's.

    With `unique` each text is the set of its words ("Uniq" in the paper), without it a repeated word counts repeatedly
    ("Orig"). Texts that share nothing, an empty one among them, score 0.

    Where F1 is concerned the two texts may change places, and F1 = 2 overlap / (|candidate| + |reference|).
    """
    if unique:
        candidate, reference = set(candidate), set(reference)
    candidate, reference = Counter(candidate), Counter(reference)
    shared = overlap(candidate, reference)
    if not shared:
        return Rouge(0.0, 0.0, 0.0)
    precision, recall = shared / candidate.total(), shared / reference.total()
    return Rouge(precision, recall, 2 * precision * recall / (precision + recall))
