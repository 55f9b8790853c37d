"""A paper in; its CSL-JSON item, and its citation in plain words, out.

The names of types and fields are those of the Citation Style Language 1.0.2.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from threepass.citing.bibtex import default_type
from threepass.citing.citation import name_parts
from threepass.latex.text import to_unicode

if TYPE_CHECKING:
    from threepass.library import Note
    from threepass.models import Paper


_TYPES = {
    "article": "article-journal", "inproceedings": "paper-conference", "conference": "paper-conference",
    "incollection": "chapter", "inbook": "chapter", "book": "book", "proceedings": "book", "phdthesis": "thesis",
    "mastersthesis": "thesis", "thesis": "thesis", "techreport": "report", "report": "report", "online": "webpage",
    "web": "webpage", "electronic": "webpage",
}  # fmt: skip
"""CSL's word for each type of BibTeX entry; `article`, which is a preprint in CSL, for all others."""
_PUBLISHED_BY = frozenset({"book", "thesis", "report"})
_FIELDS = {
    "volume": "volume", "number": "issue", "pages": "page", "publisher": "publisher", "edition": "edition",
    "isbn": "ISBN", "issn": "ISSN", "address": "publisher-place", "series": "collection-title",
}  # fmt: skip


def to_csl(*notes: Note) -> str:
    """Return papers as a list of CSL-JSON items, as Zotero, Pandoc and citeproc read it."""
    return json.dumps([_item(note) for note in notes], indent=2, ensure_ascii=False)


def _item(note: Note) -> dict[str, Any]:
    paper = note.paper
    kind = _TYPES.get(paper.bibtex.get("type", default_type(paper)), "article")
    item: dict[str, Any] = {
        "id": note.key,
        "type": kind,
        "title": paper.title,
        "author": [_name(author) for author in paper.authors],
        "issued": {"date-parts": [[int(part) for part in paper.published.isoformat().split("-")]]},
        "publisher" if kind in _PUBLISHED_BY else "container-title": paper.venue,
        "number": f"arXiv:{paper.arxiv}" if paper.arxiv else None,
        "version": str(paper.version) if paper.version else None,
        "DOI": paper.doi,
        "URL": address_of(paper),
        "abstract": paper.abstract,
        "keyword": ", ".join(paper.topics),
    }
    if paper.arxiv and kind == "article":
        item["publisher"] = "arXiv"
    for name, field in _FIELDS.items():
        if name in paper.bibtex:
            item.setdefault(field, to_unicode(paper.bibtex[name]))
    return {field: value for field, value in item.items() if value}


def to_words(paper: Paper) -> str:
    """Return `Mukund Sundararajan, Ankur Taly and Qiqi Yan (2017). Axiomatic Attribution for Deep Networks. …`."""
    *others, last = paper.authors
    authors = f"{', '.join(others)} and {last}" if others else last
    title = paper.title if paper.title.endswith((".", "?", "!")) else f"{paper.title}."
    arxiv = f"arXiv:{paper.arxiv}{f'v{paper.version}' if paper.version else ''}." if paper.arxiv else ""
    venue = f"{paper.venue}." if paper.venue else ""
    return " ".join(filter(None, (f"{authors} ({paper.published.year}).", title, venue, arxiv, address_of(paper))))


def address_of(paper: Paper) -> str:
    """Return where the paper is found: by its DOI, on arXiv, or at its own address."""
    if paper.doi:
        return f"https://doi.org/{paper.doi}"
    return f"https://arxiv.org/abs/{paper.arxiv}" if paper.arxiv else paper.url or ""


def _name(author: str) -> dict[str, str]:
    if author == "et al.":
        return {"literal": author}
    given, family, suffix = name_parts(author)
    if not given:
        return {"literal": family}
    return {"family": family, "given": given} | ({"suffix": suffix} if suffix else {})
