"""A file in; what each commit of its git repository added to it and took from it, oldest first, out."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_COMMIT = "\x01commit "
_SECONDS = 60
_WEB = re.compile(r"(?:https?://(?:[^@/]*@)?|(?:ssh://)?git@)([\w.-]+)[:/]([\w.-]+(?:/[\w.-]+)+)/?")


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: the day its author made it, where they were, and the lines of the file that it added and removed."""

    date: dt.date
    added: tuple[str, ...]
    removed: tuple[str, ...]


def commits_of(path: Path) -> tuple[Commit, ...]:
    """Return the commits of a file, also under its former names; none where git or a repository is missing."""
    said = _git(
        path, "log", "--follow", f"--format={_COMMIT}%ad", "--date=short", "-p", "-U0", "--no-color", "--no-ext-diff",
        "--no-textconv", "--text", "--", path.name,
    )  # fmt: skip
    return tuple(map(_commit, said.split(f"{_COMMIT}")[:0:-1]))


def top_of(path: Path) -> Path | None:
    """Return the folder of the repository that holds a file."""
    said = _git(path, "rev-parse", "--show-toplevel").strip()
    return path.parent / said if said else None


def web_address(path: Path) -> str:
    """Return where the folder of a file is on the web, if its repository came from GitHub or GitLab; else nothing."""
    match = _WEB.fullmatch(_git(path, "config", "--get", "remote.origin.url").strip().removesuffix(".git"))
    top = top_of(path)
    if match is None or top is None or not re.search(r"\b(?:github|gitlab)\b", match[1]):
        return ""
    folder = path.resolve().parent.relative_to(top.resolve()).as_posix()
    return f"https://{match[1]}/{match[2]}/blob/HEAD/" + ("" if folder == "." else f"{folder}/")


def _commit(said: str) -> Commit:
    first, _, patch = said.partition("\n")
    rows = patch.split("\n")
    within = [row for row in rows if row.startswith(("+", "-")) and not row.startswith(("+++ ", "--- "))]
    added = tuple(row[1:].rstrip("\r") for row in within if row.startswith("+"))
    removed = tuple(row[1:].rstrip("\r") for row in within if row.startswith("-"))
    return Commit(dt.date.fromisoformat(first.strip()), added, removed)


def _git(path: Path, *arguments: str) -> str:
    """Return what git says in the folder of a file; nothing where it fails. No hook or pager runs."""
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    command = ["git", "--no-pager", "-c", "core.fsmonitor=false", "-C", str(path.parent), *arguments]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""
