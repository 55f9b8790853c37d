"""The library that `threepass init` makes, written on a day of its own; what is in one, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from threepass.authoring.new_library import new_files, write_library
from threepass.checks import check
from threepass.ledger import source_tree
from threepass.library import load

TODAY = dt.date(2024, 11, 21)


def write_example(root: Path, *, today: dt.date = TODAY) -> Path:
    """Write the library into a folder, which is made, and return the folder."""
    write_library(root, new_files(name="x", today=today))
    return root


def files(root: Path) -> dict[str, bytes]:
    """The library as it is on disk, without what the tool keeps for itself."""
    found = (path for path in root.rglob("*") if path.is_file() and ".threepass" not in path.parts)
    return {str(path.relative_to(root)): path.read_bytes() for path in found}


def problems(root: Path) -> list[str]:
    library = load(root)
    return [str(problem) for problem in check(library, source_tree(library))]
