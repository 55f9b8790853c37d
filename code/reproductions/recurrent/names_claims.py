"""Nothing in; numbers by name out: what the claims about spelt names measure, over all five folds of held-out names."""

from __future__ import annotations

from reproductions.recurrent.names import (
    END,
    FOLDS,
    LETTERS,
    bits_per_character,
    read_back,
    read_by_one_letter,
    split,
    trained,
)
from reproductions.recurrent.ngrams import NGrams

ALPHAS = (0.5, 1.0, 2.0, 4.0, 8.0)


def bits_of_ngrams(n: int) -> float:
    """Return the bits per character of counts of n symbols, given the gender, with the smoothing that suits best."""
    return min(_mean([_bits_of_ngrams(n, fold, alpha) for fold in range(FOLDS)]) for alpha in ALPHAS)


def _bits_of_ngrams(n: int, fold: int, alpha: float) -> float:
    read, held = split(fold)
    model = NGrams(read, n=n, alphabet=len(LETTERS + END), alpha=alpha, begin=1)
    return sum(model.bits(text, begin=1) for text in held) / sum(len(text) - 1 for text in held)


def bits_above_ngrams() -> dict[str, float]:
    """Return by how much the bits of the network with long short-term memory are above those of counts."""
    return _bits_above_ngrams(epochs=30)


def bits_above_ngrams_after_one_epoch() -> dict[str, float]:
    """Return the same for the network that has read each name once."""
    return _bits_above_ngrams(epochs=1)


def _bits_above_ngrams(*, epochs: int) -> dict[str, float]:
    bits = _mean([bits_per_character(trained(fold=fold, epochs=epochs)) for fold in range(FOLDS)])
    return {name: bits - bits_of_ngrams(n) for n, name in ((1, "unigrams"), (2, "bigrams"), (4, "4-grams"))}


def genders_read_back() -> float:
    """Return the share of held-out names that are likelier with their own gender than with the other."""
    return _mean([read for fold in range(FOLDS) for read in read_back(trained(fold=fold))])


def genders_read_back_after_mixing_up() -> float:
    """Return the same for networks trained on names whose genders were mixed up."""
    return _mean([read for fold in range(FOLDS) for read in read_back(trained(fold=fold, mixed_up=True))])


def genders_by_the_last_letter() -> float:
    """Return the share of the same names whose gender the last letter alone tells."""
    return _mean([read for fold in range(FOLDS) for read in read_by_one_letter(fold, place=-2)])


def genders_by_the_first_letter() -> float:
    """Return the same for the first letter."""
    return _mean([read for fold in range(FOLDS) for read in read_by_one_letter(fold, place=1)])


def _mean(values: list[float] | list[bool]) -> float:
    return sum(values) / len(values)
