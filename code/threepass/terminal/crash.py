"""A mistake of ours in; a log that the user can report, out."""

from __future__ import annotations

import datetime as dt
import os
import platform
import sys
import tempfile
import traceback
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from threepass.library_root import CONFIG
from threepass.writing import STATE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def write_log(bug: BaseException, *, arguments: Sequence[str], start: Path) -> Path:
    """Write what went wrong into the library around `start`, else into the temporary folder; return the file."""
    name = f"crash-{dt.datetime.now():%Y%m%d-%H%M%S}-{os.getpid()}.log"
    text = _report(bug, arguments)
    for folder in _folders(start):
        try:
            folder.mkdir(exist_ok=True)
            path = folder / name
            path.write_text(text, encoding="utf-8")
        except OSError:
            continue
        return path
    return Path(os.devnull)


def _folders(start: Path) -> Iterator[Path]:
    for folder in (start, *start.parents):
        if (folder / CONFIG).is_file():
            yield folder / STATE
            break
    yield Path(tempfile.gettempdir())


def _report(bug: BaseException, arguments: Sequence[str]) -> str:
    try:
        ours = version("threepass")
    except PackageNotFoundError:
        ours = "not installed"
    head = f"threepass {ours}, Python {sys.version}, {platform.platform()}\narguments: {list(arguments)}\n\n"
    return head + "".join(traceback.format_exception(bug))
