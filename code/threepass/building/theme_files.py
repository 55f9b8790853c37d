"""The folders of a theme in; the names of their files, looked for once, out."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class ThemeFiles:
    """The names of the theme's files, which MkDocs asks its templates for.

    They are looked for once, and not in hidden folders, which MkDocs leaves out after it has seen Material's ten
    thousand icons there.
    """

    def __init__(self) -> None:
        self._names: list[str] | None = None
        self.folders: list[str] = []

    def list_templates(self, *, filter_func: Callable[[str], bool]) -> list[str]:
        """Return the names that a filter lets through; it is the same at each call."""
        if self._names is None:
            found = {name for folder in self.folders for name in _names(folder)}
            self._names = [name for name in sorted(found) if filter_func(name)]
        return self._names


def _names(folder: str) -> Iterator[str]:
    for path, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        inside = os.path.relpath(path, folder).replace(os.sep, "/")
        yield from (name if inside == "." else f"{inside}/{name}" for name in names)
