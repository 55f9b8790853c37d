"""A library in; for each paper the papers and days that are most like it, out.

Two records are alike as far as their texts use the same rare words (BM25 as Tantivy has it, Robertson and Zaragoza,
2009, as a share of what a text scores against itself), and where they share topics. What a library's texts gave is kept
in its cache.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from threepass.markdown.fences import without_fences
from threepass.remembered.kept import kept

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tantivy import Searcher, TextAnalyzer

    from threepass.library import Entry, Library, Note

CACHE = "related"
"""The name under which the likeness of texts is kept."""
MOST = 4
"""Papers, and as many days, that a page shows."""
TOPIC = 0.15
"""What a shared topic counts, where 1 is the same text."""
LEAST = 0.15
"""Below this, two records have nothing to do with one another."""
COMMON = 200
"""A word of more records than these says little, and comparing all of them would take time with their square."""
ALL_WORDS = 1 << 16
"""More than a text has: of fewer, Tantivy would choose among equally weighty ones by chance."""

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
    made_from = ["BM25", COMMON, len(library.notes), names, texts]
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
    """Return how like each of the first `of` texts the likest others are, from 0 to 1, where they share a telling word.

    The work grows with the number of texts: a word of more than `COMMON` texts does not count.
    """
    import tantivy

    searcher = _indexed(texts)
    found = searcher.search(tantivy.Query.all_query(), limit=max(1, len(texts))).hits
    places = [place for _, place in found]
    numbers = {
        (place.segment_ord, place.doc): number
        for place, number in zip(places, searcher.fast_field_values("number", places), strict=True)
        if isinstance(number, int)
    }
    most = max(2, min(COMMON, len(texts) // 2 + 1))
    likest: dict[int, dict[str, float]] = {}
    for place in places:
        number = numbers[place.segment_ord, place.doc]
        if number < of:
            like_it = tantivy.Query.more_like_this_query(
                place, min_doc_frequency=2, max_doc_frequency=most, min_term_frequency=1, max_query_terms=ALL_WORDS
            )
            hits = searcher.search(like_it, limit=8 * MOST + 1).hits
            scores = {numbers[there.segment_ord, there.doc]: score for score, there in hits}
            own = scores.pop(number, min(scores.values(), default=1.0))  # not among the likest: these are all as like
            likest[number] = {names[other]: min(1.0, round(score / own, 4)) for other, score in scores.items()}
    return {names[number]: likest[number] for number in sorted(likest) if likest[number]}


def _indexed(texts: Sequence[str]) -> Searcher:
    """Return Tantivy's searcher of texts, each with its number."""
    import tantivy

    schema = tantivy.SchemaBuilder()
    schema.add_text_field("text", stored=True, tokenizer_name="terms", index_option="freq")
    schema.add_integer_field("number", fast=True)
    index = tantivy.Index(schema.build())
    index.register_tokenizer("terms", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    writer = index.writer(num_threads=1)  # of several, chance would say in which order they write
    for number, text in enumerate(texts):
        writer.add_document(tantivy.Document(text=_terms(text), number=number))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index.searcher()


@lru_cache(maxsize=1 << 15)  # telling them takes longer than all that is done with them
def _terms(text: str) -> str:
    """Return a text's words as they are compared: without accents, endings and those that say nothing."""
    return " ".join(_analyzer().analyze(text))


@cache
def _analyzer() -> TextAnalyzer:
    import tantivy

    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(r"[^\W\d_]{3,}")).filter(tantivy.Filter.lowercase())
    words = words.filter(tantivy.Filter.ascii_fold()).filter(tantivy.Filter.stopword("english"))
    return words.filter(tantivy.Filter.stemmer("english")).build()


def _words_of_note(note: Note) -> str:
    paper = note.paper
    cs = [answer for _, answer in paper.five_cs or () if answer]
    return _plain("\n".join([paper.title, paper.title, paper.abstract or "", *cs, note.body]))


def _words_of_entry(entry: Entry) -> str:
    return _plain("\n".join([entry.title, entry.title, entry.day.notes or ""]))


@lru_cache(maxsize=1 << 15)  # most texts stay as they are while the site is served
def _plain(text: str) -> str:
    return _MARKUP.sub(" ", without_fences(text)[:8000])
