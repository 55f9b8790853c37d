"""A folder of Markdown notes in; the notes on papers that its import would write, or has written, out.

What a note says of its paper becomes front matter; its text stays, its headings too. A note that was imported before
is merged: what has changed in the folder is taken over, and what was changed here stays.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from threepass.authoring.asking import ask_arxiv
from threepass.authoring.new_library import new_files
from threepass.authoring.new_paper import note_text
from threepass.authoring.proposal import problems_of_notes
from threepass.citing.citation import citation_key, distinct_key
from threepass.editing import front_matter_span, scalar
from threepass.importers.arxiv import ArxivPaper
from threepass.importers.outside_markdown import adapted, without_comments
from threepass.importers.paper_notes import NoPaperNote, PaperNote, read_paper_note, with_our_passes
from threepass.intake.image_copies import ImageCopies, write_copies
from threepass.intake.import_record import FOLDER, ImportedText, ImportRecord, read_record, source_name, write_record
from threepass.intake.line_merge import line_hashes, merged
from threepass.ledger import source_tree
from threepass.library import load
from threepass.writing import WritingError, create, locked, read_exactly, write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from threepass.importers.arxiv_id import ArxivId
    from threepass.importers.outside_markdown import Target
    from threepass.library import Library, Note

LARGEST_NOTE = 1_000_000
"""Bytes."""
_SKIPPED = frozenset({"node_modules", "site", "__pycache__"})


@dataclass(frozen=True, slots=True)
class PlannedNote:
    """A file of the folder, and what becomes of it: `new`, `merged`, `unchanged`, `kept`, `known`, or `refused`.

    `key` is the citation key of its paper, `why` says what stands in its way, `remarks` what is to be said by line.
    """

    file: Path
    done: str
    key: str = ""
    text: str = ""
    record: ImportedText | None = None
    why: str = ""
    hint: str = ""
    remarks: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class NotesPlan:
    """What an import would write: notes, images, and the record of it."""

    name: str
    notes: tuple[PlannedNote, ...]
    images: Mapping[Path, bytes] = field(default_factory=dict)
    record: ImportRecord = field(default_factory=ImportRecord)


@dataclass(frozen=True)
class _Folder:
    """The folder: its files that hold notes, and its images by name, as Obsidian finds them."""

    path: Path
    texts: Mapping[Path, str]
    broken: Mapping[Path, WritingError]
    images: Mapping[str, Path]


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
    found = _read(folder)
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


def _read(folder: Path) -> _Folder:
    """Read the Markdown files of a folder and those below it; hidden ones are left out."""
    if not folder.is_dir():
        raise WritingError(f"{folder} is no folder", "name the folder that holds the notes")
    texts: dict[Path, str] = {}
    broken: dict[Path, WritingError] = {}
    images: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        file = path.relative_to(folder)
        if any(part.startswith(".") or part in _SKIPPED for part in file.parts) or not path.is_file():
            continue
        if path.suffix.lower() not in (".md", ".markdown"):
            images.setdefault(path.name, path)
            continue
        try:
            if path.stat().st_size > LARGEST_NOTE:
                raise WritingError(f"{file} is larger than 1 MB", "keep data beside the notes")
            texts[file] = read_exactly(path)
        except WritingError as error:
            broken[file] = error
    return _Folder(folder, texts, broken, images)


def _asked(root: Path, folder: _Folder, *, tell: Callable[[str], None]) -> dict[str, ArxivPaper]:
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


def _plan(root: Path, folder: _Folder, answers: Mapping[str, ArxivPaper], name: str) -> NotesPlan:
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
    images: dict[Path, bytes] = {}
    planned = [
        _planned(library, folder, file, note, keys, before, answers, images)
        for file, note in notes.items()
        if file in keys
    ]
    planned = _checked(library, planned)
    texts = {note.file.as_posix(): note.record for note in planned if note.record}
    everything = tuple(sorted([*planned, *refused], key=lambda note: note.file))
    return NotesPlan(name, everything, images, ImportRecord({**before.texts, **texts}))


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


def _planned(
    library: Library,
    folder: _Folder,
    file: Path,
    note: PaperNote,
    keys: Mapping[Path, str],
    before: ImportRecord,
    answers: Mapping[str, ArxivPaper],
    images: dict[Path, bytes],
) -> PlannedNote:
    """Return what becomes of one note."""
    key = keys[file]
    names = {one.stem.casefold(): other for one, other in keys.items()}
    copies = ImageCopies(
        library.root, (folder.path / file).parent, folder.path, Path(library.site.docs) / "papers" / "images", images
    )

    def locate(target: Target) -> str | None:
        bare = target.address.split("#")[0]
        linked = names.get(Path(bare.replace("%20", " ")).stem.casefold()) if bare.endswith(".md") else None
        if linked:
            return f"[[{linked}]]"
        if found := copies.address(target.address):
            return found
        if target.is_image and (there := folder.images.get(Path(bare).name)):
            return replace(copies, folder=there.parent).address(there.name)
        return None

    def wiki(said: str) -> str | None:
        if said in library.notes or said in library.by_name or said in keys.values():
            return said
        return names.get(said.rsplit("/", 1)[-1].casefold())

    body = adapted(without_comments(note.body), locate=locate, wiki=wiki)
    remarks = tuple((note.line + note.body.count("\n", 0, at), said) for at, said in body.remarks)
    if not note.metadata.authors and not (note.metadata.arxiv and note.metadata.arxiv.id in answers):
        remarks = ((1, "its authors are not known: --fetch asks arXiv, or write them into the note"), *remarks)
    text = with_our_passes(body.text.strip("\n"))
    source = line_hashes(" ".join(note.body.split()))
    record = ImportedText(key, line_hashes(text), note.metadata.title, source=source[0] if source else "")
    made = _note(library, note, text, answers)
    plan = PlannedNote(file, "new", key, made, record, remarks=remarks)
    known, there = before.texts.get(file.as_posix()), library.notes.get(key)
    if known is not None:
        return _merged(library, plan, there, known, text)
    if there is None:
        return plan
    if read_exactly(library.root / there.source.path) == made:  # an import was cut off before it could say so
        return replace(plan, done="unchanged")
    is_example = there.source.text in new_files(name=library.site.name, today=dt.date.today()).values()
    more = ", the example of `threepass init` (delete it, and import again)" if is_example else ""
    return PlannedNote(file, "known", key, why=f"its paper has a note already: {there.source.path}{more}")


def _merged(library: Library, plan: PlannedNote, there: Note | None, known: ImportedText, text: str) -> PlannedNote:
    """Take over what has changed in the folder's note, and keep what was changed here."""
    assert plan.record is not None
    if there is None:
        changed = known.text != plan.record.text
        why = f"it has changed, and there is no note {known.name} any more" if changed else ""
        return PlannedNote(plan.file, "kept", plan.key, why=why)
    exact = read_exactly(library.root / there.source.path)
    head = exact[: len(exact) - len(there.body)]
    ours = there.body.replace("\r\n", "\n").strip("\n")
    both = merged(known.text, ours, text)
    record = replace(plan.record, text=known.text) if both.conflicts else plan.record
    theirs = [next((row.strip() for row in one.theirs if row.strip()), "nothing") for one in both.conflicts]
    remarks = (
        *plan.remarks,
        *((1, f"was changed here and there; ours stays, the other says: {row[:80]}") for row in theirs),
    )
    joined = "\n".join(both.lines)
    if line_hashes(joined) == line_hashes(ours):
        return replace(plan, done="kept" if theirs else "unchanged", text="", record=record, remarks=remarks)
    body = f"\n{joined}\n"
    made = head + (body.replace("\n", "\r\n") if "\r\n" in head else body)
    return replace(plan, done="merged", text=made, record=record, remarks=remarks)


def _note(library: Library, note: PaperNote, body: str, answers: Mapping[str, ArxivPaper]) -> str:
    """Return a new note: what arXiv says of its paper, or the note itself, and its text."""
    said = note.metadata
    known = library.settings.topics
    tags = list(dict.fromkeys(said.tags))
    topics = [tag for tag in tags if not known or tag in known]
    answer = answers.get(said.arxiv.id) if said.arxiv else None
    if answer:
        made = note_text(answer, topics=topics)
        start, end = front_matter_span(made)
        front = made[start:end].split("five_cs:")[0].rstrip("\n").split("\n")
    else:
        front = [*_front(note), *([f"topics: [{', '.join(topics)}]"] if topics else [])]
    lost = set(tags) - set(topics)
    left = [row for row in said.left if lost or not row.lower().startswith(("tags", "tag:", "keywords", "topics"))]
    front += [f"# {row if row.isprintable() else ascii(row)[1:-1]}" for row in left]
    return "\n".join(["---", *front, "---"]) + (f"\n\n{body}\n" if body else "\n")


def _front(note: PaperNote) -> Iterator[str]:
    """Yield front matter from what a note says; an author that it does not name is unknown."""
    said = note.metadata
    yield f"title: {scalar(said.title)}"
    yield "authors:"
    yield from (f"  - {scalar(author)}" for author in said.authors or ("Unknown",))
    yield f"published: {said.published}"
    if said.arxiv:
        yield f"arxiv: {said.arxiv.id}"
        if said.arxiv.version:
            yield f"version: {said.arxiv.version}"
    if said.doi:
        yield f"doi: {scalar(said.doi)}"
    if said.venue:
        yield f"venue: {scalar(said.venue)}"


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
