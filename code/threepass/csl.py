"""A paper in; its CSL-JSON item, and its citation in plain words, out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from threepass.citation import name_parts

if TYPE_CHECKING:
    from threepass.library import Note
    from threepass.models import Paper


def to_csl(note: Note) -> str:
    """Return a note's paper as a list with one CSL-JSON item, as Zotero, Pandoc and citeproc read it."""
    paper = note.paper
    published = paper.published
    item: dict[str, Any] = {
        "id": note.key,
        "type": "article",
        "title": paper.title,
        "author": [_name(author) for author in paper.authors],
        "issued": {"date-parts": [[published.year, published.month, published.day]]},
        "container-title": paper.venue,
        "number": f"arXiv:{paper.arxiv}" if paper.arxiv else None,
        "publisher": "arXiv" if paper.arxiv else None,
        "version": str(paper.version) if paper.version else None,
        "DOI": paper.doi,
        "URL": address_of(paper),
    }
    return json.dumps([{key: value for key, value in item.items() if value}], indent=2, ensure_ascii=False)


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
    given, family, suffix = name_parts(author)
    if not given:
        return {"literal": family}
    return {"family": family, "given": given} | ({"suffix": suffix} if suffix else {})
