"""A file in; the same file as the author left it when their editor closed."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import PurePath
from typing import TYPE_CHECKING

from threepass.hinted import HintedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_USUAL = ("sensible-editor", "nano", "vim", "vi", "notepad")


_PLUS, _COLON, _GOTO = ("+{line}", "{path}"), ("{path}:{line}",), ("--goto", "{path}:{line}")
_TAKES_LINE: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("vi", "vim", "nvim", "gvim", "view", "nano", "pico", "emacs", "emacsclient", "micro", "kak"), _PLUS
    ),
    **dict.fromkeys(("sensible-editor", "gedit", "mcedit", "joe", "jed", "ne"), _PLUS),
    **dict.fromkeys(("hx", "helix", "subl", "zed"), _COLON),
    **dict.fromkeys(("code", "codium", "cursor", "windsurf"), _GOTO),
}
"""How editors are told the line to open a file at."""


class EditorError(HintedError):
    """The editor could not do its work."""


def chosen_editor(environment: Mapping[str, str]) -> str | None:
    """Return the command line of the editor that the author has chosen: `$VISUAL` before `$EDITOR`."""
    return environment.get("VISUAL", "").strip() or environment.get("EDITOR", "").strip() or None


def open_in_editor(path: Path, *, environment: Mapping[str, str], line: int | None = None) -> None:
    """Open a file in the author's editor, else in one that is usually there, and wait. Raises `EditorError`.

    An editor that is known to take a line is opened there.
    """
    chosen = chosen_editor(environment) or next(filter(shutil.which, _USUAL), None)
    if chosen is None:
        raise EditorError("no editor is known", "set $EDITOR, as in: export EDITOR=nano")
    hint = "look at $VISUAL and $EDITOR"
    try:
        words = shlex.split(chosen, posix=os.name != "nt")
        done = subprocess.run([*words, *_arguments(words, path, line)], check=False)
    except (OSError, ValueError) as error:
        raise EditorError(f"the editor '{chosen}' cannot be run: {error}", hint) from None
    if done.returncode != 0:
        raise EditorError(f"the editor '{chosen}' ended with {done.returncode}", hint)


def _arguments(words: Sequence[str], path: Path, line: int | None) -> list[str]:
    """Return how an editor is told a file and a line of it."""
    name = PurePath(words[0]).stem if words else ""
    if line is None or name not in _TAKES_LINE:
        return [str(path)]
    return [word.format(path=path, line=line) for word in _TAKES_LINE[name]]
