"""A paper in; its BibTeX entry out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threepass.library import Note

_SPECIAL = str.maketrans({"&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_"})


def to_bibtex(note: Note) -> str:
    """Return a note's paper as a BibLaTeX entry, with `eprint`, `eprinttype` and `eprintclass` for arXiv."""
    paper = note.paper
    fields = {
        "title": f"{{{paper.title}}}",
        "author": " and ".join(paper.authors),
        "year": str(paper.published.year),
        "date": paper.published.isoformat(),
        "eprint": paper.arxiv,
        "eprinttype": "arxiv" if paper.arxiv else None,
        "eprintclass": paper.categories[0] if paper.arxiv and paper.categories else None,
        "doi": paper.doi,
        "url": paper.url,
        "note": paper.venue,
    }
    verbatim = ("eprint", "doi", "url")
    lines = [
        f"  {name:<11} = {{{value if name in verbatim else value.translate(_SPECIAL)}}},"
        for name, value in fields.items()
        if value
    ]
    return "\n".join([f"@misc{{{note.key},", *lines, "}"])
