"""Checks an answer of arXiv's query interface: a server's bytes come in, a `Feed` of sound entries goes out.

The `arxiv` package parses leniently: half an entry, a login page and an empty answer look the same to it, and one
impossible date loses the whole answer. So each entry is read here strictly and on its own, and what the package gets
to parse (`Feed.document`) holds sound entries only; what is wrong with the others is known by their id. Both dialects
of the interface are read: identifiers with http or https, dates with `Z` or an offset, wrapped lines, `type="html"`.

Control characters, which XML forbids and which have stood in real titles, are removed before parsing.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from threepass.importers import arxiv_id
from threepass.importers.arxiv_answer import (
    fold,
    not_an_answer,
    one_line,
    printable,
    without_control_characters,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

_ATOM = "{http://www.w3.org/2005/Atom}"
_LEADS_HERE = "does the address of the query interface (THREEPASS_ARXIV_URL, mkdocs.yml) lead to arXiv?"
_OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


@dataclass(frozen=True, slots=True)
class Feed:
    """An answer, checked."""

    sound: tuple[Element, ...]
    """The entries that hold all that an entry must."""
    faults: Mapping[str, str]
    """For each id (without version) whose entry is not sound: what is wrong with it."""
    unreadable: int
    """How many entries are too broken to tell their id."""
    total: int | None
    """How many entries the server says there are."""
    whole: bool
    """Whether the answer goes on to its end."""
    error: str | None
    """What the server says is wrong with the question."""

    @property
    def complete(self) -> bool:
        """Whether every entry that the server speaks of is here, so that what is not here does not exist."""
        return self.whole and self.total == len(self.sound) + len(self.faults) and not self.unreadable

    def document(self) -> bytes:
        """Return the sound entries as a feed of their own, which says that it holds no more than they."""
        root = ElementTree.Element(f"{_ATOM}feed")
        ElementTree.SubElement(root, f"{_OPENSEARCH}totalResults").text = str(len(self.sound))
        root.extend(self.sound)
        document: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
        return document


def read_feed(body: bytes) -> Feed:
    """Check an answer. Raises `NotAnAnswerError` where it is none; a broken entry is a fault in the feed."""
    body = without_control_characters(body)
    start = re.search(rb"<feed\b[^>]*>", body)
    if start is None or b"<html" in body[: start.start()].lower():
        raise not_an_answer(body, _LEADS_HERE)
    sound: list[Element] = []
    faults: dict[str, str] = {}
    unreadable, error = 0, None
    for source in re.findall(rb"<entry\b.*?</entry\s*>", body, re.DOTALL):
        entry = _parse(start[0] + source + b"</feed>")
        name = entry.findtext(f"{_ATOM}id", "") if entry is not None else _name_in(source)
        if entry is not None and "/api/errors" in name:
            error = one_line(entry.findtext(f"{_ATOM}summary", "")) or "no reason given"
        elif (paper := arxiv_id.parse(name)) is None:
            unreadable += 1
        elif entry is None:
            faults[paper.id] = "arXiv's entry for it is broken XML"
        elif fault := _fault(entry, paper):
            faults[paper.id] = fault
        else:
            sound.append(entry)
    for element in sound:
        faults.pop(_id_of(element), None)
    total = re.search(rb"totalResults[^>]*>\s*([0-9]{1,9})\s*<", body)
    return Feed(
        sound=tuple(sound),
        faults=faults,
        unreadable=unreadable,
        total=int(total[1]) if total else None,
        whole=re.search(rb"</feed\s*>\s*\Z", body) is not None,
        error=error,
    )


def _parse(document: bytes) -> Element | None:
    """Return the one entry of a feed, or `None` where it is not well-formed."""
    try:
        entry = next(iter(fromstring(document)))
    except (ElementTree.ParseError, DefusedXmlException, ValueError):
        return None
    plain = ElementTree.Element(entry.tag)
    for child in entry:
        copy = ElementTree.SubElement(plain, child.tag, child.attrib)
        if child.tag == f"{_ATOM}author":
            for part in child:
                ElementTree.SubElement(copy, part.tag).text = _text(part)
        else:
            copy.text = _text(child)
    return plain


def _text(element: Element) -> str:
    """Return an element's text, that of markup in it too; `type="html"` is escaped twice (RFC 4287, 3.1.1.2)."""
    text = "".join(element.itertext())
    return printable(html.unescape(text)) if element.get("type") == "html" else text


def _name_in(source: bytes) -> str:
    """Find the id in an entry that does not parse."""
    name = re.search(rb"<id[^>]*>\s*([^<\s]+)\s*</id>", source)
    return name[1].decode("ascii", "replace") if name else ""


def _id_of(entry: Element) -> str:
    paper = arxiv_id.parse(entry.findtext(f"{_ATOM}id", ""))
    return paper.id if paper else ""


def _fault(entry: Element, paper: arxiv_id.ArxivId) -> str | None:
    """Say what a well-formed entry lacks, if anything."""
    if paper.version is None:
        return "arXiv's entry for it names no version"
    for tag in ("published", "updated"):
        text = entry.findtext(f"{_ATOM}{tag}")
        if text is None:
            return f"arXiv's entry for it has no date ({tag})"
        if not _is_time(text):
            return f"arXiv's entry for it has an impossible date ({tag}: {one_line(text)})"
    if not fold(entry.findtext(f"{_ATOM}title", "")):
        return "arXiv's entry for it has no title"
    names = [author.findtext(f"{_ATOM}name", "") for author in entry.iterfind(f"{_ATOM}author")]
    return None if names and all(map(fold, names)) else "arXiv's entry for it has no authors"


def _is_time(text: str) -> bool:
    """Tell whether the `arxiv` package can read this time."""
    try:
        datetime.fromisoformat(text.strip().replace("Z", "+00:00")).astimezone(UTC)  # noqa: FURB162 - as it does
    except (ValueError, OverflowError):
        return False
    return True
