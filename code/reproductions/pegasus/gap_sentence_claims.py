"""Nothing in; one number, or a few named ones, out of each function: what the choice of gap sentences gains.

Zhang and others 2019 (arXiv 1912.08777v3), section 3.1. The documents are those of `documents`, of which
each method hides a share of `RATIO`. A check and its control are the same measurement, taken of two choices.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from functools import partial
from itertools import combinations
from statistics import fmean, stdev
from typing import TYPE_CHECKING

from reproductions.pegasus.documents import documents
from reproductions.pegasus.gap_sentences import (
    Document,
    Selection,
    at_random,
    gap_count,
    importance,
    independent,
    lead,
    score,
    sequential,
)
from reproductions.pegasus.rouge import overlap, rouge_1

if TYPE_CHECKING:
    from collections.abc import Callable


RATIO = 0.3
"""The gap sentence ratio of section 6.1."""

FEW = 10
"""Sentences of a document of which all choices can be tried."""


def by_length(document: Document, m: int) -> list[int]:
    """Return the m longest sentences."""
    return sorted(sorted(range(len(document)), key=lambda i: -len(document[i]))[:m])


def least_important(document: Document, m: int) -> list[int]:
    """Return the m sentences that score worst, each by itself."""
    s = importance(document)
    return sorted(sorted(range(len(document)), key=s.__getitem__)[:m])


def _precision(document: Document, selected: set[int]) -> float:
    inside = [word for i in selected for word in document[i]]
    outside = [word for i, sentence in enumerate(document) if i not in selected for word in sentence]
    return rouge_1(inside, outside).precision


def _scores(select: Selection, measure: Callable[[Document, set[int]], float] = score) -> list[float]:
    return [measure(document, set(select(document, gap_count(document, ratio=RATIO)))) for document in documents()]


def _random() -> Selection:
    return partial(at_random, generator=random.Random(0))


def _surely(differences: list[float]) -> float:
    """Return a mean less three of its standard errors: above zero, it is hardly chance."""
    return fmean(differences) - 3 * stdev(differences) / math.sqrt(len(differences))


# The choice: section 3.1.


def gain_of_principal_sentences() -> dict[str, float]:
    """Return what Ind and Seq gain on random and on leading sentences, in ROUGE-1 F1 with the rest of the document.

    Each is the mean over the documents less three standard errors.
    """
    return {
        f"{name} over {other}": gain
        for name, select in {"Ind": independent, "Seq": sequential}.items()
        for other, gain in _gains(select).items()
    }


def gain_of_the_least_important_sentences() -> dict[str, float]:
    """Return the same for the ranking turned round."""
    return {f"reversed over {other}": gain for other, gain in _gains(least_important).items()}


def _gains(select: Selection) -> dict[str, float]:
    mine = _scores(select)
    others = {"random": _scores(_random()), "lead": _scores(lead)}
    return {name: _surely([a - b for a, b in zip(mine, other, strict=True)]) for name, other in others.items()}


def gain_of_sequential_over_independent() -> float:
    """Return what Seq gains on Ind in ROUGE-1 F1 with the rest, less three standard errors."""
    return _gain_over_independent(sequential)


def gain_of_the_longest_over_independent() -> float:
    """Return the same for the longest sentences."""
    return _gain_over_independent(by_length)


def _gain_over_independent(select: Selection) -> float:
    return _surely([a - b for a, b in zip(_scores(select), _scores(independent), strict=True)])


def worst_of_sequential_against_the_optimum() -> float:
    """Return Seq's score as a share of the best choice's, in the document where it is worst.

    Documents of up to `FEW` sentences, of which all choices of m are tried.
    """
    return _worst_against_the_optimum(sequential)


def worst_of_independent_against_the_optimum() -> float:
    """Return the same for Ind."""
    return _worst_against_the_optimum(independent)


def _worst_against_the_optimum(select: Selection) -> float:
    shares = []
    for document in documents():
        if len(document) <= FEW:
            m = gap_count(document, ratio=RATIO)
            best = max(score(document, choice) for choice in combinations(range(len(document)), m))
            shares.append(score(document, select(document, m)) / best)
    return min(shares)


# What the score rewards: our findings.


def importance_against_the_count_of_shared_words() -> float:
    """Return the largest |s_i |D| / 2 − overlap_i|: but for a constant of the document, s_i counts shared words."""
    return _importance_against_the_count_of_shared_words(unique=False)


def unique_importance_against_the_count_of_shared_words() -> float:
    """Return the same for words counted once, where sentence and rest together vary in size with the sentence."""
    return _importance_against_the_count_of_shared_words(unique=True)


def _importance_against_the_count_of_shared_words(*, unique: bool) -> float:
    apart = []
    for document in documents():
        bags = [Counter(set(sentence) if unique else sentence) for sentence in document]
        for i, s in enumerate(importance(document, unique=unique)):
            rest = Counter(word for j, sentence in enumerate(document) if j != i for word in sentence)
            if unique:
                rest = Counter(set(rest))
            size = len({w for d in document for w in d}) if unique else sum(map(len, document))
            apart.append(abs(s * size / 2 - overlap(bags[i], rest)))
    return max(apart)


def gain_over_the_longest_sentences() -> float:
    """Return what Ind gains on the m longest sentences, relative to what it gains on random ones."""
    return _gain_relative_to_that_over_random(by_length)


def gain_over_the_leading_sentences() -> float:
    """Return the same for the first m sentences."""
    return _gain_relative_to_that_over_random(lead)


def _gain_relative_to_that_over_random(other: Selection) -> float:
    mine = fmean(_scores(independent))
    return (mine - fmean(_scores(other))) / (mine - fmean(_scores(_random())))


def gain_in_precision() -> float:
    """Return how much larger a share of its words Ind finds in the rest than random sentences do, plus three errors.

    The largest that the gain may well be: the mean over the documents plus three standard errors.
    """
    return _gain_in_precision(independent)


def gain_in_precision_of_sequential() -> float:
    """Return the same for Seq."""
    return _gain_in_precision(sequential)


def _gain_in_precision(select: Selection) -> float:
    pairs = zip(_scores(select, _precision), _scores(_random(), _precision), strict=True)
    return -_surely([b - a for a, b in pairs])
