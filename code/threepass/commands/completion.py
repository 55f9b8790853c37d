"""What the shell completes: what begins as it was typed; never an error."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from threepass.settings import Settings


def keys(context: typer.Context, incomplete: str) -> list[str]:
    """Return citation keys."""
    return [name for root, settings in _library(context) for name in _names(root / settings.papers, "*.md", incomplete)]


def days(context: typer.Context, incomplete: str) -> list[str]:
    """Return days that have an entry, the last first."""
    found = [
        name for root, settings in _library(context) for name in _names(root / settings.journal, "*.yml", incomplete)
    ]
    return found[::-1]


def goals(context: typer.Context, incomplete: str) -> list[str]:
    """Return the challenge's goals."""
    return [name for _, settings in _library(context) for name in settings.goals if name.startswith(incomplete)]


def topics(context: typer.Context, incomplete: str) -> list[str]:
    """Return the topics that `mkdocs.yml` lists."""
    return [name for _, settings in _library(context) for name in settings.topics if name.startswith(incomplete)]


def _library(context: typer.Context) -> "list[tuple[Path, Settings]]":
    """Return the library's folder and settings, where there is one."""
    from threepass.commands.opening import StopError, root_of
    from threepass.settings import read_settings

    try:
        root = root_of(context)
        return [(root, read_settings(root)[0])]
    except (StopError, OSError):
        return []


def _names(folder: Path, pattern: str, incomplete: str) -> list[str]:
    return sorted(path.stem for path in folder.rglob(pattern) if path.stem.startswith(incomplete))
