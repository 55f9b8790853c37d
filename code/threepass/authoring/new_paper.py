"""A paper's metadata in; a note with a skeleton of the three passes out, written where none is yet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from threepass.authoring.asking import ask_arxiv
from threepass.authoring.passes import new_note
from threepass.authoring.proposal import problems_of_notes, read_paper
from threepass.citing.citation import citation_key, distinct_key
from threepass.editing import scalar
from threepass.importers import arxiv_id
from threepass.importers.arxiv import ArxivPaper
from threepass.importers.imported import IMPORTED, as_text, imported_from
from threepass.ledger import source_tree
from threepass.library import Note, load, resolve
from threepass.writing import WritingError, create, locked, write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from threepass.importers.arxiv import Failure
    from threepass.importers.arxiv_id import ArxivId
    from threepass.library import Library


@dataclass(frozen=True, slots=True)
class Added:
    """A note was written; `path` is relative to the library."""

    asked: str
    key: str
    path: Path
    title: str
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """No note was written: why, and what to try."""

    asked: str
    reason: str
    hint: str = ""


Outcome = Added | Refused


@dataclass(frozen=True, slots=True)
class _Planned:
    """A note that may be written."""

    asked: str
    paper: ArxivPaper
    path: Path
    text: str
    note: Note


def note_text(paper: ArxivPaper, *, topics: Sequence[str] = (), abstract: bool = False) -> str:
    """Return a new note: what arXiv says as front matter, the five Cs unanswered, the three passes unwritten."""
    said = imported_from(paper, key=citation_key(paper.authors, paper.published.year, paper.title), abstract=abstract)
    front = [
        f"title: {scalar(said.title)}",
        "authors:",
        *(f"  - {scalar(author)}" for author in said.authors),
        f"published: {said.published}",
        f"arxiv: {said.arxiv}",
        f"version: {said.version}",
        f"updated: {said.updated}",
        f"categories: [{', '.join(said.categories)}]",
    ]
    if said.doi:
        front.append(f"doi: {scalar(said.doi)}")
    if said.venue:
        front.append(f"venue: {scalar(said.venue)}")
    if topics:
        front.append(f"topics: [{', '.join(topics)}]")
    if said.abstract:
        front.append(f"abstract: {scalar(said.abstract)}")
    return new_note(front)


def add_papers(
    root: Path,
    asked: Sequence[str],
    *,
    topics: Sequence[str] = (),
    abstract: bool = False,
    tell: Callable[[str], None] = lambda _: None,
    done: Callable[[str], None] = lambda _: None,
) -> Iterator[Outcome]:
    """Write a note for each arXiv id or address, and yield what became of each paper.

    The abstract is stored only where `abstract` asks for it. `tell` gets a line before each wait, `done` the id of each
    paper that arXiv has answered about.
    """
    library = load(root)
    wanted: list[ArxivId] = []
    for text in dict.fromkeys(asked):
        found = arxiv_id.parse(text)
        known = resolve(library, found.id if found else text)
        if known:
            yield _known(text, known, version=found.version if found else None)
        elif found is None:
            yield Refused(text, "not an arXiv id or address", _instead_of(text))
        else:
            wanted.append(found)
    if not wanted:
        return
    answers = ask_arxiv(library, arxiv_id.distinct(wanted), tell=tell, done=lambda one: done(str(one)))
    with locked(root):
        yield from _add(load(root), answers, topics=topics, abstract=abstract)  # it may have grown meanwhile


def _add(
    library: Library, answers: Mapping[ArxivId, ArxivPaper | Failure], *, topics: Sequence[str], abstract: bool
) -> Iterator[Outcome]:
    """Write a note for each paper that arXiv knows, unless that would bring problems."""
    planned: list[_Planned] = []
    after = library
    for one, answer in answers.items():
        plan = _plan(after, str(one), answer, topics=topics, abstract=abstract)
        if isinstance(plan, Refused):
            yield plan
        else:
            planned.append(plan)
            after = after.with_notes([plan.note])
    tree = source_tree(library)
    # All at once where they bring no problem: a check reads the whole library.
    sound = not problems_of_notes(library, tree, {plan.path: plan.text for plan in planned})
    for plan in planned:
        problems = [] if sound else problems_of_notes(library, tree, {plan.path: plan.text})
        if problems:
            yield Refused(plan.asked, problems[0].message, problems[0].hint)
            continue
        outcome = _write(library, plan, abstract=abstract)
        if isinstance(outcome, Added):
            library = library.with_notes([plan.note])
        yield outcome


def _plan(
    library: Library, asked: str, paper: ArxivPaper | Failure, *, topics: Sequence[str], abstract: bool
) -> _Planned | Refused:
    """Return the note as it would be."""
    if not isinstance(paper, ArxivPaper):
        return Refused(asked, paper.reason, paper.hint)
    if there := _same_paper(library, paper):
        return _known(asked, there, version=None)
    key = distinct_key(citation_key(paper.authors, paper.published.year, paper.title), library.notes)
    path = Path(library.settings.papers) / f"{key}.md"
    text = note_text(paper, topics=topics, abstract=abstract)
    record, document, problems = read_paper(text, shown=path)
    if record is None or document is None or problems:
        return Refused(asked, problems[0].message, problems[0].hint)
    return _Planned(asked, paper, path, text, Note(key, record, document))


def _write(library: Library, plan: _Planned, *, abstract: bool) -> Outcome:
    """Write one note, and beside it what arXiv said, for `threepass update` to hold it against."""
    root, key = library.root, plan.note.key
    try:
        create(root / plan.path, plan.text, inside=root)
        said = imported_from(plan.paper, key=key, abstract=abstract)
        write_atomically(root / plan.path.parent / IMPORTED / f"{key}.json", as_text(said), inside=root)
    except WritingError as error:
        return Refused(plan.asked, error.reason, error.hint)
    return Added(plan.asked, key, plan.path, plan.paper.title, withdrawn=plan.paper.withdrawn)


def _instead_of(text: str) -> str:
    """Return what to try where a text is no arXiv id: an address of elsewhere, words, or a mistyped id."""
    if re.match(r"(?i)https?://|doi:|10\.\d{4,}/", text):
        return "a paper that is not on arXiv comes with its BibTeX: `threepass import refs.bib`"
    if re.search(r"[^\W\d_]{3}", text) and not re.search(r"\d{4}", text):
        return "words are looked for by --search"
    return "write 1703.01365, or https://arxiv.org/abs/1703.01365"


def _known(asked: str, note: Note, *, version: int | None) -> Refused:
    """Refuse a paper that has a note; of another version than the note's, say where that belongs."""
    other = version is not None and version != note.paper.version
    hint = f"all versions are one paper: `threepass update {note.key}` asks for news of it" if other else ""
    return Refused(asked, f"it has a note already: {note.source.path}", hint)


def _same_paper(library: Library, paper: ArxivPaper) -> Note | None:
    """Return the note of this paper: by its arXiv id, or where a note without one has its key and title."""
    if known := library.by_arxiv.get(paper.arxiv):
        return known
    note = library.notes.get(citation_key(paper.authors, paper.published.year, paper.title))
    same = note and note.paper.arxiv is None and _letters(note.paper.title) == _letters(paper.title)
    return note if same else None


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text).casefold()
