"""A library's settings in; the files by which GitHub publishes its site and takes days from issues, out.

The workflows stand in `scaffold/github/`, as they are. This repository's own are made from the same texts, with what
differs in a repository that holds the tool itself, by `tests/generate.py`.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from threepass.github.issue_form import TEMPLATE, issue_form
from threepass.writing import create

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from threepass.settings import Settings

SOURCES = {
    ".github/workflows/publish.yml": "github/workflows/publish.yml",
    ".github/workflows/day.yml": "github/workflows/day.yml",
    "requirements.txt": "github/requirements.txt",
}
"""Each file that is the same in all libraries, and where its text stands in `scaffold/`."""


TAKEN_FROM_THE_WORKFLOW = {
    "SITE_URL": 'site_url: !ENV [SITE_URL, ""]',
    "SITE_REPOSITORY": '    repository: !ENV [SITE_REPOSITORY, ""]',
    "SITE_EDITOR": "    editor: !ENV [SITE_EDITOR, false]",
}
"""Variables that the publishing workflow sets, and the lines of `mkdocs.yml` that take them."""


def not_taken(config: str) -> list[str]:
    """Return the lines that a `mkdocs.yml` lacks to take what the publishing workflow says."""
    return [line for name, line in TAKEN_FROM_THE_WORKFLOW.items() if name not in config]


def github_files(settings: Settings) -> Mapping[str, str]:
    """Return the workflows, what they install, and the form of a day with the library's goals and topics, by path."""
    scaffold = files("threepass") / "scaffold"
    texts = {path: (scaffold / source).read_text(encoding="utf-8") for path, source in SOURCES.items()}
    return {**texts, TEMPLATE: issue_form(settings)}


def write_missing(root: Path, texts: Mapping[str, str]) -> Mapping[str, bool]:
    """Write the files that are not there; return for each whether it was written. Raises `WritingError`."""
    missing = {path: not (root / path).exists() for path in texts}
    for path, wanted in missing.items():
        if wanted:
            create(root / path, texts[path], inside=root)
    return missing
