"""What an author wrote in; Markdown that is safe and whose links lead to pages, out."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from threepass.library import Entry, Note
from threepass.markdown.fences import code_spans, fences, without_code, without_fences
from threepass.markdown.links import Reference, references, slug
from threepass.pages.outside import as_title, with_formulas
from threepass.pages.page import markdown_link
from threepass.wording import short_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from threepass.library import Library
    from threepass.markdown.fences import Fence

_TAG = re.compile(r"<(?!https?://[^\s<>]+>)(?=[A-Za-z/!?])")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HEADING = re.compile(r"^(#{1,6})(?=[ \t])", re.MULTILINE)
_FENCE_OPTION = re.compile(r"\b(?:title|hl_lines|linenums)=\"[^\"<>&\n]*\"")


class Insert(NamedTuple):
    """Markdown that takes the place of the characters `start` to `end`."""

    start: int
    end: int
    markdown: str


def source_of(record: Entry | Note) -> str:
    """Return the path of a record's page."""
    return f"journal/{record.name}.md" if isinstance(record, Entry) else f"papers/{record.key}.md"


def prose(text: str, library: Library, *, src: str, top: int = 2) -> Markup:
    """Return an author's Markdown for the page `src`.

    Links to records become links to their pages, raw HTML becomes text, and the highest heading becomes one of level
    `top`, so that the page's headings stay in order.
    """
    return Markup(with_links(safe(text, top=top), library, src=src))


@lru_cache(maxsize=1 << 15)  # while the site is served, most texts stay as they are
def safe(text: str, *, top: int) -> str:
    """Return Markdown without raw HTML and comments, its highest heading of level `top`."""
    return _shift_headings(_escape_tags(_without_comments(_plain_code(text))), top)


def with_links(text: str, library: Library, *, src: str) -> str:
    """Return Markdown for the page `src` with its `[[…]]` as links to the records' pages."""
    return insert(text, links(text, library, src=src))


def links(text: str, library: Library, *, src: str) -> Iterator[Insert]:
    """Yield the link that stands for each `[[…]]` on the page `src`; one that leads nowhere becomes its words."""
    for reference in references(text):
        yield Insert(reference.start, reference.end, _link(reference, library, src))


def _link(reference: Reference, library: Library, src: str) -> str:
    target = library.find(reference.target)
    said = reference.text or reference.heading
    if target is None:
        return plain(said or reference.target)
    anchor = f"#{slug(reference.heading)}" if reference.heading else ""
    shown = plain(said) if said else _name(target)
    return f"[{shown}]({markdown_link(src, source_of(target) + anchor)})"


def insert(text: str, inserts: Iterable[Insert]) -> str:
    """Return a text with some of its characters replaced; of two inserts that overlap the first one counts."""
    parts, position = [], 0
    for start, end, markdown in sorted(inserts):
        if start >= position:
            parts += [text[position:start], markdown]
            position = end
    return "".join([*parts, text[position:]])


def name_of(record: Entry | Note) -> str:
    """Return how a record is named within a sentence, in plain words: a paper's title, a day's date."""
    return as_title(record.paper.title) if isinstance(record, Note) else short_date(record.date)


def _name(record: Entry | Note) -> str:
    """Return the same as Markdown, a title's formulas in it."""
    return with_formulas(record.paper.title) if isinstance(record, Note) else plain(name_of(record))


def plain(text: str) -> str:
    """Return a text so that Markdown and HTML show it as it is."""
    folded = html.escape(" ".join(text.split()), quote=False)
    escaped = re.sub(r"([\\`*_{}\[\]()#+!-])", r"\\\1", folded)
    return escaped.replace("$", "&#36;").replace("|", "&#124;")


def _plain_code(text: str) -> str:
    """Return the text with its code in the forms that every reader of Markdown takes for code.

    Raw HTML is left alone in code, and must not run where we see code and Markdown does not: in a fence that is never
    closed, whose rows are indented otherwise than its marks, or that begins with words that are no options; in `…` that
    goes over the end of a line.
    """
    rebuilt = insert(text, (Insert(fence.start, fence.end, _plain_fence(fence)) for fence in fences(text)))
    spans = (match for match in code_spans(without_fences(rebuilt)) if "\n" in match.group())
    return insert(rebuilt, (Insert(*match.span(), " ".join(match.group().split())) for match in spans))


def _plain_fence(fence: Fence) -> str:
    language = fence.language if re.fullmatch(r"[\w+#.-]+", fence.language) else ""
    info = " ".join([language, *_FENCE_OPTION.findall(fence.info)]) if language else ""
    rows = fence.code.split("\n")[: -1 if fence.code.endswith("\n") else None]
    return "".join(f"{fence.indent}{row}\n" for row in [fence.marks + info, *rows, fence.marks])


def _without_comments(text: str) -> str:
    """Return the text without its `<!-- … -->`: what an author notes for themselves, or a template asks."""
    return insert(text, (Insert(*match.span(), "") for match in _COMMENT.finditer(without_code(text))))


def _escape_tags(text: str) -> str:
    bare = without_code(text)
    parts, position = [], 0
    for match in _TAG.finditer(bare):
        parts += [text[position : match.start()], "&lt;"]
        position = match.end()
    return "".join([*parts, text[position:]])


def _shift_headings(text: str, top: int) -> str:
    bare = without_code(text)
    levels = [len(match[1]) for match in _HEADING.finditer(bare)]
    shift = top - min(levels, default=top)
    if not shift:
        return text
    parts, position = [], 0
    for match in _HEADING.finditer(bare):
        parts += [text[position : match.start()], "#" * min(6, max(1, len(match[1]) + shift))]
        position = match.end()
    return "".join([*parts, text[position:]])
