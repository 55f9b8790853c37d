"""Nothing in; numbers by name out: what the claims about prose, written character by character, measure."""

from __future__ import annotations

from reproductions.recurrent.ngrams import NGrams
from reproductions.recurrent.text import STEPS, SYMBOLS, bits_per_character, prose, sampled, trained

ALPHA = 4.0
"""The smoothing that suits counts of four characters best on the held-out text, of 2, 4 and 8."""


def bits_of_ngrams(n: int, *, alpha: float = ALPHA) -> float:
    """Return the bits per character of held-out prose under counts of n characters."""
    read, held = prose()
    return NGrams([read], n=n, alphabet=len(SYMBOLS), alpha=alpha).bits(held, begin=1) / (len(held) - 1)


def bits_above_ngrams() -> dict[str, float]:
    """Return by how much the network's bits are above those of counts of one to four characters."""
    return _above(steps=STEPS)


def bits_above_ngrams_after_a_tenth_of_training() -> dict[str, float]:
    """Return the same after a tenth of the steps."""
    return _above(steps=STEPS // 10)


def _above(*, steps: int) -> dict[str, float]:
    bits = bits_per_character(trained(steps=steps), prose()[1])
    return {f"{n} characters": bits - bits_of_ngrams(n) for n in (1, 2, 3, 4)}


def bits_of_six_characters_above_the_network() -> float:
    """Return by how much the bits of counts of six characters, with a smoothing of 8, are above the network's."""
    return bits_of_ngrams(6, alpha=8.0) - bits_per_character(trained(), prose()[1])


def bits_of_three_characters_above_the_network() -> float:
    """Return the same for counts of three characters."""
    return bits_of_ngrams(3) - bits_per_character(trained(), prose()[1])


def bits_of_cold_text() -> float:
    """Return by how much text drawn at temperature 0.5 costs more than held-out prose, per character."""
    return _over_prose(0.5)


def bits_of_text_at_one() -> float:
    """Return the same at temperature 1."""
    return _over_prose(1.0)


def _over_prose(temperature: float) -> float:
    writer = trained()
    written = [sampled(writer, "The ", temperature=temperature, length=300, seed=seed).bits for seed in range(4)]
    return sum(written) / len(written) - bits_per_character(writer, prose()[1])
