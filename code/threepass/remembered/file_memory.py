"""A file in; what was made of it out, made again only when the file has changed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")
State = tuple[int, int, int]


class FileMemory:
    """What was made of files, for as long as they stay as they are: their size, their time of change, their inode."""

    def __init__(self) -> None:
        self._kept: dict[object, tuple[object, Any]] = {}

    def of(self, path: Path, make: Callable[[], T]) -> T:
        """Return what `make` makes of a file; what is kept must depend on nothing but the file."""
        return self.of_all(path, (path,), make)

    def of_all(self, name: object, paths: Iterable[Path], make: Callable[[], T]) -> T:
        """Return what `make` makes of several files, kept under a name."""
        states = tuple((str(path), state(path)) for path in paths)
        kept = self._kept.get(name)
        if kept is None or kept[0] != states:
            kept = self._kept[name] = (states, make())
        made: T = kept[1]
        return made


def state(path: Path) -> State | None:
    """Return what changes when a file does, or nothing where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def states(folder: Path, leave_out: tuple[Path, ...] = ()) -> Iterator[object]:
    """Yield each file below a folder, with its state; what is hidden, a virtual environment or compiled is left out."""
    for place, folders, names in os.walk(folder):
        here = Path(place)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and name != "__pycache__"
            and (here / name).resolve() not in leave_out
            and not (here / name / "pyvenv.cfg").is_file()
        )
        for name in sorted(names):
            yield str(here / name), state(here / name)
