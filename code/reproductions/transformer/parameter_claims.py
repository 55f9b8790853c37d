"""Nothing in; one number, or a few named ones, out of each function: what is claimed of the number of parameters.

Vaswani and others 2017 (arXiv 1706.03762v7), sections 3.4 and 5.1 and Table 3. A check and its control are the same
measurement, taken of two methods.
"""

from __future__ import annotations

from reproductions.transformer.hyperparameters import BASE, TABLE_3, VOCABULARY
from reproductions.transformer.parameters import parameters, rows_missed

BASE_ROWS = tuple(row for row in TABLE_3 if row != "big")
"""The rows of Table 3 that vary the base model, and print a number of parameters."""
CONCEIVABLE = range(20_000, 60_001, 10)
"""Sizes of a vocabulary that are tried."""


def parameters_of_the_base_model() -> float:
    """Return the millions of parameters of the base model, whose one matrix of 37,000 rows embeds and predicts."""
    return parameters(BASE, vocabulary=VOCABULARY) / 1e6


def parameters_without_sharing() -> float:
    """Return the same with three matrices in place of one."""
    return parameters(BASE, vocabulary=VOCABULARY, matrices=3) / 1e6


def rows_missed_with_one_vocabulary() -> float:
    """Return how many of the base model's rows in Table 3 no rounding explains, with the vocabulary that suits best."""
    return float(min(len(rows_missed(vocabulary, rows=BASE_ROWS)) for vocabulary in CONCEIVABLE))


def rows_missed_with_the_stated_vocabulary() -> float:
    """Return the same with the 37,000 of section 5.1."""
    return float(len(rows_missed(VOCABULARY, rows=BASE_ROWS)))


def vocabulary_that_the_rows_imply() -> dict[str, float]:
    """Return the least and the largest vocabulary that explains all the base model's rows, over 37,000."""
    return _vocabulary_that_explains(BASE_ROWS)


def vocabulary_that_the_big_row_implies() -> dict[str, float]:
    """Return the same for the big model's row."""
    return _vocabulary_that_explains(("big",))


def _vocabulary_that_explains(rows: tuple[str, ...]) -> dict[str, float]:
    explaining = [vocabulary for vocabulary in CONCEIVABLE if not rows_missed(vocabulary, rows=rows)]
    return {"least": explaining[0] / VOCABULARY, "largest": explaining[-1] / VOCABULARY}
