"""A Markdown note about a paper, from Obsidian, Zotero or by hand, in; its paper and its text, out.

A note speaks of a paper where it holds an arXiv or DOI address in its title or front matter. Its headings stay; those
that mean a pass get the name that ours have. The text of the file is all that is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from threepass.importers.note_metadata import FrontMatter, Metadata, front_matter, inline_fields, metadata
from threepass.markdown.fences import without_fences

if TYPE_CHECKING:
    from collections.abc import Sequence

_FENCE = re.compile(r"---\s*")
_HEADING = re.compile(r"(?P<marks>#{1,6})[ \t]+(?P<text>.*?)[ \t#]*")
_ORDINALS = ("first|1st|one", "second|2nd|two", "third|3rd|three")
_PASS = tuple(
    re.compile(
        rf"\W*(?:(?:{word}|{number}\.?)\s+(?:pass|read|reading)"
        rf"|(?:pass|read|reading)\s*#?\s*(?:{number}|{'i' * number}|{word}))\b(?P<rest>.*)",
        re.IGNORECASE,
    )
    for number, word in enumerate(_ORDINALS, start=1)
)
NAMES = ("First pass", "Second pass", "Third pass")
_HEAD_LINES = 60


@dataclass(frozen=True, slots=True)
class PaperNote:
    """A note about a paper: what it says of it, and its Markdown, which begins in line `line` of the file."""

    metadata: Metadata
    body: str
    line: int


@dataclass(frozen=True, slots=True)
class NoPaperNote:
    """A file that is not about a paper, or does not say enough of it: why, and what would help."""

    reason: str
    hint: str = ""


def read_paper_note(text: str, *, name: str) -> PaperNote | NoPaperNote:
    """Read a note; `name` is that of its file, without the ending."""
    lines = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
    front, first = _front(lines)
    shown = without_fences("\n".join(lines[first:])).split("\n")
    heading = next((number for number, line in enumerate(shown) if line.strip()), None)
    title = _HEADING.fullmatch(shown[heading].strip()) if heading is not None else None
    titled = title is not None and len(title["marks"]) == 1
    below = heading + 1 if heading is not None and titled else 0
    end = next(
        (number for number in range(below, len(shown)) if _HEADING.fullmatch(shown[number].rstrip())), len(shown)
    )
    found = metadata(
        front,
        inline_fields(shown[:_HEAD_LINES]),
        heading=title["text"] if title and titled else "",
        head="\n".join(shown[:end]),
        name=name,
    )
    if found.arxiv is None and not found.doi:
        return NoPaperNote("no arXiv or DOI link in its title or front matter", "it is not taken for a paper's note")
    if not found.published:
        return NoPaperNote("it does not say when its paper was published", "write `year: 2017` into its front matter")
    begin = first + (below if titled and _is_title(title["text"] if title else "", found) else 0)
    while begin < len(lines) and not lines[begin].strip():
        begin += 1
    return PaperNote(found, "\n".join(lines[begin:]).rstrip(), begin + 1)


def _front(lines: Sequence[str]) -> tuple[FrontMatter, int]:
    """Return the front matter, and the number of the first line below it."""
    if lines and _FENCE.fullmatch(lines[0]):
        for number, line in enumerate(lines[1:], start=1):
            if _FENCE.fullmatch(line) or line.rstrip() == "...":
                return front_matter(lines[1:number]), number + 1
    return FrontMatter(), 0


def _is_title(heading: str, found: Metadata) -> bool:
    """Whether the first heading says no more than the title: a page shows that already."""
    return _letters(re.sub(r"\]\([^()]*\)|https?://\S+|\((?:19|20)\d\d\)", "", heading)) == _letters(found.title)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def with_our_passes(body: str) -> str:
    """Return a note's text, the headings that mean a pass by our names; what else they say follows as a line."""
    rows = body.split("\n")
    taken: set[str] = set()
    for number, line in enumerate(without_fences(body).split("\n")):
        heading = _HEADING.fullmatch(line.rstrip())
        for name, pattern in zip(NAMES, _PASS, strict=True):
            match = pattern.fullmatch(heading["text"]) if heading else None
            if heading and match and name not in taken and not re.match(r"\s*\w", match["rest"]):
                rest = re.sub(r"^[\s:–—-]+|\s+$", "", match["rest"])
                marks = heading["marks"] if len(heading["marks"]) > 1 else "##"
                rows[number] = f"{marks} {name}\n\n{rest}\n" if rest else f"{marks} {name}"
                taken.add(name)
    return "\n".join(rows)
