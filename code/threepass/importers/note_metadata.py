"""The head of a Markdown note in; what it says of its paper, out: front matter, or fields in its first lines.

Obsidian writes front matter and `key:: value`, exports of Zotero `* Authors: [[…]]` and `> **DOI**: …`, people
`# [Title](link)`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from threepass.importers import arxiv_id
from threepass.importers.written_dates import find_date
from threepass.source import compose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from threepass.importers.arxiv_id import ArxivId

_NAMES = {
    "title": "title papertitle",
    "authors": "author authors creator creators by",
    "date": "date published year issued publicationdate publicationyear released",
    "arxiv": "arxiv arxivid eprint",
    "doi": "doi",
    "url": "url link source paper pdf href uri paperurl",
    "venue": "venue journal publication publicationtitle booktitle conference proceedings",
    "tags": "tags tag keywords topics",
}
"""The fields that are read, by the names that people give them; case, blanks, hyphens and underscores make none."""
_FIELD_OF = {name: kind for kind, names in _NAMES.items() for name in names.split()}
_KEY = re.compile(r"(?P<key>[A-Za-z][\w -]*?)[ \t]*:(?:[ \t]+(?P<value>.*))?")
_INLINE = re.compile(
    r"\s*(?:>\s*)*(?:[-*+]\s+)?(?:\*\*|__)?(?P<key>[A-Za-z][A-Za-z _-]{1,20}?)"
    r"(?:\*\*|__)?\s*::?\s*(?:\*\*|__)?\s*(?P<value>\S.*)"
)
_WIKI = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")
_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*)[^()]*\)")
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s<>\"'\])}]+")
_ADDRESS = re.compile(r"https?://[^\s<>\"'\])}]+")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a note says of its paper: `published` as far as it is known, 2017-06-12, 2017-06 or 2017.

    `left` are the lines of front matter that say other things.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    arxiv: ArxivId | None = None
    doi: str = ""
    url: str = ""
    venue: str = ""
    tags: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The front matter of a note: its values by field, and the lines of each key, in order."""

    values: Mapping[str, Any] = field(default_factory=dict)
    lines: tuple[tuple[str, tuple[str, ...]], ...] = ()


def front_matter(lines: Iterable[str]) -> FrontMatter:
    """Read the lines between a note's two `---`; where they are no YAML, each line `key: value` for itself."""
    rows = list(lines)
    groups: list[tuple[str, list[str]]] = []
    for row in rows:
        match = _KEY.fullmatch(row.rstrip())
        if match:
            groups.append((_kind(match["key"]), [row]))
        elif groups:
            groups[-1][1].append(row)
        elif row.strip():
            groups.append(("", [row]))
    document, problems = compose("\n".join(rows) + "\n", shown=Path("note"))
    if document is not None and not problems:
        values: dict[str, Any] = {}
        for key, value in document.data.items():
            values.setdefault(_kind(key), value)
    else:
        values = {}
        for kind, (first, *more) in groups:
            said = (first.partition(":")[2].strip(), *(row.strip().removeprefix("- ") for row in more if row.strip()))
            values.setdefault(kind, [one for one in said if one] if len(said) > 1 else said[0])
    return FrontMatter(values, tuple((kind, tuple(group)) for kind, group in groups))


def inline_fields(lines: Iterable[str]) -> dict[str, Any]:
    """Return the fields that stand in the first lines of a note, below its front matter."""
    values: dict[str, Any] = {}
    for line in lines:
        if (match := _INLINE.fullmatch(line.rstrip())) and (kind := _FIELD_OF.get(_letters(match["key"]))):
            values.setdefault(kind, match["value"].strip(" *_"))
    return values


def metadata(front: FrontMatter, inline: Mapping[str, Any], *, heading: str, head: str, name: str) -> Metadata:
    """Return what a note says of its paper.

    `heading` is its first one, `head` the text above the second, `name` the file's. The paper's address is looked
    for in the front matter, the fields, the heading, the file's name, and at last in the head, if it holds only one.
    """
    said = {**inline, **{kind: value for kind, value in front.values.items() if kind and value}}
    addresses = [text for kind in ("arxiv", "doi", "url") for text in _texts(said.get(kind))]
    arxiv, doi, url = _identity([*addresses, *_addresses(heading), heading, name.split(" ")[0].strip("[]()")])
    if arxiv is None and not doi:
        arxiv, doi, _ = _only_one(head)
    titles = (_plain(" ".join(_texts(said.get("title")))), _plain(heading))
    title = next((one for one in titles if re.search(r"\w", one)), name)
    dates = [*_texts(said.get("date")), *re.findall(r"\(((?:19|20)\d\d)\)", f"{title} {name}")]
    published = next((date for text in dates if (date := _date(text))), "")
    if arxiv and published[:7] != arxiv.month:
        published = arxiv.month  # a year alone, or that of a journal: on arXiv it was in this month
    used = {kind for kind in _NAMES if said.get(kind)} - {"tags"}
    return Metadata(
        title=re.sub(r"\s*\((?:19|20)\d\d\)$", "", title),
        authors=tuple(_authors(said.get("authors"))),
        published=published,
        arxiv=arxiv,
        doi=doi,
        url=url if arxiv is None and not doi else "",
        venue=_plain(" ".join(_texts(said.get("venue")))),
        tags=tuple(_tags(said.get("tags"))),
        left=tuple(row for kind, rows in front.lines if kind not in used for row in rows if row.strip()),
    )


def _tags(value: Any) -> Iterator[str]:
    """Yield tags as words of ours: `#nlp, attention` or a list, in which `Seq 2 seq` is one."""
    for text in _texts(value):
        for tag in re.split(r"[,\s]+", text) if isinstance(value, str) else [text]:
            if word := re.sub(r"[^a-z0-9]+", "-", tag.lower()).strip("-"):
                yield word


def _kind(key: str) -> str:
    return _FIELD_OF.get(_letters(key), "")


def _letters(key: str) -> str:
    return re.sub(r"[\s_-]+", "", key).lower()


def _texts(value: Any) -> list[str]:
    """Return a value's texts: one, or those of a list; of a name in parts its given name first."""
    if isinstance(value, str):
        return [value.strip().strip("\"'")] if value.strip() else []
    if isinstance(value, dict):
        names = {_letters(str(key)): str(part) for key, part in value.items() if isinstance(part, str)}
        given = names.get("firstname") or names.get("given") or names.get("first") or ""
        family = names.get("lastname") or names.get("family") or names.get("last") or names.get("name") or ""
        return [f"{given} {family}".strip()] if family else []
    return [text for one in value or [] for text in _texts(one)]


def _authors(value: Any) -> Iterator[str]:
    for text in _texts(value):
        text = _plain(text)
        if isinstance(value, str) or len(_texts(value)) == 1:
            yield from _split_names(text)
        elif text:
            yield _given_first(text)


def _split_names(text: str) -> list[str]:
    """Split `Vaswani, Ashish and Shazeer, Noam`, `A. Vaswani, N. Shazeer & N. Parmar`, `A. Vaswani; N. Shazeer`."""
    text = re.sub(r",?\s*\bet\.? al\.?|\s*\.\.\.$", "", text.strip())
    parts = re.split(r"\band\b|;", text)
    if ";" in text or (len(parts) > 1 and all(part.count(",") == 1 for part in parts)):
        names = parts
    elif re.fullmatch(r"[^\s,&]+,[^,&]+", text) and len(parts) == 1:
        names = [text]  # Vaswani, Ashish
    else:
        names = re.split(r",|\band\b|&", text)
    return [_given_first(name) for name in names if re.search(r"\w", name)]


def _given_first(name: str) -> str:
    family, _, given = name.partition(",")
    return " ".join(f"{given} {family}".split()) if given.strip() else " ".join(name.split())


def _addresses(text: str) -> list[str]:
    return [match[2] for match in _LINK.finditer(text)] + [
        match.group().rstrip(".,;") for match in _ADDRESS.finditer(text)
    ]


def _identity(texts: Iterable[str]) -> tuple[ArxivId | None, str, str]:
    """Return the first arXiv id, the first DOI and the first web address of some texts."""
    arxiv, doi, url = None, "", ""
    for text in texts:
        found = next((one for part in (text, *_addresses(text)) if (one := arxiv_id.parse(part))), None)
        arxiv = arxiv or found
        if found is None and not doi and (match := _DOI.search(text)):
            doi = match.group().rstrip(".,;")
        if found is None and not url and (address := _ADDRESS.search(text)):
            url = address.group().rstrip(".,;")
    return arxiv, doi, url


def _only_one(head: str) -> tuple[ArxivId | None, str, str]:
    """Return the paper that the head of a note links to, if it links to one and no more."""
    found = [_identity([address]) for address in _addresses(head)]
    papers = {(arxiv.id if arxiv else "", doi): (arxiv, doi, "") for arxiv, doi, _ in found if arxiv or doi}
    return papers.popitem()[1] if len(papers) == 1 else (None, "", "")


def _plain(text: str) -> str:
    text = _LINK.sub(lambda match: match[1], _WIKI.sub(lambda match: match[1], text))
    return " ".join(re.sub(r"[*`]|https?://\S+", "", text).split()).strip("\"' ")


def _date(text: str) -> str:
    """Return a date as far as it is written."""
    text = _WIKI.sub(lambda match: match[1], text)
    if (written := find_date(text)) and (date := written.date()):
        return str(date)
    match = re.search(r"\b((?:19|20)\d\d(?:-(?:0[1-9]|1[0-2]))?)\b", text)
    return match[1] if match else ""
