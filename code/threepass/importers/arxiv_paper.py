"""What arXiv says about one paper, or why it says nothing: the records that `importers.arxiv` hands out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date  # noqa: TC003 - pydantic reads the annotations when a paper comes out of the cache

from threepass.importers.arxiv_id import ArxivId

_WITHDRAWN = re.compile(
    r"\b(?:has|have|had)\s+been\s+(?:\w+\s+)?(?:withdrawn|retracted)\b|\bis\s+(?:being\s+)?(?:withdrawn|retracted)\b"
    r"|\A\W*(?:withdrawn|retracted)\b|\bwithdrawn\s+by\s+(?:the\s+)?(?:authors?|arxiv)\b",
    re.IGNORECASE,
)
_WITHDRAWN_ABSTRACT = re.compile(
    r"\A\W*(?:th(?:is|e)\s+)?(?:paper|article|submission|manuscript|preprint|work|note)\s+"
    r"(?:has\s+been|is|was)\s+(?:\w+\s+)?(?:withdrawn|retracted)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ArxivPaper:
    """A paper's metadata in one version.

    Text is as arXiv sent it, LaTeX included, but for two things: the white space of wrapped lines is folded (an
    abstract keeps its paragraphs, apart by a blank line), and control characters are removed.
    """

    arxiv: str
    """The id, without version."""
    version: int
    title: str
    authors: tuple[str, ...]
    """Names as people write them, given name first."""
    published: date
    """When version 1 came (UTC)."""
    updated: date
    """When this version came (UTC)."""
    categories: tuple[str, ...]
    """arXiv's categories, the primary one first; ACM and MSC classes are left out."""
    abstract: str
    comment: str | None
    journal_ref: str | None
    doi: str | None
    """The DOI of what was published elsewhere, never arXiv's own."""
    withdrawn: bool = False
    """Whether this version says that the paper is withdrawn."""
    versions: tuple[date, ...] = ()
    """When each version came (UTC), version 1 first; empty where the source did not tell (the query interface)."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A paper that could not be fetched: the id as it was asked for, why in one line, and what to try."""

    arxiv: str
    reason: str
    hint: str
    elsewhere: bool = False
    """Whether it is this answer that is at fault, so that another source may know the paper."""


Outcomes = dict[ArxivId, ArxivPaper | Failure]
"""For each id that was asked for, its paper or why there is none."""


def says_withdrawn(*, comment: str | None, abstract: str) -> bool:
    """Tell whether a paper's words say that it is withdrawn; the query interface has no field for it."""
    return bool(_WITHDRAWN.search(comment or "") or _WITHDRAWN_ABSTRACT.search(abstract))
