"""A folder in; the Markdown files in it and below it, and its images by name, out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from threepass.writing import WritingError, read_exactly

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LARGEST_NOTE = 1_000_000
"""Bytes."""
_SKIPPED = frozenset({"node_modules", "site", "__pycache__"})


@dataclass(frozen=True)
class NotesFolder:
    """A folder of notes: the texts of its files, those that cannot be read, and images as Obsidian finds them."""

    path: Path
    texts: Mapping[Path, str]
    broken: Mapping[Path, WritingError]
    images: Mapping[str, Path]


def read_folder(folder: Path) -> NotesFolder:
    """Read the Markdown files of a folder and those below it; hidden ones are left out. Raises `WritingError`."""
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
    return NotesFolder(folder, texts, broken, images)
