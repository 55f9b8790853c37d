r"""The sentences of a document in; the places of those that PEGASUS hides and has the model write again, out.

Zhang and others 2019, "PEGASUS: Pre-training with Extracted Gap-sentences for Abstractive Summarization" (arXiv
1912.08777v3), section 3.1. A sentence is important if it shares many words with the rest of its document D:

$$s_i = \mathrm{rouge}(x_i, D \setminus \{x_i\}), \quad \forall i$$

A document is a sequence of sentences, a sentence the sequence of its words; sentences are named by their places, from
0. Of sentences that score the same, the earlier one is taken.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from reproductions.pegasus.rouge import rouge_1

if TYPE_CHECKING:
    import random

Sentence = Sequence[str]
Document = Sequence[Sentence]
Selection = Callable[[Document, int], list[int]]
"""A document and m in; the places of m of its sentences, in the order of the document, out."""

MASK = "[MASK1]"


def score(document: Document, selected: Collection[int], *, unique: bool = False) -> float:
    """Return the ROUGE-1 F1 of the selected sentences, joined, with the rest of the document."""
    inside = [word for i, sentence in enumerate(document) if i in selected for word in sentence]
    outside = [word for i, sentence in enumerate(document) if i not in selected for word in sentence]
    return rouge_1(inside, outside, unique=unique).f1


def importance(document: Document, *, unique: bool = False) -> list[float]:
    """Return s_i of each sentence (section 3.1)."""
    return [score(document, {i}, unique=unique) for i in range(len(document))]


def independent(document: Document, m: int, *, unique: bool = False) -> list[int]:
    """Return the m sentences that score best, each by itself ("Ind")."""
    s = importance(document, unique=unique)
    return sorted(sorted(range(len(document)), key=lambda i: -s[i])[:m])


def sequential(document: Document, m: int, *, unique: bool = False) -> list[int]:
    """Return m sentences taken one after another, each the best together with those before it ("Seq", Algorithm 1)."""
    S: list[int] = []
    for _ in range(min(m, len(document))):
        others = [i for i in range(len(document)) if i not in S]
        S.append(max(others, key=lambda i: score(document, {*S, i}, unique=unique)))
    return sorted(S)


def lead(document: Document, m: int) -> list[int]:
    """Return the first m sentences ("Lead")."""
    return list(range(min(m, len(document))))


def at_random(document: Document, m: int, *, generator: random.Random) -> list[int]:
    """Return m sentences, every choice as probable as any other ("Random")."""
    return sorted(generator.sample(range(len(document)), min(m, len(document))))


def gap_count(document: Document, *, ratio: float) -> int:
    """Return m for a gap sentence ratio, the share of sentences to hide (section 3.1): at least one, and not all.

    Raises `ValueError` for a document of fewer than two sentences, of which nothing would be left to write from.
    """
    if len(document) < 2:
        raise ValueError(f"a document of {len(document)} sentences has none to hide; hint: leave it out")
    return min(max(1, math.floor(ratio * len(document) + 0.5)), len(document) - 1)


def training_pair(sentences: Sequence[str], selected: Collection[int]) -> tuple[str, str]:
    """Return what the encoder reads and what the decoder has to write (section 3.1, Figure 1), as texts.

    A mask takes the place of each selected sentence; the target is these sentences, in the order of the document.

    Where it differs from the paper: whole texts in place of subword tokens, no words masked in addition as for BERT,
    and no selected sentence left to read, where the large model leaves one in five (section 6.2).
    """
    source = [MASK if i in selected else sentence for i, sentence in enumerate(sentences)]
    return " ".join(source), " ".join(sentences[i] for i in sorted(selected))
