"""A note from a folder in; the library's note out: a new one, or the one that is here with what has changed there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from threepass.authoring.new_library import new_files
from threepass.authoring.new_paper import note_text
from threepass.editing import front_matter_span, scalar
from threepass.importers.outside_markdown import adapted, without_comments
from threepass.importers.paper_notes import with_our_passes
from threepass.intake.image_copies import ImageCopies
from threepass.intake.import_record import ImportedText
from threepass.intake.line_merge import line_hashes, merged
from threepass.writing import read_exactly

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from threepass.importers.arxiv import ArxivPaper
    from threepass.importers.outside_markdown import Adapted, Target
    from threepass.importers.paper_notes import PaperNote
    from threepass.intake.import_record import ImportRecord
    from threepass.intake.notes_folder import NotesFolder
    from threepass.library import Library, Note


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
class Intake:
    """All that the import of a note looks at.

    That is the library, the folder with the key of each file's paper, what was imported before, and what arXiv says, by
    its ids. `images` fills with the copies that notes ask for.
    """

    library: Library
    folder: NotesFolder
    keys: Mapping[Path, str]
    before: ImportRecord
    answers: Mapping[str, ArxivPaper]
    images: dict[Path, bytes] = field(default_factory=dict)

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return {file.stem.casefold(): key for file, key in self.keys.items()}

    def adapted(self, file: Path, markdown: str) -> Adapted:
        """Return the text of a file for a page of the library."""
        into = Path(self.library.site.docs) / "papers" / "images"
        copies = ImageCopies(self.library.root, (self.folder.path / file).parent, self.folder.path, into, self.images)

        def locate(target: Target) -> str | None:
            bare = target.address.split("#")[0]
            linked = self._names.get(Path(bare.replace("%20", " ")).stem.casefold()) if bare.endswith(".md") else None
            if linked:
                return f"[[{linked}]]"
            if found := copies.address(target.address):
                return found
            if target.is_image and (there := self.folder.images.get(Path(bare).name)):
                return replace(copies, folder=there.parent).address(there.name)
            return None

        return adapted(markdown, locate=locate, wiki=self._wiki)

    def _wiki(self, said: str) -> str | None:
        """Return the record that `[[said]]` means."""
        if said in self.library.notes or said in self.library.by_name or said in self.keys.values():
            return said
        return self._names.get(said.rsplit("/", 1)[-1].casefold())

    def answer(self, note: PaperNote) -> ArxivPaper | None:
        """Return what arXiv says of a note's paper."""
        return self.answers.get(note.metadata.arxiv.id) if note.metadata.arxiv else None


def planned(intake: Intake, file: Path, note: PaperNote) -> PlannedNote:
    """Return what becomes of one note."""
    library, key = intake.library, intake.keys[file]
    markdown = without_comments(note.body)
    body = intake.adapted(file, markdown)
    remarks = tuple((note.line + markdown.count("\n", 0, at), said) for at, said in body.remarks)
    if not note.metadata.authors and intake.answer(note) is None:
        remarks = ((1, "its authors are not known: --fetch asks arXiv, or write them into the note"), *remarks)
    text = with_our_passes(body.text.strip("\n"))
    source = line_hashes(" ".join(note.body.split()))
    record = ImportedText(key, line_hashes(text), note.metadata.title, source=source[0] if source else "")
    made = _new_note(library, note, text, intake.answer(note))
    plan = PlannedNote(file, "new", key, made, record, remarks=remarks)
    known, there = intake.before.texts.get(file.as_posix()), library.notes.get(key)
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


def _new_note(library: Library, note: PaperNote, body: str, answer: ArxivPaper | None) -> str:
    """Return a new note: what arXiv says of its paper, or the note itself, and its text."""
    said = note.metadata
    known = library.settings.topics
    tags = list(dict.fromkeys(said.tags))
    topics = [tag for tag in tags if not known or tag in known]
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
