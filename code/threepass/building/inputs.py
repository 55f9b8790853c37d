"""A library's folder in; a digest of all that its site is made from out, to know a site that is as it should be.

The digest is of names, sizes and times, not of contents: it is there to save the reading.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from threepass.library_root import CONFIG
from threepass.remembered.file_memory import state, states
from threepass.remembered.program import program

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

RECORD = Path(".cache", "threepass", "site")
"""Of the library: which inputs a site was made from, and what it then was."""
_ENVIRONMENT = re.compile(r"!ENV\s*\[?\s*([A-Z_][A-Z0-9_]*)", re.IGNORECASE)


class SiteRecord:
    """What a site was made from, and what was made."""

    def __init__(self, root: Path, site: Path) -> None:
        name = hashlib.sha256(str(site.resolve()).encode()).hexdigest()[:16]
        self._root, self._site, self._path = root, site, root / RECORD / name
        self._before = of_site(root, site)

    def holds(self) -> bool:
        """Whether the site was made from what is there now, and has not been touched since."""
        try:
            kept = self._path.read_text("ascii")
        except OSError:
            return False
        return kept == self._now()

    def write(self) -> None:
        """Keep that the site is made from what was there before it was built."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(self._now(), "ascii")

    def _now(self) -> str:
        return f"{self._before} {_digest(states(self._site, leave_out=()))}"


def of_site(root: Path, site: Path) -> str:
    """Return a digest of what a whole site is made from: the library, this program, the packages, and the day."""
    now = (dt.date.today(), dt.datetime.now(dt.UTC).date(), os.environ.get("SOURCE_DATE_EPOCH"))
    return _digest([now, *_program(root), *states(root, leave_out=(site.resolve(),))])


def of_every_page(root: Path, themes: Iterable[Path]) -> str:
    """Return a digest of what every page depends on: the configuration, the theme, this program, the packages."""
    own = [folder for folder in themes if root in folder.parents]
    return _digest([state(root / CONFIG), *_program(root), *(each for one in own for each in states(one, ()))])


def _program(root: Path) -> Iterator[object]:
    config = root / CONFIG
    for name in sorted(set(_ENVIRONMENT.findall(config.read_text("utf-8", "replace") if config.is_file() else ""))):
        yield name, os.environ.get(name)
    yield from program()


def _digest(parts: Iterable[object]) -> str:
    made = hashlib.sha256()
    for part in parts:
        made.update(repr(part).encode("utf-8", "surrogatepass"))
    return made.hexdigest()
