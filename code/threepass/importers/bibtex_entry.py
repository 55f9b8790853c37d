r"""The fields of an entry of BibTeX or BibLaTeX in; what it says of a paper out, or why it cannot be used.

What our records have no key for is kept as it stands, so that nothing is lost on the way out; what speaks of the
program that wrote the file, and not of the paper, is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from threepass.fields import BIBTEX_FIELD, DOI
from threepass.importers import arxiv_id
from threepass.latex.text import balanced, to_unicode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from threepass.importers.arxiv_id import ArxivId

EXACT = "exact-"
"""Begins the name of a field that holds, percent-encoded, a text that LaTeX cannot say."""
VENUE_FIELD = {
    "article": "journal", "inproceedings": "booktitle", "incollection": "booktitle", "conference": "booktitle",
    "inbook": "booktitle", "book": "publisher", "proceedings": "publisher", "phdthesis": "school",
    "mastersthesis": "school", "thesis": "institution", "techreport": "institution", "report": "institution",
}  # fmt: skip
"""Which field says where something was published, by the type of the entry; `howpublished` of all others."""

_OTHER_NAMES = {"journaltitle": "journal", "archiveprefix": "eprinttype", "primaryclass": "eprintclass"}
_VENUES = (
    "journal", "booktitle", "school", "institution", "howpublished", "publisher", "organization", "series",
)  # fmt: skip
_OF_PROGRAMS = re.compile(
    r"file|owner|timestamp|creationdate|modificationdate|localfile|date-(?:added|modified)|bdsk-.*|mendeley-.*|__.*"
)
_REMARKS = ("annote", "annotation", "comment", "review")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ARXIV = re.compile(r"arxiv(?:\.org/(?:abs|pdf|html)/|:|\s|\.)\s*([a-z.-]+/\d{7}|\d{4}\.\d{4,5})(v\d+)?", re.IGNORECASE)
_CORR = re.compile(r"(?:CoRR,?\s*)?abs/(\d{4}\.\d{4,5})(v\d+)?", re.IGNORECASE)
_ONLY_ARXIV = re.compile(r"(?:arxiv|corr)\b[\s\w:./-]*(?:\[[\w.-]+\])?", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>\"{}]+")


@dataclass(frozen=True, kw_only=True)
class BibReference:
    """What one entry says of a paper; `published` is as much of the date as it says, `line` where it begins.

    `key` is the file's own. `bibtex` holds the fields that nothing else here holds, and the entry's type.
    """

    line: int
    key: str
    title: str
    authors: tuple[str, ...]
    published: str
    arxiv: ArxivId | None = None
    version: str = ""
    updated: str = ""
    doi: str = ""
    url: str = ""
    venue: str = ""
    categories: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    abstract: str = ""
    remarks: str = ""
    bibtex: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class BrokenReference:
    """An entry that cannot be used, or of which something had to be left out: where, why, and what to try."""

    line: int
    reason: str
    hint: str = ""


def authors_of(names: str) -> tuple[str, ...]:
    """Return the names of a BibTeX list, `van den Oord, Aäron and {NASA} and others`, as people write them."""
    from bibtexparser.middlewares.names import split_multiple_persons_names

    return tuple(filter(None, map(_name, split_multiple_persons_names(" ".join(names.split())))))


def venue_of(latex: str) -> str:
    """Return where something was published; `arXiv preprint arXiv:1706.03762` and an address name no venue."""
    text = to_unicode(latex)
    return "" if _ONLY_ARXIV.fullmatch(text) or _URL.fullmatch(text.strip("<>")) else text


def exact_texts(value: str) -> tuple[str, ...]:
    """Return the texts that an `exact-` field holds."""
    return tuple(unquote(part) for part in value.split("&"))


def verbatim(value: str) -> str:
    r"""Return an address or an id without the escapes that some programs put in: `10.1007/978\_3`."""
    return re.sub(r"\\([_%&#~])", r"\1", "".join(value.split())).strip("{}")


class _Fields:
    """The fields of an entry, by the names that we use; what has been read of it is not `left`."""

    def __init__(self, fields: Iterable[tuple[str, str]]) -> None:
        self.values: dict[str, str] = {}
        for name, value in fields:
            if value:
                self.values.setdefault(_OTHER_NAMES.get(name, name), value)
        exact = [name for name in self.values if name.startswith(EXACT)]
        self.exact = {name.removeprefix(EXACT): exact_texts(self.values.pop(name)) for name in exact}
        self.used: set[str] = set()

    def raw(self, name: str) -> str:
        """Return what a field holds, as it stands there."""
        self.used.add(name)
        return self.values.get(name, "")

    def text(self, name: str, read: Callable[[str], str] = to_unicode) -> str:
        """Return the text that a field stands for: the exact one, where there is one."""
        written = self.raw(name)
        return "".join(self.exact[name]) if name in self.exact else read(written)

    def texts(self, name: str, separator: str, *, other: str = "") -> tuple[str, ...]:
        """Return the texts that a field, or the `other` one, lists."""
        text = self.text(name) or (self.text(other) if other else "")
        return tuple(filter(None, self.exact.get(name) or re.split(separator, text)))

    def left(self) -> dict[str, str]:
        """Return the fields that are kept as they stand: neither read nor of the program that wrote the file."""
        return {
            name: value for name, value in self.values.items()
            if name not in self.used and not _OF_PROGRAMS.fullmatch(name) and balanced(value)
            and re.fullmatch(BIBTEX_FIELD, name)
        }  # fmt: skip


def reference_of(
    kind: str, key: str, written: Iterable[tuple[str, str]], *, line: int
) -> BibReference | BrokenReference:
    """Return what an entry says; `written` are its fields, by names in lower case, and `line` is where it begins."""
    fields = _Fields(written)
    arxiv = _arxiv(fields.values)
    title = fields.text("title")
    if not title:
        return BrokenReference(line, f"'{key}' has no title", "add `title = {…}`")
    published = _published(fields, arxiv)
    if not published:
        return BrokenReference(line, f"'{key}' has no year", "add `year = {…}`")
    authors = _authors(fields)
    if not authors:
        return BrokenReference(line, f"'{key}' has no author", "add `author = {…}`, or `editor`")
    doi = _doi(fields)
    url = _url(fields, arxiv, doi)
    venue = _venue(fields, kind)
    if arxiv:
        fields.used |= {"eprint", "eprinttype", "eprintclass"}
    categories = fields.texts("categories", r"[,\s]+", other="eprintclass")
    keywords = (*fields.texts("keywords", r"\s*[,;]\s*"), *fields.texts("groups", r"\s*,\s*"))
    version = fields.raw("version") if re.fullmatch(r"[1-9]\d{0,2}", fields.values.get("version", "")) else ""
    updated, abstract = fields.raw("updated"), fields.text("abstract")
    remarks = [fields.text(name) for name in _REMARKS]
    alias = fields.raw("ids").split(",")[0].strip()
    return BibReference(
        line=line,
        key=key,
        title=title,
        authors=authors,
        published=published,
        arxiv=arxiv,
        version=version,
        updated=updated,
        doi=doi,
        url=url,
        venue=venue,
        categories=categories,
        keywords=tuple(dict.fromkeys(keywords)),
        abstract=abstract,
        remarks="\n\n".join(filter(None, remarks)),
        bibtex={"type": kind, **fields.left()} | ({"key": alias} if alias else {}),
    )


def _authors(fields: _Fields) -> tuple[str, ...]:
    """Return the authors, else the editors, else the organization, or the host of the address."""
    written = fields.raw("author")
    names = fields.exact.get("author") or authors_of(written) or authors_of(fields.values.get("editor", ""))
    if names:
        return names
    alone = to_unicode(fields.values.get("organization", "")) or _host(fields.values.get("url", ""))
    return (alone,) if alone else ()


def _doi(fields: _Fields) -> str:
    """Return the DOI, also from an address; arXiv's own is none, and what is none is left where it stands."""
    found = re.search(DOI, fields.text("doi", verbatim) or verbatim(fields.values.get("url", "")))
    if found is None:
        fields.used.discard("doi")
        return ""
    return "" if found[0].lower().startswith("10.48550/") else found[0]


def _url(fields: _Fields, arxiv: ArxivId | None, doi: str) -> str:
    """Return the address, unless it says no more than the arXiv id or the DOI."""
    said = fields.text("url", verbatim) or to_unicode(fields.values.get("howpublished", ""))
    url = said if "url" in fields.exact else _address(said, arxiv, doi)
    if not url and not arxiv and not doi:
        fields.used.discard("url")
    return url


def _venue(fields: _Fields, kind: str) -> str:
    """Return where it was published, by the field that says so in an entry of this type, or by another."""
    names = (VENUE_FIELD.get(kind, "howpublished"), *_VENUES)
    name = next((name for name in names if fields.values.get(name)), "")
    venue = venue_of(fields.raw(name)) if name else ""
    return "".join(fields.exact.get("venue", (venue,)))


def _name(name: str) -> str:
    """Return one name as people write it: `Jr` behind the surname, what is in braces as it is."""
    from bibtexparser.middlewares.names import parse_single_name_into_parts

    if name.lower() in ("others", "et al.", "et al"):
        return "et al."
    if name.startswith("{") and name.endswith("}") and balanced(name[1:-1]):
        return to_unicode(name[1:-1])
    parts = parse_single_name_into_parts(name, strict=False)
    return to_unicode(" ".join([*parts.first, *parts.von, *parts.last, *parts.jr]))


def _arxiv(fields: Mapping[str, str]) -> ArxivId | None:
    """Return the arXiv id that an entry names, in whatever field."""
    eprint = fields.get("eprint", "")
    kind = fields.get("eprinttype", "arxiv").lower()
    if kind == "arxiv" and (found := arxiv_id.parse(eprint)):
        return found
    for name in ("url", "doi", "journal", "note", "howpublished", "volume", "eprint", "pages", "number"):
        text = to_unicode(fields.get(name, ""))
        if name in ("url", "doi") and (found := arxiv_id.parse(text)):
            return found
        if (match := _ARXIV.search(text) or _CORR.search(text)) and (
            found := arxiv_id.parse(match[1] + (match[2] or ""))
        ):
            return found
    return None


def _published(fields: _Fields, arxiv: ArxivId | None) -> str:
    """Return as much of the date as an entry says; for arXiv, the month of the id if that is earlier."""
    fields.used |= {"date", "year", "month", "day"}
    if date := re.match(r"\d{4}(-\d\d){0,2}", fields.values.get("date", "")):
        return date[0]
    year = re.search(r"(?:1[5-9]|20)\d\d", to_unicode(fields.values.get("year", "")))
    said = year[0] if year else ""
    month = to_unicode(fields.values.get("month", "")).lower().strip(". ")
    number = next((n for n, name in enumerate(MONTHS, 1) if month.startswith(name)), 0)
    number = number or (int(month) if month.isdigit() and 1 <= int(month) <= 12 else 0)
    if said and number:
        said += f"-{number:02}"
    if arxiv and (not said or arxiv.month[: len(said)] <= said):
        return arxiv.month
    return said


def _address(text: str, arxiv: ArxivId | None, doi: str) -> str:
    """Return the web address in a text, unless it says no more than the arXiv id or the DOI."""
    found = _URL.search(text)
    if found is None:
        return ""
    address = found[0].rstrip(".,;)")
    if arxiv and (named := arxiv_id.parse(address)) and named.id == arxiv.id:
        return ""
    return "" if doi and doi.lower() in unquote(address).lower() and "doi.org/" in address else address


def _host(address: str) -> str:
    try:
        return (urlsplit(verbatim(address)).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
