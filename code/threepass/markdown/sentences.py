"""Markdown in; the sentence around a place of it, or its first sentences, out."""

from __future__ import annotations

import re
from functools import lru_cache

from threepass.markdown.fences import without_fences
from threepass.markdown.formulas import without_code_and_formulas

_BLOCK = re.compile(r"\n[ \t]*\n|\n(?=[ \t]*(?:[-*+>|]|\d+[.)]|#{1,6})[ \t])")
_MARK = re.compile(r"^[ \t]*(?:(?:[-*+>|]|\d+[.)]|#{1,6}|\[[ xX]\])[ \t]+)*")
_END = re.compile(r"[.!?…][\"'”’)\]*_]*(?=\s+[\"'“‘(\[*_`$]*[^\sa-z])")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|cf|vs|et al|Eq|Fig|Sec|No|pp?|Dr|[A-Z]))\.$")
_NOT_PROSE = re.compile(r"[ \t]*(?:#{1,6}[ \t]|:::|\||!\[|\$\$|\{|[-*+][ \t]|>|\d+[.)][ \t]|</?\w)")


@lru_cache(maxsize=1 << 15)  # most texts stay as they are while the site is served
def sentence_at(markdown: str, position: int) -> str:
    """Return the sentence that the character at `position` is part of, on one line and as Markdown."""
    bare = without_code_and_formulas(markdown)
    start, end = _block(bare, position)
    cuts = [start, *_ends(bare, start, end), end]
    first = max(cut for cut in cuts if cut <= position)
    last = min((cut for cut in cuts if cut > position), default=end)
    return _one_line(markdown[first:last])


@lru_cache(maxsize=1 << 15)  # most texts stay as they are while the site is served
def opening(markdown: str, *, limit: int) -> str:
    """Return the first sentences of the first paragraph, as Markdown: as many as go into `limit` characters.

    A first sentence that is longer is cut between two words that stand in no code, formula or link.
    """
    bare = without_code_and_formulas(without_fences(markdown))
    start = next((place for place in _starts(bare) if not _NOT_PROSE.match(bare, place)), None)
    if start is None:
        return ""
    _, end = _block(bare, start)
    ends = [*_ends(bare, start, end), end]
    fitting = [cut for cut in ends if cut - start <= limit]
    if fitting:
        return _one_line(markdown[start : fitting[-1]])
    return _one_line(markdown[start : _between_words(bare, start, start + limit)]) + " …"


def _starts(bare: str) -> list[int]:
    """Return where the paragraphs begin, of which something is left when code and formulas are not counted."""
    places = [0, *(match.end() for match in re.finditer(r"\n[ \t]*\n", bare))]
    starts = []
    for place, following in zip(places, [*places[1:], len(bare)], strict=True):
        text = bare[place:following]
        if text.strip():
            starts.append(place + len(text) - len(text.lstrip("\n")))
    return starts


def _block(bare: str, position: int) -> tuple[int, int]:
    """Return the paragraph, list item, row or heading around a place."""
    cuts = [match.end() for match in _BLOCK.finditer(bare, 0, position + 1) if match.end() <= position]
    following = _BLOCK.search(bare, position)
    return cuts[-1] if cuts else 0, following.start() if following else len(bare)


def _ends(bare: str, start: int, end: int) -> list[int]:
    found = (match.end() for match in _END.finditer(bare, start, end))
    return [place for place in found if not _ABBREVIATION.search(bare[start:place])]


def _between_words(bare: str, start: int, end: int) -> int:
    """Return the last place up to `end` where the text can be cut."""
    for place in range(end, start, -1):
        before = bare[start:place]
        closed = before.count("[") == before.count("]") and before.count("(") == before.count(")")
        # two spaces may be code or a formula, blanked; `**` and `_` must be closed too
        if bare[place : place + 1] == " " and bare[place - 1].isalnum() and closed and before.count("*") % 2 == 0:
            return place
    return end


def _one_line(text: str) -> str:
    return " ".join(_MARK.sub("", text.strip()).split())
