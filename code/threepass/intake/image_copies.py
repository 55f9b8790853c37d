"""The images that a text from elsewhere shows in; copies for the site, and the addresses to show them by, out."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from threepass.importers.images import LARGEST, SUFFIXES, file_name, wrong_with_image
from threepass.writing import create

if TYPE_CHECKING:
    from collections.abc import Mapping

_ON_THE_WEB = re.compile(
    r"(?:https?:)?//(?:www\.)?(?:github\.com/[^/]+/[^/]+/(?:blob|raw)/[^/]+"
    r"|raw\.githubusercontent\.com/[^/]+/[^/]+/(?:refs/heads/)?[^/]+)/(?P<path>[^?#]+)",
    re.IGNORECASE,
)
"""An image of a repository by its address on GitHub: as often as not it lies beside the text."""


@dataclass(frozen=True)
class ImageCopies:
    """Copies to be made: `folder` is that of the text, `top` the one that may be read, `into` that of the copies.

    `made` fills as images are asked for: the path of each copy in the library, and its content.
    """

    root: Path
    folder: Path
    top: Path
    into: Path
    made: dict[Path, bytes] = field(default_factory=dict)

    def address(self, written: str) -> str | None:
        """Return the address of an image for a page beside `images/`; None where there is nothing to copy."""
        for path in self._candidates(written):
            content = self._content(path)
            if content is not None:
                return f"images/{self._copy(path.name, content).name}"
        return None

    def _candidates(self, written: str) -> list[Path]:
        if match := _ON_THE_WEB.match(written):
            inside = unquote(match["path"])
            return [self.top / inside, self.folder / inside]
        if re.match(r"[a-z][a-z0-9+.-]*:|//", written, re.IGNORECASE):
            return []
        try:
            inside = unquote(urlsplit(written).path)
        except ValueError:
            return []
        return [self.top / inside.lstrip("/")] if inside.startswith("/") else [self.folder / inside]

    def _content(self, path: Path) -> bytes | None:
        """Return what a file holds, where it is an image that lies within `top`, links followed."""
        try:
            real = path.resolve()
            if not real.is_relative_to(self.top.resolve()) or real.suffix.lower() not in SUFFIXES:
                return None
            if not real.is_file() or real.stat().st_size > LARGEST:
                return None
            content = real.read_bytes()
        except (OSError, ValueError, RuntimeError):
            return None
        return None if wrong_with_image(real.name, content) else content

    def _copy(self, name: str, content: bytes) -> Path:
        """Return the path of a copy: by its own name, unless that is another image's."""
        plain = PurePosixPath(file_name(name))
        mark = hashlib.sha256(content).hexdigest()[:8]
        for candidate in (plain.name, f"{plain.stem}-{mark}{plain.suffix}"):
            path = self.into / candidate
            if self.made.setdefault(path, self._there(path, content)) == content:
                return path
        raise AssertionError("two images have one hash")

    def _there(self, path: Path, content: bytes) -> bytes:
        there = self.root / path
        return there.read_bytes() if there.is_file() else content


def write_copies(root: Path, copies: Mapping[Path, bytes]) -> int:
    """Write the copies that are not there yet, and return how many these are."""
    missing = [path for path in copies if not (root / path).exists()]
    for path in missing:
        create(root / path, copies[path], inside=root)
    return len(missing)
