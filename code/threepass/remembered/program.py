"""This program and the packages beside it, as they are installed, in; what changes when one of them does, out."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from threepass.remembered.file_memory import states

if TYPE_CHECKING:
    from collections.abc import Iterator


@cache
def program() -> tuple[object, ...]:
    """Return the version of Python, the states of our files, and the names and versions of the packages."""
    return sys.version, *states(Path(__file__).parents[1]), *_packages()


def _packages() -> Iterator[object]:
    for folder in sys.path:
        if folder and Path(folder).is_dir():
            yield sorted(name for name in os.listdir(folder) if name.endswith((".dist-info", ".egg-info")))  # noqa: PTH208 - only names
