"""What an author wrote in; Markdown that is safe and whose links lead to pages, out."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from markupsafe import Markup

from threepass.library import Entry, Note
from threepass.links import Reference, replace_references, slug, without_code
from threepass.pages.page import markdown_link

if TYPE_CHECKING:
    from threepass.library import Library

_TAG = re.compile(r"<(?!https?://[^\s<>]+>)(?=[A-Za-z/!?])")
_HEADING = re.compile(r"^(#{1,6})(?=[ \t])", re.MULTILINE)


def source_of(record: Entry | Note) -> str:
    """Return the path of a record's page."""
    return f"journal/{record.name}.md" if isinstance(record, Entry) else f"papers/{record.key}.md"


def prose(text: str, library: Library, *, src: str, top: int = 2) -> Markup:
    """Return an author's Markdown for the page `src`.

    Links to records become links to their pages, raw HTML becomes text, and the highest heading becomes one of level
    `top`, so that the page's headings stay in order.
    """
    safe = _shift_headings(_escape_tags(text), top)
    return Markup(with_links(safe, library, src=src))


def with_links(text: str, library: Library, *, src: str) -> str:
    """Return Markdown for the page `src` with its `[[…]]` as links to the records' pages."""

    def link(reference: Reference) -> str:
        target = library.find(reference.target)
        said = reference.text or reference.heading
        if target is None:
            return plain(said or reference.target)
        anchor = f"#{slug(reference.heading)}" if reference.heading else ""
        return f"[{plain(said or name_of(target))}]({markdown_link(src, source_of(target) + anchor)})"

    return replace_references(text, link)


def name_of(record: Entry | Note) -> str:
    """Return how a record is named in a sentence: a paper's title, a day's date and title."""
    if isinstance(record, Note):
        return record.paper.title
    return f"{record.date.isoformat()}: {record.title}"


def plain(text: str) -> str:
    """Return a text so that Markdown and HTML show it as it is."""
    folded = html.escape(" ".join(text.split()), quote=False)
    escaped = re.sub(r"([\\`*_{}\[\]()#+!-])", r"\\\1", folded)
    return escaped.replace("$", "&#36;").replace("|", "&#124;")


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
