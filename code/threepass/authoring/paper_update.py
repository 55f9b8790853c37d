"""Citation keys in; their notes brought up to what arXiv says now, and what became of each of them, out.

Each field is merged three ways (`three_way.py`). The version is another matter: it says which one the notes speak of,
so it follows arXiv only while nothing has been read or written; after that a newer version is told of, not taken over.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from threepass.authoring.asking import ask_arxiv
from threepass.authoring.new_paper import Refused
from threepass.authoring.proposal import problems_of_notes
from threepass.authoring.three_way import merge
from threepass.editing import EditingError, in_front_matter, set_value
from threepass.importers.arxiv import ArxivPaper
from threepass.importers.arxiv_id import ArxivId
from threepass.importers.imported import IMPORTED, as_text, imported_from
from threepass.ledger import source_tree
from threepass.library import load
from threepass.wording import short_date
from threepass.writing import WritingError, locked, read_exactly, write_atomically

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from threepass.editing import Value
    from threepass.importers.arxiv import Failure
    from threepass.library import Library, Note
    from threepass.models import Imported
    from threepass.reach.symbols import SourceTree

FIELDS = ("title", "authors", "published", "categories", "doi", "venue", "abstract")
"""What arXiv and the author may both say, beside the version."""

_NOT_WRITTEN = re.compile(r"<!--.*?-->|^#+ [^\n]*$", re.DOTALL | re.MULTILINE)
"""Of a note's body: the questions that it asks, and headings."""


@dataclass(frozen=True, slots=True)
class Updated:
    """A note that arXiv was asked about; `path` is relative to the library."""

    key: str
    path: Path
    changed: tuple[str, ...]
    """The fields that follow arXiv."""
    kept: tuple[str, ...]
    """A line for each field that arXiv has changed and the author too: theirs stays."""
    news: tuple[str, ...]
    """A line each for a newer version than the notes speak of, and for a withdrawal."""
    before: str
    after: str

    @property
    def difference(self) -> str:
        """The lines of the note that change, as `diff -u` shows them."""
        lines = difflib.unified_diff(
            self.before.splitlines(), self.after.splitlines(), str(self.path), str(self.path), n=1, lineterm=""
        )
        return "\n".join(lines)


Outcome = Updated | Refused


def update_papers(
    root: Path,
    keys: Sequence[str],
    *,
    dry_run: bool = False,
    tell: Callable[[str], None] = lambda _: None,
    done: Callable[[str], None] = lambda _: None,
) -> Iterator[Outcome]:
    """Ask arXiv about the notes of `keys`, bring them up to date, and yield what became of each.

    With `dry_run` nothing is written. A note that has no arXiv id is refused.
    """
    library = load(root)
    wanted: dict[ArxivId, str] = {}
    for key in dict.fromkeys(keys):
        note = library.notes[key]
        if note.paper.arxiv is None:
            yield Refused(key, "it has no arXiv id", f"add `arxiv: …` to {note.source.path}, if it is there")
        else:
            wanted[ArxivId(note.paper.arxiv)] = key
    answers = ask_arxiv(library, list(wanted), tell=tell, done=lambda one: done(wanted[one]))
    if dry_run:
        for one, answer in answers.items():
            yield _outcome(library, None, wanted[one], answer)
        return
    with locked(root):
        library = load(root)  # it may have changed while arXiv was asked
        tree = source_tree(library)
        for one, answer in answers.items():
            yield _outcome(library, tree, wanted[one], answer)


def _outcome(library: Library, tree: SourceTree | None, key: str, answer: ArxivPaper | Failure) -> Outcome:
    """Merge one answer; with `tree` also write what it brings."""
    if not isinstance(answer, ArxivPaper):
        return Refused(key, answer.reason, answer.hint)
    note = library.notes.get(key)
    if note is None or note.paper.arxiv != answer.arxiv:
        return Refused(key, "its note has changed in the meantime", "try again")
    theirs = imported_from(answer, key=key, abstract=note.paper.abstract is not None)
    try:
        before = read_exactly(library.root / note.source.path)
        made = _merged(library, note, theirs, before)
        if tree is None:
            return made
        if made.after != before:
            if problems := problems_of_notes(library, tree, {note.source.path: made.after}):
                return Refused(key, problems[0].message, problems[0].hint)
            write_atomically(library.root / note.source.path, made.after, inside=library.root)
        place = library.root / library.settings.papers / IMPORTED / f"{key}.json"
        known = library.imported.get(key)
        kept = theirs if theirs.versions or known is None else _with_history(theirs, known)
        if kept != known:
            write_atomically(place, as_text(kept), inside=library.root)
    except (EditingError, WritingError) as error:
        return Refused(key, error.reason, error.hint)
    return made


def _with_history(theirs: Imported, known: Imported) -> Imported:
    """Keep the dates of the versions that an earlier answer told of, as long as no other one has come since."""
    return theirs.model_copy(update={"versions": known.versions if theirs.version == known.version else ()})


def _merged(library: Library, note: Note, theirs: Imported, before: str) -> Updated:
    paper = note.paper
    base = library.imported.get(note.key)
    if base is not None and base.arxiv != paper.arxiv:  # the author has corrected the id since
        base = None
    values: dict[str, Value] = {}
    kept: list[str] = []
    for name in FIELDS:
        mine, now = getattr(paper, name), getattr(theirs, name)
        field = merge(mine or None, now or None, base=getattr(base, name, None) or None, imported=base is not None)
        if field.changed:
            values[name] = _plain(now)
        elif field.kept:
            yours = f'yours, "{_said(mine)}", stays' if mine else "you took it away"
            kept.append(f'{name}: {yours}; arXiv has "{_said(now)}"')
    news = []
    if theirs.withdrawn:
        said = f": {theirs.comment}" if theirs.comment else ""
        news.append(f"the paper is withdrawn{said}")
    elif theirs.version != paper.version and _untouched(library, note):
        values |= {"version": str(theirs.version), "updated": str(theirs.updated)}
    elif paper.version is not None and theirs.version > paper.version:
        date = short_date(theirs.updated)
        news.append(f"version {theirs.version} of {date} is out; the notes speak of version {paper.version}")
    if theirs.version == paper.version and paper.updated is None:
        values["updated"] = str(theirs.updated)

    def edited(front: str) -> str:
        for name, value in values.items():
            front = set_value(front, (name,), value)
        return front

    after = in_front_matter(before, edited) if values else before
    return Updated(note.key, note.source.path, tuple(values), tuple(kept), tuple(news), before, after)


def _untouched(library: Library, note: Note) -> bool:
    """Tell whether nothing has been read of a paper and nothing written about it."""
    answers = note.paper.five_cs.model_dump().values() if note.paper.five_cs else ()
    written = _NOT_WRITTEN.sub("", note.body).strip() or any(answers)
    return not written and not library.pass_of(note.key)


def _plain(value: str | tuple[str, ...] | dt.date) -> Value:
    return list(value) if isinstance(value, tuple) else str(value)


def _said(value: str | tuple[str, ...] | dt.date) -> str:
    text = ", ".join(value) if isinstance(value, tuple) else " ".join(str(value).split())
    return text if len(text) <= 80 else f"{text[:79]}…"
