"""A file in; the same file as the author left it when their editor closed."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_USUAL = ("sensible-editor", "nano", "vim", "vi", "notepad")


class EditorError(Exception):
    """The editor could not do its work: why, and what to try."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.reason, self.hint = reason, hint


def chosen_editor(environment: Mapping[str, str]) -> str | None:
    """Return the command line of the editor that the author has chosen: `$VISUAL` before `$EDITOR`."""
    return environment.get("VISUAL", "").strip() or environment.get("EDITOR", "").strip() or None


def open_in_editor(path: Path, *, environment: Mapping[str, str]) -> None:
    """Open a file in the author's editor, else in one that is usually there, and wait. Raises `EditorError`."""
    chosen = chosen_editor(environment) or next(filter(shutil.which, _USUAL), None)
    if chosen is None:
        raise EditorError("no editor is known", "set $EDITOR, as in: export EDITOR=nano")
    hint = "look at $VISUAL and $EDITOR"
    try:
        words = shlex.split(chosen, posix=os.name != "nt")
        done = subprocess.run([*words, str(path)], check=False)
    except (OSError, ValueError) as error:
        raise EditorError(f"the editor '{chosen}' cannot be run: {error}", hint) from None
    if done.returncode != 0:
        raise EditorError(f"the editor '{chosen}' ended with {done.returncode}", hint)
