"""A text of an author's Markdown, and where it stands: in a note, in a day's entry, or on a page of `docs/`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from threepass.source import Document, Location, Place, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from threepass.problems import Problem


@dataclass(frozen=True)
class Passage:
    """A piece of Markdown in a file: the value at `location`, or all that stands below the front matter (None)."""

    source: Document
    text: str
    location: Location | None = None

    def problem(self, code: str, message: str, *, at: int, hint: str = "") -> Problem:
        """Return a problem at the character `at` of the text."""
        return self.source.problem(code, message, at=self.place(at), hint=hint)

    def place(self, offset: int) -> Place:
        """Return where a character of the text stands in the file."""
        if self.location is None:
            return self.source.place_in_body(offset)
        return self.source.place_in_value(self.location, offset)


def read_pages(folder: Path, *, root: Path) -> tuple[list[Document], list[Problem]]:
    """Read the pages that are written by hand: the Markdown files under a folder, hidden ones left out.

    Their front matter is MkDocs' own, and is passed over.
    """
    found: list[Document] = []
    problems: list[Problem] = []
    for path in files_by_hand(folder, "*.md"):
        shown = path.relative_to(root)
        text, wrong = read_text(path, shown=shown)
        problems += [problem for problem in wrong if problem.code != "P003"]  # an empty page may wait for its text
        if text is not None:
            first = _lines_of_front_matter(text)
            body = "".join(text.splitlines(keepends=True)[first:])
            found.append(Document(shown, text, {}, body=body, body_line=first + 1))
    return found, problems


def files_by_hand(folder: Path, pattern: str) -> Iterator[Path]:
    """Yield the files under a folder whose names fit, sorted; what is hidden is left out."""
    for path in sorted(folder.rglob(pattern)):
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield path


def _lines_of_front_matter(text: str) -> int:
    lines = text.splitlines()
    if not lines or lines[0].rstrip() != "---":
        return 0
    return next((number for number, line in enumerate(lines[1:], start=2) if line.rstrip() in ("---", "...")), 0)
