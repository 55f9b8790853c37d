"""A BibTeX file in; a note for each of its papers that has none, and what notes lacked put into them, out.

A paper is known by its arXiv id, its DOI, the key that it was imported by where titles or authors agree, or its title
with its first author; all entries of one paper are one note. What a note says already stays as it is.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from threepass.authoring.passes import new_note
from threepass.authoring.proposal import problems_of_notes, read_paper
from threepass.citing.bibtex import default_type
from threepass.citing.citation import citation_key, distinct_key
from threepass.editing import in_front_matter, scalar, set_value
from threepass.fields import CITATION_KEY, WORD
from threepass.importers.bibtex import read_bibtex
from threepass.importers.bibtex_entry import BibReference, BrokenReference
from threepass.ledger import source_tree
from threepass.library import load
from threepass.writing import create, locked, write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from threepass.editing import Location, Value
    from threepass.library import Library
    from threepass.models import Paper
    from threepass.problems import Problem

ALIKE = 0.6
"""How much of two titles must agree for one key to mean one paper; a corrected title does, another paper's does not."""


@dataclass(frozen=True)
class ImportedReference:
    """What became of an entry: `done` is written, completed or known; `added` are the keys that the note lacked."""

    line: int
    key: str
    done: str
    path: Path
    added: tuple[str, ...] = ()


Outcome = ImportedReference | BrokenReference


def import_bibtex(
    root: Path, text: str, *, topics: Sequence[str] = (), abstracts: bool = False, dry_run: bool = False
) -> list[Outcome]:
    """Bring the entries of a BibTeX file into a library, and return what became of each, in the file's order.

    Abstracts are kept only where `abstracts` says so; with `dry_run` nothing is written. Raises `WritingError`.
    """
    with locked(root):
        library = load(root)
        shelf = _Shelf(library)
        outcomes = [
            one if isinstance(one, BrokenReference) else shelf.place(one, topics=topics, abstracts=abstracts)
            for one in read_bibtex(text)
        ]
        changed = shelf.changed()
        found = problems_of_notes(library, source_tree(library), changed)
        wrong = {problem.path: problem for problem in reversed(found) if problem.path in changed}
        if not dry_run:
            for path, note in changed.items():
                if path not in wrong:
                    put = write_atomically if path.stem in library.notes else create
                    put(root / path, note, inside=root)
    return [_judged(one, wrong) for one in outcomes]


def note_of(reference: BibReference, *, key: str, topics: Sequence[str] = (), abstract: bool = False) -> str:
    """Return a new note: what the entry says, the five Cs unanswered, the three passes unwritten."""
    front = [
        f"title: {scalar(reference.title)}",
        "authors:",
        *(f"  - {scalar(author)}" for author in reference.authors),
        f"published: {reference.published}",
        *_fields(reference),
    ]
    if topics:
        front.append(f"topics: [{', '.join(topics)}]")
    if abstract and reference.abstract:
        front.append(f"abstract: {scalar(reference.abstract)}")
    remarks = f"\n## Notes\n\n{reference.remarks}\n" if reference.remarks else ""
    note = new_note(front) + remarks
    paper, _, _ = read_paper(note, shown=Path(f"{key}.md"))
    kept = {"key": reference.key, **reference.bibtex}
    kept = {name: value for name, value in kept.items() if not _goes_without_saying(name, value, key, paper)}
    return in_front_matter(note, lambda yaml: set_value(yaml, ("bibtex",), kept)) if kept else note


def _fields(reference: BibReference) -> Iterator[str]:
    if reference.arxiv:
        yield f"arxiv: {reference.arxiv.id}"
    version = reference.version or (reference.arxiv.version if reference.arxiv else None)
    if version:
        yield f"version: {version}"
    if reference.updated:
        yield f"updated: {scalar(reference.updated)}"
    if reference.categories:
        yield "categories:"
        yield from (f"  - {scalar(category)}" for category in reference.categories)
    for name, value in (("doi", reference.doi), ("url", reference.url), ("venue", reference.venue)):
        if value:
            yield f"{name}: {scalar(value)}"


def _goes_without_saying(name: str, value: str, key: str, paper: Paper | None) -> bool:
    """Whether the export says it without being told: the note's own key, the usual type of an entry."""
    return (name == "key" and value == key) or (name == "type" and paper is not None and value == default_type(paper))


class _Shelf:
    """A library's notes as they would be: papers and texts by key, and for each name the keys it may mean."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.papers: dict[str, Paper] = {}
        self.texts: dict[str, str] = {}
        self.known: dict[str, list[str]] = {}
        for key, note in library.notes.items():
            self.put(key, note.paper, note.source.text)

    def put(self, key: str, paper: Paper, text: str) -> None:
        self.papers[key], self.texts[key] = paper, text
        bibkey = paper.bibtex.get("key", "")
        for name in _names(paper.authors, paper.title, arxiv=paper.arxiv or "", doi=paper.doi or "", bibkey=bibkey):
            self.known.setdefault(name, []).append(key)

    def path(self, key: str) -> Path:
        note = self.library.notes.get(key)
        return note.source.path if note else Path(self.library.settings.papers) / f"{key}.md"

    def changed(self) -> dict[Path, str]:
        before = {key: note.source.text for key, note in self.library.notes.items()}
        return {self.path(key): text for key, text in self.texts.items() if before.get(key) != text}

    def place(self, one: BibReference, *, topics: Sequence[str], abstracts: bool) -> Outcome:
        arxiv = one.arxiv.id if one.arxiv else ""
        names = _names(one.authors, one.title, arxiv=arxiv, doi=one.doi, bibkey=one.bibtex.get("key", one.key))
        meant = (key for name in names for key in self.known.get(name, ()) if self.is_meant(name, key, one))
        same = next(meant, None)
        if same is not None:
            return self.complete(same, one)
        own = one.key if re.fullmatch(CITATION_KEY, one.key) else None
        key = distinct_key(own or citation_key(one.authors, int(one.published[:4]), one.title), self.papers)
        words = [word for word in one.keywords if self.is_topic(word)]
        others = ", ".join(word for word in one.keywords if word not in words)
        if others:
            one = dataclasses.replace(one, bibtex={**one.bibtex, "keywords": others})
        text = note_of(one, key=key, topics=list(dict.fromkeys([*topics, *words])), abstract=abstracts)
        paper, _, problems = read_paper(text, shown=self.path(key))
        if paper is None:
            return BrokenReference(one.line, f"'{one.key}': {problems[0].message}", problems[0].hint)
        self.put(key, paper, text)
        return ImportedReference(one.line, one.key, "written", self.path(key))

    def complete(self, key: str, one: BibReference) -> Outcome:
        """Put into a note what it lacks and a further entry of its paper says."""
        paper, text = self.papers[key], self.texts[key]
        changes: dict[Location, Value] = {}
        for name, value in (("arxiv", one.arxiv.id if one.arxiv else ""), ("doi", one.doi), ("venue", one.venue)):
            if value and getattr(paper, name) is None:
                changes[name,] = value
        kept = {"key": one.key, **one.bibtex}
        for name, raw in kept.items():
            if name not in paper.bibtex and not _goes_without_saying(name, raw, key, paper):
                changes["bibtex", name] = raw
        if paper.bibtex or one.bibtex.get("type") in ("misc", "online"):  # the type of the entry that came first stays
            changes.pop(("bibtex", "type"), None)
        text = in_front_matter(text, lambda yaml: _with(yaml, changes))
        after, _, problems = read_paper(text, shown=self.path(key))
        if after is None:
            return BrokenReference(one.line, f"'{one.key}': {problems[0].message}", problems[0].hint)
        self.put(key, after, text)
        added = tuple(str(where[-1]) for where in changes)
        return ImportedReference(one.line, one.key, "completed" if added else "known", self.path(key), added)

    def is_meant(self, name: str, key: str, one: BibReference) -> bool:
        """Whether a name leads to an entry's paper: a key alone does not, since two papers may have been given it."""
        paper = self.papers[key]
        if not name.startswith("key "):
            return True
        titles = difflib.SequenceMatcher(None, _letters(paper.title), _letters(one.title), autojunk=False)
        same_people = tuple(paper.authors) == tuple(one.authors) and str(paper.published)[:4] == one.published[:4]
        return same_people or titles.ratio() >= ALIKE

    def is_topic(self, word: str) -> bool:
        """Whether a keyword is one of the library's topics; where none are listed, whether it is written as one."""
        topics = self.library.settings.topics
        return word in topics if topics else re.fullmatch(WORD, word) is not None


def _with(yaml: str, changes: Mapping[Location, Value]) -> str:
    for where, value in changes.items():
        yaml = set_value(yaml, where, value)
    return yaml


def _letters(title: str) -> str:
    return re.sub(r"\W", "", title).casefold()


def _names(authors: Sequence[str], title: str, *, arxiv: str, doi: str, bibkey: str) -> list[str]:
    """Return what a paper is known by, the surest first."""
    surname = citation_key(authors, 2000, "x").partition("2000")[0]
    letters = _letters(title)
    by_title = f"{surname} {letters}" if letters else ""
    found = (("arxiv", arxiv), ("doi", doi.lower()), ("key", bibkey), ("title", by_title))
    return [f"{kind} {name}" for kind, name in found if name]


def _judged(one: Outcome, wrong: Mapping[Path, Problem]) -> Outcome:
    """Say of an entry whose note would bring a problem that it was not written."""
    if isinstance(one, BrokenReference) or one.done == "known" or one.path not in wrong:
        return one
    problem = wrong[one.path]
    return BrokenReference(one.line, f"'{one.key}': {problem.message}", problem.hint)
