"""What arXiv said of a paper in; the same kept with the notes, `papers/imported/arxiv/<citation key>.json`, and back.

It is what `threepass update` holds the note against, to tell what the author made of it from what arXiv has changed.
It is committed with the notes, so that every clone can. `threepass add` and `update` write it, and nothing else does.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from threepass.fields import DOI
from threepass.models import Imported
from threepass.records import Unreadable, read_json_files

if TYPE_CHECKING:
    from pathlib import Path

    from threepass.importers.arxiv_paper import ArxivPaper
    from threepass.problems import Problem

IMPORTED = "imported/arxiv"
"""The folder within that of the notes; beside it stands what other imports keep."""
_UNREADABLE = Unreadable(
    "P080",
    "what was imported is not JSON",
    "the file does not hold what arXiv said of a paper",
    "delete it and run `threepass update`",
)


def imported_from(paper: ArxivPaper, *, key: str, abstract: bool) -> Imported:
    """Return what is kept of arXiv's words; the abstract only where the note keeps it."""
    doi = re.search(DOI, paper.doi or "")
    return Imported(
        paper=key,
        arxiv=paper.arxiv,
        version=paper.version,
        title=paper.title,
        authors=paper.authors,
        published=paper.published,
        updated=max(paper.updated, paper.published),
        categories=paper.categories,
        doi=doi[0] if doi else None,
        venue=paper.journal_ref or None,
        abstract=(paper.abstract or None) if abstract else None,
        comment=paper.comment or None,
        withdrawn=paper.withdrawn,
        versions=paper.versions,
    )


def read_imported(folder: Path, *, root: Path) -> tuple[dict[str, Imported], list[Problem]]:
    """Read what was imported, by citation key."""
    return read_json_files(folder, Imported, root=root, unreadable=_UNREADABLE)


def as_text(imported: Imported) -> str:
    """Return the text of the file: JSON, one key a line, so that a change reads well in version control."""
    data = imported.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
