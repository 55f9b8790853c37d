"""A library in; for each paper the papers and days that are most like it, out.

Two records are alike as far as their texts use the same rare words (TF-IDF, the cosine of the angle between them;
Salton and Buckley, 1988), and where they share topics. What a library's texts gave is kept in its cache.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from threepass.fences import without_fences
from threepass.kept import kept

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from threepass.library import Entry, Library, Note

CACHE = "related"
"""The name under which the likeness of texts is kept."""
MOST = 4
"""Papers, and as many days, that a page shows."""
TOPIC = 0.08
"""What a shared topic counts, where 1 is the same text."""
LEAST = 0.05
"""Below this, two records have nothing to do with one another."""
WORDS = 40
"""The weightiest words of a record that count."""
COMMON = 200
"""A word of more records than these says little, and comparing all of them would take time with their square."""

_MARKUP = re.compile(r"\]\([^)]*\)|https?://\S+|\[\[|\]\]|\$[^$]*\$|`[^`]*`|\{\{[^}]*\}\}|[|#*_]")


@dataclass(frozen=True)
class Alike:
    """A record like another one, how much so (0 to 1 and a little for topics), and the topics that they share."""

    name: str
    score: float
    topics: tuple[str, ...]


@dataclass(frozen=True)
class Related:
    """What is most like a paper, the likest first."""

    papers: tuple[Alike, ...] = ()
    days: tuple[Alike, ...] = ()


def related(library: Library) -> dict[str, Related]:
    """Return for each paper, by its key, what is most like it."""
    texts = [*(_words_of_note(note) for note in library.notes.values()), *map(_words_of_entry, library.entries)]
    names = [*library.notes, *(entry.name for entry in library.entries)]
    if len(library.notes) == 0 or len(names) < 2:
        return {}
    made_from = [WORDS, COMMON, len(library.notes), names, texts]
    scores = kept(library.root, CACHE, made_from, lambda: likeness(names, texts, of=len(library.notes)))
    topics: dict[str, Sequence[str]] = {key: note.paper.topics for key, note in library.notes.items()}
    topics |= {entry.name: entry.day.topics for entry in library.entries}
    return {key: _best(key, scores.get(key, {}), topics, library) for key in library.notes}


def _best(key: str, scores: Mapping[str, float], topics: Mapping[str, Sequence[str]], library: Library) -> Related:
    shared = {name: tuple(topic for topic in topics[key] if topic in topics[name]) for name in scores}
    alike = [Alike(name, round(score + TOPIC * len(shared[name]), 4), shared[name]) for name, score in scores.items()]
    alike = sorted((each for each in alike if each.score >= LEAST), key=lambda each: (-each.score, each.name))
    papers = [each for each in alike if each.name in library.notes]
    days = [each for each in alike if each.name not in library.notes]
    return Related(tuple(papers[:MOST]), tuple(days[:MOST]))


def likeness(names: Sequence[str], texts: Sequence[str], *, of: int) -> dict[str, dict[str, float]]:
    """Return the cosine of the first `of` texts with every text that shares a weighty word with them.

    The work grows with the number of texts: each counts by its `WORDS` weightiest words, each word in at most `COMMON`
    texts.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    try:
        vectors = TfidfVectorizer(
            stop_words="english", sublinear_tf=True, token_pattern=r"(?u)\b[^\W\d_]{3,}\b", strip_accents="unicode",
            min_df=2, max_df=max(2, min(COMMON, len(texts) // 2 + 1)),
        ).fit_transform(texts)  # fmt: skip
    except ValueError:  # no word is left
        return {}
    for row in range(vectors.shape[0]):
        begin, end = vectors.indptr[row], vectors.indptr[row + 1]
        if end - begin > WORDS:
            values = vectors.data[begin:end]
            values[values.argsort()[: end - begin - WORDS]] = 0
    vectors.eliminate_zeros()
    cosines = (vectors[:of] @ vectors.T).tocsr()
    found: dict[str, dict[str, float]] = {}
    for row in range(of):
        begin, end = cosines.indptr[row], cosines.indptr[row + 1]
        pairs = zip(cosines.indices[begin:end], cosines.data[begin:end], strict=True)
        best = sorted(((float(score), names[column]) for column, score in pairs if column != row), reverse=True)
        found[names[row]] = {name: round(score, 4) for score, name in best[: 8 * MOST]}
    return found


def _words_of_note(note: Note) -> str:
    paper = note.paper
    cs = [answer for _, answer in paper.five_cs or () if answer]
    return _plain("\n".join([paper.title, paper.title, paper.abstract or "", *cs, note.body]))


def _words_of_entry(entry: Entry) -> str:
    return _plain("\n".join([entry.title, entry.title, entry.day.notes or ""]))


@lru_cache(maxsize=1 << 15)  # most texts stay as they are while the site is served
def _plain(text: str) -> str:
    return _MARKUP.sub(" ", without_fences(text)[:8000])
