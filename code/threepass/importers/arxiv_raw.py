"""Checks an answer of arXiv's OAI-PMH: a server's bytes come in, a `Record` of a paper and its versions goes out.

The format is `arXivRaw`. Its text is as the authors typed it, its authors are one line with affiliations in
parentheses; both are made what the query interface makes of them, so that a paper is the same paper from either.
https://info.arxiv.org/help/oa/index.html, https://www.openarchives.org/OAI/openarchivesprotocol.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from threepass.importers import arxiv_id
from threepass.importers.arxiv_answer import (
    NotAnAnswerError,
    fold,
    fold_paragraphs,
    not_an_answer,
    one_line,
    without_control_characters,
)
from threepass.importers.arxiv_paper import ArxivPaper, says_withdrawn
from threepass.latex.in_text import with_accents

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_RAW = "{http://arxiv.org/OAI/arXivRaw/}"
_LEADS_HERE = "does the address of OAI-PMH (THREEPASS_OAI_URL, mkdocs.yml) lead to arXiv?"

_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
_GONE = "I"
"""The source type of a version without a text: the paper is withdrawn."""


@dataclass(frozen=True, slots=True)
class Record:
    """An answer, checked."""

    body: bytes
    paper: ArxivPaper | None
    """The paper in its latest version; `None` where there is none."""
    fault: str | None = None
    """What is wrong with the record."""
    unknown: bool = False
    """Whether the server says that there is no such paper."""
    error: str | None = None
    """What the server says is wrong with the question."""

    def document(self) -> bytes:
        """Return the answer as it came."""
        return self.body


def read_record(body: bytes) -> Record:
    """Check an answer. Raises `NotAnAnswerError` where it is none; a broken record is a fault in it."""
    plain = without_control_characters(body)
    if re.search(rb"<(?:\w+:)?OAI-PMH\b", plain) is None:
        raise not_an_answer(plain, _LEADS_HERE)
    try:
        root: Element = fromstring(plain)
    except (ElementTree.ParseError, DefusedXmlException, ValueError):
        raise NotAnAnswerError("arXiv's answer breaks off", "try again later", again=True) from None
    if (error := root.find(f"{_OAI}error")) is not None:
        code = error.get("code", "")
        words = one_line(f"{code}: {error.text or ''}".strip(": ")) or "no reason given"
        return Record(body, None, unknown=code == "idDoesNotExist", error=words)
    raw = root.find(f".//{_RAW}arXivRaw")
    if raw is None:
        deleted = root.find(f".//{_OAI}header[@status='deleted']") is not None
        return Record(body, None, fault="arXiv has deleted it" if deleted else "arXiv's record of it is empty")
    return _record(body, raw)


def authors_of(line: str) -> tuple[str, ...]:
    """Return the names in arXiv's line of authors: `A. One, B. Two (Somewhere) and C. Three Jr.`."""
    before = None
    while before != line:  # affiliations stand in parentheses, with others inside
        before = line
        line = re.sub(r"\([^()]*\)", " ", line)
    names: list[str] = []
    for part in re.split(r"[,:;]|\s+(?:and|&)\s+|^\s*and\s+", line):
        name = fold(re.sub(r"^\s*and\s+", "", part))
        if names and _SUFFIX.fullmatch(name):
            names[-1] += f" {name}"
        elif name:
            names.append(name)
    return tuple(names)


def _record(body: bytes, raw: Element) -> Record:
    """Read a record, or say what is wrong with it."""

    def text(tag: str) -> str:
        return with_accents(raw.findtext(f"{_RAW}{tag}", ""))

    found = arxiv_id.parse(raw.findtext(f"{_RAW}id", ""))
    title, authors = fold(text("title")), authors_of(text("authors"))
    versions = tuple(_version_dates(raw))
    lacks = [name for name, there in (("id", found), ("title", title), ("authors", authors)) if not there]
    if found is None or lacks:
        return Record(body, None, fault=f"arXiv's record of it has no {' and no '.join(lacks)}")
    if not versions or None in versions:
        return Record(body, None, fault="arXiv's record of it has a version without a date")
    dates = tuple(filter(None, versions))
    comment = fold(text("comments")) or None
    abstract = fold_paragraphs(text("abstract"))
    last = raw.findall(f"{_RAW}version")[-1].findtext(f"{_RAW}source_type", "")
    return Record(
        body,
        ArxivPaper(
            arxiv=found.id,
            version=len(dates),
            title=title,
            authors=authors,
            published=dates[0],
            updated=dates[-1],
            categories=tuple(raw.findtext(f"{_RAW}categories", "").split()),
            abstract=abstract,
            comment=comment,
            journal_ref=fold(text("journal-ref")) or None,
            doi=fold(raw.findtext(f"{_RAW}doi", "")) or None,
            withdrawn=_GONE in last or says_withdrawn(comment=comment, abstract=abstract),
            versions=dates,
        ),
    )


def _version_dates(raw: Element) -> list[date | None]:
    """Return when each version came (UTC), in their order; `None` for one that does not say."""
    dates: list[date | None] = []
    for version in raw.findall(f"{_RAW}version"):
        try:
            moment = parsedate_to_datetime(version.findtext(f"{_RAW}date", ""))
            dates.append(moment.astimezone(UTC).date() if moment.tzinfo else moment.date())
        except (ValueError, TypeError, OverflowError):
            dates.append(None)
    return dates
