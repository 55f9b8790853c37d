"""A library in; where it links to the web, and, with what was answered there, the problems of these links, out.

`link_requests.py` does the asking. A link may be written more than once: it is asked once, and is a problem wherever it
stands.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from threepass.markdown.fences import blank, without_code
from threepass.markdown.passages import Passage, files_by_hand
from threepass.source import Document, read_text
from threepass.web_links.link_answers import Verdict

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from threepass.library import Entry, Library, Note
    from threepass.problems import Problem
    from threepass.source import Location, Place
    from threepass.web_links.link_answers import Answer

_ADDRESS = re.compile(r"https?://[^\s<>\"`|\\^{}]+(?:\\(?:[^\s\w]|_)[^\s<>\"`|\\^{}]*)*", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_NOT_A_COMMENT = re.compile(r"^(?!#).*$", re.MULTILINE)
_CLOSING = {")": "(", "]": "["}


@dataclass(frozen=True)
class ExternalLink:
    """An address, and where it stands.

    `shown` is whether the author wrote it in full, and not as an id; `when` is the day that speaks of it.
    """

    address: str
    source: Document
    place: Place
    shown: bool = True
    when: dt.date | None = None

    @property
    def page(self) -> str:
        """What is asked for: the address without its `#…`, which no server gets to see."""
        return self.address.partition("#")[0]

    @property
    def part(self) -> str:
        """The address's `#…`, or nothing."""
        return self.address[len(self.page) :]

    def problem(self, code: str, message: str, hint: str) -> Problem:
        """Return a problem at the link's place."""
        return self.source.problem(code, message, at=self.place, hint=hint)


def external_links(library: Library) -> Iterator[ExternalLink]:
    """Yield every link to the web, of days, notes and what is written by hand, the Markdown of notebooks taken in."""
    for entry in library.entries:
        for location, address in _addresses_of_day(entry):
            yield ExternalLink(address, entry.source, entry.source.place(location), when=entry.date)
    for note in library.notes.values():
        for location, address in _addresses_of_paper(note):
            yield ExternalLink(address, note.source, note.source.place(location), shown=location[0] not in _IDS)
    days = {entry.source.path: entry.date for entry in library.entries}
    for passage in [*library.passages(), *_notebooks(library)]:
        for offset, address in addresses(passage.text):
            when = days.get(passage.source.path)
            yield ExternalLink(address, passage.source, passage.place(offset), when=when)


_IDS = ("arxiv", "doi")


def _addresses_of_day(entry: Entry) -> Iterator[tuple[Location, str]]:
    for number, link in enumerate(entry.day.links):
        yield ("links", number, "url"), link.url
    for number, contribution in enumerate(entry.day.contributions):
        yield ("contributions", number, "url"), contribution.url
    for number, url in enumerate(entry.day.shared):
        yield ("shared", number), url


def _addresses_of_paper(note: Note) -> Iterator[tuple[Location, str]]:
    paper = note.paper
    if paper.arxiv:
        yield ("arxiv",), f"https://arxiv.org/abs/{paper.arxiv}{f'v{paper.version}' if paper.version else ''}"
    if paper.doi:
        yield ("doi",), f"https://doi.org/{quote(paper.doi, safe='/:;()')}"
    if paper.url:
        yield ("url",), paper.url
    for number, link in enumerate(paper.links):
        yield ("links", number, "url"), link.url


def _notebooks(library: Library) -> Iterator[Passage]:
    """Yield the notebooks of docs/: scripts whose Markdown stands in comments."""
    for path in files_by_hand(library.root / library.site.docs, "*.py"):
        shown = path.relative_to(library.root)
        text, _ = read_text(path, shown=shown)
        if text is not None:
            prose = _NOT_A_COMMENT.sub(lambda line: blank(line.group()), text)
            yield Passage(Document(shown, text, {}, body=prose), prose)


def addresses(markdown: str) -> Iterator[tuple[int, str]]:
    """Yield the web addresses in a text, and where they begin; what is code or a comment is left out.

    An address ends before a bracket that it has not opened, and before the punctuation of the sentence around it.
    """
    if "://" not in markdown:
        return
    text = _COMMENT.sub(lambda match: blank(match.group()), without_code(markdown))
    for match in _ADDRESS.finditer(text):
        before = text[: match.start()][-1:]
        address = _within_brackets(match.group())
        if before == "'":
            address = address.partition("'")[0]
        elif before not in ("<", '"') and not text[: match.start()].endswith("]("):
            address = address.rstrip(".,;:!?'*_~")
        yield match.start(), html.unescape(re.sub(r"\\([^\s\w]|_)", r"\1", address))


def _within_brackets(address: str) -> str:
    opened: list[str] = []
    for position, character in enumerate(address):
        if character in _CLOSING.values():
            opened.append(character)
        elif character in _CLOSING and (not opened or opened.pop() != _CLOSING[character]):
            return address[:position]
    return address


def to_ask(links: Iterable[ExternalLink], *, today: dt.date) -> dict[str, dt.date]:
    """Return each page once, with the day from which a copy is wanted: the first that speaks of it, or today."""
    found: dict[str, dt.date] = {}
    for link in links:
        found[link.page] = min(found.get(link.page, today), link.when or today)
    return found


def link_problems(links: Iterable[ExternalLink], answers: Mapping[str, Answer]) -> Iterator[Problem]:
    """P070, P071 and P072: what the answers, by page, say of the links."""
    for link in links:
        answer = answers.get(link.page)
        if answer is None:
            continue
        if answer.verdict is Verdict.DEAD:
            yield link.problem("P070", f"{link.address} is dead: {answer.reason}", _instead(answer))
        elif answer.verdict is Verdict.UNCHECKED:
            hint = "open it in a browser"
            yield link.problem("P072", f"{link.address} could not be checked: {answer.reason}", hint)
        elif answer.moved and link.shown:
            yield link.problem("P071", f"{link.address} has moved for good", f"write {answer.moved}{link.part}")


def _instead(answer: Answer) -> str:
    if answer.archived:
        return f"an archived copy is at {answer.archived}"
    if answer.archived is None:
        return "find its new address, or a copy at https://web.archive.org"
    return "find its new address: the Internet Archive has no copy"
