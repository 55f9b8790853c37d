"""Nothing in; news articles as sentences, out: the Lee corpus, read where the package `gensim` keeps it.

The Lee background corpus is 300 articles of the Australian Broadcasting Corporation's news service, gathered by Lee,
Pincombe and Welsh (2005) and carried among gensim's test data, one article a line. Nothing of it is copied here, and
gensim itself is not imported.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

from reproductions.pegasus.rouge import words

if TYPE_CHECKING:
    from reproductions.pegasus.gap_sentences import Document

FEWEST = 5
"""Sentences of an article that is used: of fewer, a share to hide is not much of a choice."""


@cache
def articles() -> tuple[tuple[str, ...], ...]:
    """Return the articles of at least `FEWEST` sentences, each as the tuple of its sentences.

    Raises `ModuleNotFoundError` where gensim is missing.
    """
    try:
        corpus = Path(str(distribution("gensim").locate_file("gensim/test/test_data/lee_background.cor")))
    except PackageNotFoundError:
        raise ModuleNotFoundError("the Lee corpus comes with gensim; hint: pip install gensim") from None
    split = (sentences(line) for line in corpus.read_text(encoding="utf-8").splitlines())
    return tuple(article for article in split if len(article) >= FEWEST)


@cache
def documents() -> tuple[Document, ...]:
    """Return the articles as words; a sentence without words (a lone number sign, say) is no sentence."""
    split = ([words(sentence) for sentence in article] for article in articles())
    return tuple([sentence for sentence in document if sentence] for document in split)


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a text: each ends in . ! or ?, with its closing quote, before a space and a capital.

    A rule for this corpus, which writes "Mr" without a stop; initials ("J. Howard") would end a sentence.
    """
    return tuple(re.split(r"""(?:(?<=[.!?])|(?<=[.!?]["']))\s+(?=["'(]?[A-Z0-9])""", text.strip()))
