"""Markdown in; its formulas, `$…$` and `$$…$$`, and where they stand, out. What stands in code is no formula."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from threepass.markdown.fences import blank, without_code

if TYPE_CHECKING:
    from collections.abc import Iterator

INLINE = r"(?<![\\$\w])\$(?![\s$])((?:[^$\\\n]|\\.|\n(?!\s*\n))+?)(?<![\s\\])\$(?![\w$])"
"""A formula in a line, as `math.py` reads it too: `$5 and $6` is none."""
_INLINE = re.compile(INLINE)
_DISPLAY = re.compile(r"^[ \t]*\$\$(.*?)\$\$[ \t]*$", re.MULTILINE | re.DOTALL)
_OPENS = re.compile(r"^[ \t]*(\$\$)", re.MULTILINE)


class Formula(NamedTuple):
    """LaTeX that begins at the character `start` of a text; `display` sets it on lines of its own.

    A `$$` that begins a line and finds no second one at the end of a line is not `closed`.
    """

    latex: str
    start: int
    display: bool
    closed: bool = True


@lru_cache(maxsize=1 << 15)  # most texts stay as they are while the site is served
def formulas(markdown: str) -> tuple[Formula, ...]:
    """Return the formulas of a text: those on lines of their own first."""
    return tuple(_formulas(markdown)) if "$" in markdown else ()


def _formulas(markdown: str) -> Iterator[Formula]:
    bare = without_code(markdown)
    for match in _DISPLAY.finditer(bare):
        yield Formula(match[1], match.start(1), display=True)
    rest = _DISPLAY.sub(_blanked, bare)
    for match in _OPENS.finditer(rest):
        yield Formula("", match.start(1), display=True, closed=False)
    for match in _INLINE.finditer(rest):
        yield Formula(match[1], match.start(1), display=False)


def without_code_and_formulas(markdown: str) -> str:
    """Return the text with every character of code and of formulas replaced by a space, so that positions stay."""
    bare = without_code(markdown)
    return _INLINE.sub(_blanked, _DISPLAY.sub(_blanked, bare)) if "$" in bare else bare


def _blanked(match: re.Match[str]) -> str:
    return blank(match.group())
