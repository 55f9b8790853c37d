"""A folder of Markdown notes in; the notes on papers that its import would write, or has written, out.

What a note says of its paper becomes front matter; its text stays, its headings too. A note that was imported before
is merged: what has changed in the folder is taken over, and what was changed here stays.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from threepass.authoring.asking import ask_arxiv
from threepass.authoring.proposal import problems_of_notes
from threepass.citing.citation import citation_key, distinct_key
from threepass.importers.arxiv import ArxivPaper
from threepass.importers.paper_notes import NoPaperNote, PaperNote, read_paper_note
from threepass.intake.image_copies import write_copies
from threepass.intake.import_record import FOLDER, ImportRecord, read_record, source_name, write_record
from threepass.intake.imported_note import Intake, PlannedNote, planned
from threepass.intake.notes_folder import NotesFolder, read_folder
from threepass.ledger import source_tree
from threepass.library import load
from threepass.writing import create, locked, write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from threepass.importers.arxiv_id import ArxivId
    from threepass.library import Library, Note


@dataclass(frozen=True)
class NotesPlan:
    """What an import would write: notes, images, and the record of it."""

    name: str
    notes: tuple[PlannedNote, ...]
    images: Mapping[Path, bytes] = field(default_factory=dict)
    record: ImportRecord = field(default_factory=ImportRecord)


def import_notes(
    root: Path,
    folder: Path,
    *,
    name: str = "",
    ask: bool = False,
    dry_run: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> NotesPlan:
    """Import the notes of a folder, and return what was done; with `dry_run` nothing is written.

    With `ask` arXiv says what it knows of their papers; else, and where it does not answer, the notes alone do. Raises
    `WritingError`.
    """
    found = read_folder(folder)
    answers = _asked(root, found, tell=tell) if ask else {}
    if dry_run:
        return _plan(root, found, answers, name)
    with locked(root):
        plan = _plan(root, found, answers, name)
        library = load(root)
        write_copies(root, plan.images)
        for note in plan.notes:
            path = root / _path(library, note.key)
            if note.done == "new":
                create(path, note.text, inside=root)
            elif note.done == "merged":
                write_atomically(path, note.text, inside=root)
        if plan.record.texts:
            write_record(_record_path(library, plan.name), plan.record, inside=root)
        return plan


def _record_path(library: Library, name: str) -> Path:
    return library.root / library.settings.papers / FOLDER / "notes" / f"{name}.json"


def _asked(root: Path, folder: NotesFolder, *, tell: Callable[[str], None]) -> dict[str, ArxivPaper]:
    """Return what arXiv says of the papers of a folder."""
    ids: dict[str, ArxivId] = {}
    for file, text in folder.texts.items():
        note = read_paper_note(text, name=file.stem)
        if isinstance(note, PaperNote) and note.metadata.arxiv:
            ids.setdefault(note.metadata.arxiv.id, note.metadata.arxiv)
    if not ids:
        return {}
    answers = ask_arxiv(load(root), tuple(ids.values()), tell=tell)
    for one, answer in answers.items():
        if not isinstance(answer, ArxivPaper):
            tell(f"{one}: {answer.reason}: its note says what is known")
    return {one.id: answer for one, answer in answers.items() if isinstance(answer, ArxivPaper)}


def _plan(root: Path, folder: NotesFolder, answers: Mapping[str, ArxivPaper], name: str) -> NotesPlan:
    library = load(root)
    name = name or source_name(folder.path)
    before = read_record(_record_path(library, name))
    read = {file: read_paper_note(text, name=file.stem) for file, text in folder.texts.items()}
    refused = [
        PlannedNote(file, "refused", why=error.reason.removeprefix(f"{folder.path / file} "), hint=error.hint)
        for file, error in folder.broken.items()
    ]
    refused += [
        PlannedNote(file, "refused", why=note.reason, hint=note.hint)
        for file, note in read.items()
        if isinstance(note, NoPaperNote)
    ]
    notes = {file: note for file, note in read.items() if isinstance(note, PaperNote)}
    keys, twice = _keys(library, notes, before, answers)
    refused += [PlannedNote(file, "refused", key, why=f"it speaks of the paper of {keys_file}")
                for file, (key, keys_file) in twice.items()]  # fmt: skip
    intake = Intake(library, folder, keys, before, answers)
    checked = _checked(library, [planned(intake, file, notes[file]) for file in keys])
    texts = {note.file.as_posix(): note.record for note in checked if note.record}
    everything = tuple(sorted([*checked, *refused], key=lambda note: note.file))
    return NotesPlan(name, everything, intake.images, ImportRecord({**before.texts, **texts}))


def _keys(
    library: Library, notes: Mapping[Path, PaperNote], before: ImportRecord, answers: Mapping[str, ArxivPaper]
) -> tuple[dict[Path, str], dict[Path, tuple[str, Path]]]:
    """Give each file its paper's key: that of a former import, of a note that is there, or a new one.

    Of two files that speak of one paper the second is returned apart, with the first.
    """
    keys: dict[Path, str] = {}
    twice: dict[Path, tuple[str, Path]] = {}
    papers: dict[str, Path] = {}
    taken = {*library.notes, *(text.name for text in before.texts.values())}
    for file, note in notes.items():
        said = note.metadata
        paper = said.arxiv.id if said.arxiv else said.doi.lower()
        known = before.texts.get(file.as_posix())
        if known is None and (there := _there(library, note)):
            key = there.key
        elif known is not None:
            key = known.name
        else:
            answer = answers.get(paper)
            authors, title = (answer.authors, answer.title) if answer else (said.authors or ("Unknown",), said.title)
            year = answer.published.year if answer else int(said.published[:4])
            key = distinct_key(citation_key(authors, year, title), taken)
        if paper in papers:
            twice[file] = key, papers[paper]
            continue
        papers[paper] = file
        taken.add(key)
        keys[file] = key
    return keys, twice


def _there(library: Library, note: PaperNote) -> Note | None:
    """Return the library's note on the same paper."""
    said = note.metadata
    if said.arxiv:
        return library.by_arxiv.get(said.arxiv.id)
    return next((one for one in library.notes.values() if (one.paper.doi or "").lower() == said.doi.lower()), None)


def _checked(library: Library, notes: Sequence[PlannedNote]) -> list[PlannedNote]:
    """Refuse the notes that would bring problems to the library; the others are written."""
    left, tree = list(notes), source_tree(library)
    while True:
        texts = {_path(library, note.key): note.text for note in left if note.done in ("new", "merged")}
        problems = problems_of_notes(library, tree, texts) if texts else []
        if not problems:
            return left
        wrong = {problem.path: problem for problem in reversed(problems)}
        blamed = wrong.keys() & texts.keys() or texts.keys()
        left = [
            PlannedNote(
                note.file, "refused", note.key, why=(problem := wrong.get(path, problems[0])).message, hint=problem.hint
            )
            if note.done in ("new", "merged") and (path := _path(library, note.key)) in blamed
            else note
            for note in left
        ]


def _path(library: Library, key: str) -> Path:
    note = library.notes.get(key)
    return note.source.path if note else Path(library.settings.papers) / f"{key}.md"
