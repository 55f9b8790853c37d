"""What arXiv says about one paper, or why it says nothing: the records that `importers.arxiv` hands out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003 - pydantic reads the annotations when a paper comes out of the cache


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


@dataclass(frozen=True, slots=True)
class Failure:
    """A paper that could not be fetched: the id as it was asked for, why in one line, and what to try."""

    arxiv: str
    reason: str
    hint: str
