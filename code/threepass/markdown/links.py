"""Markdown in; its links to other records, and its headings, out.

A link is `[[key]]`, `[[2021-08-27]]`, `[[key|text]]` or `[[key#heading]]`. Code is left alone: what stands in a fence
or between backticks is neither a link nor a heading.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from threepass.markdown.fences import without_code

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINK = re.compile(r"\[\[([^\[\]|#\n]+?)(?:#([^\[\]|\n]+?))?(?:\|([^\[\]\n]+?))?\]\]")
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Reference:
    """A `[[…]]` in a text, at the characters `start` to `end`."""

    target: str
    heading: str | None
    text: str | None
    start: int
    end: int


def references(markdown: str) -> Iterator[Reference]:
    """Yield the links to records in a text, in order."""
    if "[[" not in markdown:
        return
    for match in _LINK.finditer(without_code(markdown)):
        heading, text = match[2], match[3]
        yield Reference(match[1].strip(), heading and heading.strip(), text and text.strip(), *match.span())


def headings(markdown: str) -> list[str]:
    """Return the headings of a text, in order, without their marks."""
    return [match[2] for match in _HEADING.finditer(without_code(markdown))]


def slug(heading: str) -> str:
    """Return the anchor of a heading, as Python-Markdown's table of contents makes it."""
    plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())
