"""Texts in; how many bits a character costs under counts of the characters before it, out.

Unigrams, bigrams and so on, by characters, with absolute counts smoothed by those of the next shorter context: the
models that a network has to beat before it may be said to have learnt more than which letters stand together.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class NGrams:
    r"""Characters, each predicted from the n − 1 before it.

    $$P(c \mid h) = \frac{\#(h c) + \alpha \, P(c \mid h')}{\#(h) + \alpha}$$

    where h' is h without its first character, and below the unigram stands the uniform distribution over the alphabet:
    Dirichlet smoothing (MacKay & Peto 1995). Symbols before place `begin` of a text are read and not predicted.
    """

    def __init__(
        self, texts: Iterable[Sequence[str]], *, n: int, alphabet: int, alpha: float = 1.0, begin: int = 0
    ) -> None:
        self.n, self.alphabet, self.alpha = n, alphabet, alpha
        self.counts: Counter[tuple[str, ...]] = Counter()
        self.contexts: Counter[tuple[str, ...]] = Counter()
        for text in texts:
            for place in range(begin, len(text)):
                for size in range(min(n - 1, place) + 1):
                    gram = tuple(text[place - size : place + 1])
                    self.counts[gram] += 1
                    self.contexts[gram[:-1]] += 1

    def probability(self, symbol: str, context: Sequence[str]) -> float:
        """Return P(symbol | the last n − 1 symbols of the context)."""
        return self._probability(symbol, tuple(context[max(0, len(context) - self.n + 1) :]))

    def _probability(self, symbol: str, context: tuple[str, ...]) -> float:
        shorter = self._probability(symbol, context[1:]) if context else 1 / self.alphabet
        return (self.counts[*context, symbol] + self.alpha * shorter) / (self.contexts[context] + self.alpha)

    def bits(self, text: Sequence[str], *, begin: int = 0) -> float:
        """Return −log₂ P of the symbols of a text from place `begin` on, given those before them."""
        return -sum(math.log2(self.probability(text[place], text[:place])) for place in range(begin, len(text)))
