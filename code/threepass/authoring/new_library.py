"""A folder's name in; a library that builds, with an example day, an example paper and a measured claim, out.

What is written stands in `scaffold/`, where `@NAME@`, `@TITLE@` and `@TODAY@` are filled in.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

from threepass.schema import json_schema

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path


def new_files(*, name: str, today: dt.date) -> Mapping[str, str]:
    """Return the files of a new library: their texts by path."""
    filled = {
        "@NAME@": json.dumps(name, ensure_ascii=False),  # a JSON string is a YAML string, whatever the name holds
        "@TITLE@": " ".join(name.split()),
        "@TODAY@": today.isoformat(),
    }
    scaffold = files("threepass") / "scaffold"
    texts = {}
    for path, source in _SOURCES.items():
        text = (scaffold / source).read_text(encoding="utf-8")
        for mark, value in filled.items():
            text = text.replace(mark, value)
        texts[path.format(today=today, year=today.year)] = text
    return {
        **texts,
        ".vscode/day.schema.json": json_schema("day"),
        ".vscode/roadmap.schema.json": json_schema("roadmap"),
    }


def write_library(folder: Path, texts: Mapping[str, str]) -> None:
    """Write the files of a new library into a folder that does not exist or is empty, but for what git keeps there.

    Raises `FileExistsError`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(path.name != ".git" for path in folder.iterdir()):
        raise FileExistsError(folder)
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="\n")


_SOURCES = {
    "mkdocs.yml": "mkdocs.yml",
    "README.md": "README.md",
    ".gitignore": "gitignore",  # not hidden in the package, where tools would obey or skip it
    ".vscode/settings.json": "vscode/settings.json",
    "docs/about.md": "docs/about.md",
    "journal/{year}/{today}.yml": "journal/day.yml",
    "papers/vaswani2017attention.md": "papers/vaswani2017attention.md",
    "code/reproductions/__init__.py": "code/reproductions/__init__.py",
    "code/reproductions/attention.py": "code/reproductions/attention.py",
}
"""Each file of a new library, and where its text stands in `scaffold/`."""
