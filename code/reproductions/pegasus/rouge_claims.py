"""Nothing in; one number out of each function: how far our ROUGE-1 is from that of the package `rouge-score`."""

from __future__ import annotations

from reproductions.pegasus.documents import articles
from reproductions.pegasus.rouge import rouge_1, words


def distance_to_rouge_score() -> float:
    """Return the largest difference from the package `rouge-score`, for each article's first half against its second.

    Of precision, recall and F1 of ROUGE-1, without stemming.
    """
    return _distance_to_rouge_score(unique=False)


def distance_of_unique_words_to_rouge_score() -> float:
    """Return the same for words counted once."""
    return _distance_to_rouge_score(unique=True)


def _distance_to_rouge_score(*, unique: bool) -> float:
    from rouge_score.rouge_scorer import RougeScorer  # type: ignore[import-untyped]  # the package has no types

    scorer = RougeScorer(["rouge1"], use_stemmer=False)
    apart: list[float] = []
    for article in articles():
        middle = len(article) // 2
        candidate, reference = " ".join(article[:middle]), " ".join(article[middle:])
        mine = rouge_1(words(candidate), words(reference), unique=unique)
        theirs = scorer.score(reference, candidate)["rouge1"]
        apart += [
            abs(mine.precision - theirs.precision),
            abs(mine.recall - theirs.recall),
            abs(mine.f1 - theirs.fmeasure),
        ]
    return max(apart)
