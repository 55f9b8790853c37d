"""A place in the file system in; the library's folder there or above it, out, without reading anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = "mkdocs.yml"
"""The file that makes a folder a library."""


def find_root(start: Path) -> Path | None:
    """Return the nearest folder, from `start` upwards, that holds `mkdocs.yml`."""
    for folder in [start.resolve(), *start.resolve().parents]:
        if (folder / CONFIG).is_file():
            return folder
    return None
