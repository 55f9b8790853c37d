"""A paper in; its BibTeX entry out: BibLaTeX's fields for arXiv, and what its own entry said beyond our keys.

What is read back from it is the paper (`importers/bibtex_entry.py`): a text that LaTeX cannot say exactly stands in an
`exact-…` field besides, which styles pass over.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from threepass.importers.bibtex_entry import EXACT, VENUE_FIELD, authors_of, venue_of, verbatim
from threepass.latex.text import in_braces, to_latex, to_unicode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from threepass.library import Note
    from threepass.models import Paper

_PLAIN = re.compile(r"[^\W_]+(?:[ .:/+*=][^\W_]+)*\.?")
"""Texts that need no thought: nearly every title and name."""
GROUP = re.compile(r"\b(?:collaboration|team|group|consortium|and)\b|,", re.IGNORECASE)
"""Names that are not a person's, or that a list would take apart."""
_SUFFIXED = re.compile(r"(.+) (\S+) (Jr\.?|Sr\.?|II|III|IV)")


def to_bibtex(note: Note) -> str:
    """Return a note's paper as a BibLaTeX entry."""
    paper = note.paper
    kept = dict(paper.bibtex)
    kind = kept.pop("type", None) or default_type(paper)
    alias = kept.pop("key", None)
    fields = dict(_fields(paper, VENUE_FIELD.get(kind, "howpublished")))
    if alias:
        fields["ids"] = alias
    fields |= {name: value for name, value in kept.items() if name not in fields}
    lines = [f"  {name:<11} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@{kind}{{{note.key},", *lines, "}"])


def default_type(paper: Paper) -> str:
    """Return the type of entry of a paper that none was imported for."""
    return "misc" if paper.venue or paper.arxiv or not paper.url else "online"


def _fields(paper: Paper, venue: str) -> Iterator[tuple[str, str]]:
    yield from _written("title", [paper.title], _protected, to_unicode)
    names = " and ".join(map(_author, paper.authors))
    yield "author", names
    if not all(map(_is_plain, paper.authors)) and authors_of(names) != paper.authors:
        yield EXACT + "author", _exact(paper.authors)
    yield "year", str(paper.published.year)
    yield "date", paper.published.isoformat()
    if paper.arxiv:
        yield "eprint", paper.arxiv
        yield "eprinttype", "arxiv"
    if paper.arxiv and paper.categories:
        yield "eprintclass", to_latex(paper.categories[0])
    if paper.categories[1:] or (paper.categories and not paper.arxiv):
        yield "categories", ", ".join(map(to_latex, paper.categories))
    if not all(re.fullmatch(r"[\w.-]+", category) for category in paper.categories):
        yield EXACT + "categories", _exact(paper.categories)
    if paper.version is not None:
        yield "version", str(paper.version)
    if paper.updated is not None:
        yield "updated", paper.updated.isoformat()
    if paper.doi:
        yield from _written("doi", [paper.doi], in_braces, verbatim)
    if paper.url:
        yield from _written("url", [paper.url], in_braces, verbatim)
    if paper.venue:
        yield from _written(venue, [paper.venue], to_latex, venue_of, exact="venue")
    if paper.topics:
        yield "keywords", ", ".join(paper.topics)
    if paper.abstract:
        yield from _written("abstract", [paper.abstract], to_latex, to_unicode)


def _written(
    name: str, texts: Sequence[str], write: Callable[[str], str], read: Callable[[str], str], *, exact: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield a field, and a second one with the exact text where the first would be read back as another."""
    text = "".join(texts)
    written = write(text)
    yield name, written
    if (exact or not _is_plain(text)) and read(written) != text:
        yield EXACT + (exact or name), _exact(texts)


def _is_plain(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None and text.lower() != "others"


def _exact(texts: Sequence[str]) -> str:
    return "&".join(quote(text, safe="") for text in texts)


def _protected(title: str) -> str:
    """Return a title in braces, so that no style changes its capitals."""
    return f"{{{to_latex(title)}}}"


def _author(name: str) -> str:
    """Return a name as BibTeX's lists take it."""
    if name == "et al.":
        return "others"
    if GROUP.search(name):
        return f"{{{to_latex(name)}}}"
    if match := _SUFFIXED.fullmatch(name):
        return to_latex(f"{match[2]}, {match[3]}, {match[1]}")
    return to_latex(name)
