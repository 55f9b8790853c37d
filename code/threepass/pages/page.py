"""What a generated page is."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from posixpath import dirname, relpath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Page:
    """A page of Markdown with front matter, and its place among the others.

    `src` is its path in the tree of Markdown files (`journal/2021-08-27.md`); `parent`, `previous` and `next` are such
    paths too. `topics` are the names of its topics. What it says is written when its `text` is first asked for.
    """

    src: str
    write: Callable[[], str]
    parent: str = ""
    previous: str = ""
    next: str = ""
    topics: tuple[str, ...] = ()
    title: str = ""

    @cached_property
    def text(self) -> str:
        """Its front matter and its Markdown."""
        return self.write()

    @cached_property
    def digest(self) -> str:
        """A digest of its text."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def body(self) -> str:
        """The Markdown below the front matter."""
        return self.text.partition("\n---\n")[2]


def front_matter(**values: Any) -> str:
    """Return front matter; JSON is YAML, so that no title can break it."""
    lines = [
        f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items() if value not in ("", [])
    ]
    return "\n".join(["---", *lines, "---", ""])


def without_front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Return the values of a page's front matter, as `front_matter` writes it, and the Markdown below."""
    _, head, markdown = text.split("---\n", 2)
    fields = (line.partition(": ") for line in head.split("\n") if line)
    return {key: json.loads(value) for key, _, value in fields}, markdown.lstrip("\n")


def address(src: str) -> str:
    """Return the address of a page in the site, from its path: `papers/index.md` is `papers/`."""
    stem = src.removesuffix(".md")
    return "" if stem == "index" else stem.removesuffix("/index") + "/"


@lru_cache(maxsize=1 << 15, typed=True)  # while serving, most lists are written again with the same links
def url(src: str, target: str) -> str:
    """Return the relative address, from the page `src`, of another page (with `#heading`) or of a file of the site."""
    path, mark, anchor = target.partition("#")
    here = address(src)
    if path == src or not path:
        return mark + anchor if mark else "./"
    # with a slash before them they are absolute already: no working directory is asked for
    if not path.endswith(".md"):
        return relpath(f"/{path}", f"/{here}")
    return relpath(f"/{address(path)}", f"/{here}") + "/" + mark + anchor


def markdown_link(src: str, target: str) -> str:
    """Return the path by which Markdown links to another page: MkDocs checks it and makes it an address."""
    path, mark, anchor = target.partition("#")
    return relpath(path, dirname(src) or ".") + mark + anchor
