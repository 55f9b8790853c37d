"""Markdown in; its fenced blocks of code, and the text with all code blanked, out.

A fence may be indented, in a list or in the YAML of a day's entry, or quoted: Markdown's own limit of three spaces
would let a block of code go unseen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPENS = re.compile(r"([ \t>]*)(`{3,}(?=[^`\n]*$)|~{3,})(.*)")
_ROW = re.compile(r"[^\n]*\n|[^\n]+")  # str.splitlines also breaks lines where no editor counts one
_CODE_SPAN = re.compile(r"(?<![`\\])(`+)(?!`)((?:(?!\n[ \t]*\n).)+?)(?<!`)\1(?!`)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block: at the characters `start` to `end` of a text, its marks taken in.

    `indent` stands before the opening marks, spaces or the marks of a quotation, `info` behind them; `code` is what
    stands between, without the indent; `line` counts from 1 to the first line of the code.
    """

    indent: str
    marks: str
    info: str
    code: str
    line: int
    start: int
    end: int

    @property
    def language(self) -> str:
        """The first word of `info`, also of `{.python title="…"}`; nothing when there is none."""
        words = self.info.replace("{", " ").replace("}", " ").split()
        return words[0].lstrip(".").lower() if words else ""


def fences(markdown: str) -> Iterator[Fence]:
    """Yield the fenced blocks of a text, in order; one that is never closed reaches to the end."""
    if "```" not in markdown and "~~~" not in markdown:
        return
    opened: re.Match[str] | None = None
    start = line = position = 0
    code: list[str] = []
    for number, row in enumerate(_ROW.findall(markdown), start=1):
        if opened is None:
            opened = _OPENS.match(row.rstrip("\r\n"))
            start, line, code = position, number + 1, []
        elif _closes(row, opened[2]):
            yield Fence(opened[1], opened[2], opened[3].strip(), "".join(code), line, start, position + len(row))
            opened = None
        else:
            code.append(row.removeprefix(opened[1]) if row.startswith(opened[1]) else row.lstrip(" \t"))
        position += len(row)
    if opened is not None:
        yield Fence(opened[1], opened[2], opened[3].strip(), "".join(code), line, start, position)


@lru_cache(maxsize=1 << 15)  # every check and every page asks again
def without_code(markdown: str) -> str:
    """Return the text with every character of code replaced by a space, so that positions stay."""
    return _CODE_SPAN.sub(lambda match: blank(match.group()), without_fences(markdown))


def without_fences(markdown: str) -> str:
    """Return the text with every character of fenced blocks replaced by a space."""
    parts, position = [], 0
    for fence in fences(markdown):
        parts += [markdown[position : fence.start], blank(markdown[fence.start : fence.end])]
        position = fence.end
    return "".join([*parts, markdown[position:]])


def code_spans(markdown: str) -> Iterator[re.Match[str]]:
    """Yield the `…` of a text that holds no fences; a blank line ends a paragraph and with it what is open."""
    return _CODE_SPAN.finditer(markdown)


def blank(text: str) -> str:
    """Return a text of the same length and lines in which nothing stands."""
    return re.sub(r"[^\r\n]", " ", text)


def _closes(row: str, marks: str) -> bool:
    said = row.lstrip(" \t>").rstrip()
    return said.startswith(marks) and not said.strip(marks[0])
