"""A paper's metadata in; a note with a skeleton of the three passes out, written where none is yet."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from threepass.citation import citation_key, distinct_key
from threepass.editing import scalar
from threepass.importers import arxiv_id
from threepass.importers.arxiv import ArxivPaper, endpoint, fetch
from threepass.ledger import source_tree
from threepass.library import Note, load, resolve
from threepass.models import FiveCs
from threepass.passes import SKELETON
from threepass.proposal import problems_of_note, read_paper
from threepass.writing import WritingError, create, locked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from threepass.importers.arxiv_id import ArxivId
    from threepass.library import Library
    from threepass.symbols import SourceTree

LOCK_SECONDS = 30.0
"""How long to wait for another command that writes."""


@dataclass(frozen=True, slots=True)
class Added:
    """A note was written; `path` is relative to the library."""

    asked: str
    key: str
    path: Path
    title: str


@dataclass(frozen=True, slots=True)
class Refused:
    """No note was written: why, and what to try."""

    asked: str
    reason: str
    hint: str = ""


Outcome = Added | Refused


def note_text(paper: ArxivPaper, *, topics: Sequence[str] = ()) -> str:
    """Return a new note: what arXiv says as front matter, the five Cs unanswered, the three passes unwritten."""
    front = [
        f"title: {scalar(paper.title)}",
        "authors:",
        *(f"  - {scalar(author)}" for author in paper.authors),
        f"published: {paper.published}",
        f"arxiv: {paper.arxiv}",
        f"version: {paper.version}",
        f"updated: {max(paper.updated, paper.published)}",
        f"categories: [{', '.join(paper.categories)}]",
    ]
    if doi := re.search(r"10\.\d{4,9}/[^\s<>\"]+", paper.doi or ""):
        front.append(f"doi: {scalar(doi[0])}")
    if paper.journal_ref:
        front.append(f"venue: {scalar(paper.journal_ref)}")
    if topics:
        front.append(f"topics: [{', '.join(topics)}]")
    front += ["five_cs:", *(f"  {name}:  # {field.description}" for name, field in FiveCs.model_fields.items())]
    return "\n".join(["---", *front, "---"]) + "\n" + SKELETON


def add_papers(
    root: Path, asked: Sequence[str], *, topics: Sequence[str] = (), tell: Callable[[str], None] = lambda _: None
) -> Iterator[Outcome]:
    """Write a note for each arXiv id or address, and yield what became of each paper."""
    library = load(root)
    wanted: list[ArxivId] = []
    for text in asked:
        found = arxiv_id.parse(text)
        known = resolve(library, found.id if found else text)
        if known:
            yield Refused(text, f"it has a note already: {known.source.path}")
        elif found is None:
            yield Refused(text, "not an arXiv id or address", "write 1703.01365, or https://arxiv.org/abs/1703.01365")
        else:
            wanted.append(found)
    if not wanted:
        return
    answers = fetch(arxiv_id.distinct(wanted), endpoint=endpoint(library.settings.arxiv.url), tell=tell)
    with locked(root, timeout=LOCK_SECONDS):
        library = load(root)  # it may have grown while arXiv was asked
        tree = source_tree(library)
        for one, answer in answers.items():
            if isinstance(answer, ArxivPaper):
                library, outcome = _write(library, tree, str(one), answer, topics)
                yield outcome
            else:
                yield Refused(str(one), answer.reason, answer.hint)


def _write(
    library: Library, tree: SourceTree, asked: str, paper: ArxivPaper, topics: Sequence[str]
) -> tuple[Library, Outcome]:
    """Write one note, and return the library with it."""
    if there := _same_paper(library, paper):
        return library, Refused(asked, f"it has a note already: {there.source.path}")
    key = distinct_key(citation_key(paper.authors, paper.published.year, paper.title), library.notes)
    path = Path(library.settings.papers) / f"{key}.md"
    text = note_text(paper, topics=topics)
    if problems := problems_of_note(library, tree, path, text):
        return library, Refused(asked, problems[0].message, problems[0].hint)
    try:
        create(library.root / path, text, inside=library.root)
    except WritingError as error:
        return library, Refused(asked, error.message, error.hint)
    record, document, _ = read_paper(text, shown=path)
    assert record is not None
    assert document is not None
    notes = dict(sorted({**library.notes, key: Note(key, record, document)}.items()))
    return dataclasses.replace(library, notes=notes), Added(asked, key, path, paper.title)


def _same_paper(library: Library, paper: ArxivPaper) -> Note | None:
    """Return the note of this paper: by its arXiv id, or where a note without one has its key and title."""
    if known := library.by_arxiv.get(paper.arxiv):
        return known
    note = library.notes.get(citation_key(paper.authors, paper.published.year, paper.title))
    same = note and note.paper.arxiv is None and _letters(note.paper.title) == _letters(paper.title)
    return note if same else None


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text).casefold()
