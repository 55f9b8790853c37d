"""A day's fields in; the text that an author fills in out, and what they made of it back as an entry.

The template explains every field. What is left unfilled, and the explanations, do not end in the file.
"""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from threepass.editing.pasted_text import seen
from threepass.models import Day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from threepass.settings import Settings

_GUIDE = "#: "
"""Begins a line that explains; such lines are ours, the author's comments begin with `#` alone."""
_HEAD = "Fill in what you like; save and close. What stays empty is left out, and so are lines that begin with #:"
_EXAMPLES: Mapping[str, str] = {
    "goals": "[read, write]",
    "minutes": "40",
    "readings": "[{paper: vaswani2017attention, pass: 1, minutes: 25}]",
    "topics": "[attention]",
    "links": '[{title: What one finds there, url: "https://…"}]',
    "contributions": '[{title: What it does, url: "https://…", status: open}]',
    "figures": '[{plot: "package.module:function", caption: What it shows}]',
    "shared": '["https://…"]',
}
_EMPTY_KEY = re.compile(r"([a-z_]+):[ \t]*(\|[-+]?)?[ \t]*")


def template(filled: Mapping[str, str], *, settings: Settings) -> str:
    """Return a day's text with every field explained; `filled` holds the fields that are known, as lines of YAML."""
    lines = [_GUIDE + _HEAD]
    known = {"goals": list(settings.goals), "topics": list(settings.topics)}
    for name, field in Day.model_fields.items():
        if name != "notes":
            lines += ["", *_explained(name, field.description or "", known.get(name, []))]
            lines.append(filled.get(name, f"{name}:"))
    lines += ["", *_explained("notes", Day.model_fields["notes"].description or "", [])]
    lines.append(filled.get("notes", "notes: |\n  "))
    return "\n".join(lines) + "\n"


def _explained(name: str, description: str, known: list[str]) -> list[str]:
    said = f"{name}: {description}"
    if known:
        said += f" Known: {', '.join(known)}."
    if name in _EXAMPLES:
        said += f" Like {_EXAMPLES[name]}"
    return textwrap.wrap(
        said,
        110,
        initial_indent=_GUIDE,
        subsequent_indent=_GUIDE + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def blanked(text: str) -> str:
    """Return a filled template with its explanations and empty fields as blank lines, so that places stay true."""
    lines = _lines(text)
    kept = ["" if line.startswith(_GUIDE.rstrip()) else line for line in lines]
    for number, line in enumerate(kept):
        if _EMPTY_KEY.fullmatch(line) and not _goes_on(kept[number + 1 :]):
            kept[number] = ""
    return "\n".join(kept).rstrip() + "\n"


def entry_of(text: str) -> str:
    """Return a filled template as the entry to store: without explanations, empty fields and the gaps between them.

    What the author wrote stays as it is, blank lines within it too.
    """
    before, after = _lines(text), _lines(blanked(text))
    stored: list[str] = []
    for number, line in enumerate(after):
        follows_ours = line.strip() == "" and (before[number].strip() != "" or _all_ours(before, after, number))
        if not follows_ours:
            stored.append(line)
    return "\n".join(stored).strip("\n") + "\n"


def _lines(text: str) -> list[str]:
    """Return the lines of what an editor saved, which may have put a byte order mark before them."""
    return seen(text).rstrip("\n").split("\n")


def _goes_on(following: list[str]) -> bool:
    """Whether a key has something below it: an indented line, or an item of a list."""
    for line in following:
        if line.strip():
            return line[0] in " \t" or line.startswith("- ")
    return False


def _all_ours(before: list[str], after: list[str], number: int) -> bool:
    """Whether a blank line stands beside an explanation or an empty field, which take it with them."""
    beside = [at for at in (number - 1, number + 1) if 0 <= at < len(after)]
    return any(before[at].strip() and not after[at].strip() for at in beside)
