"""A day in the author's editor: the file they typed in comes in; the entry, checked and written, goes out.

A new day begins as a template that explains every field.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from threepass.authoring.daily import store
from threepass.authoring.day_template import blanked, entry_of, template
from threepass.authoring.proposal import problems_of_entry, read_day
from threepass.editing.pasted_text import seen
from threepass.ledger import source_tree
from threepass.library import load
from threepass.writing import read_exactly

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from threepass.authoring.daily import Draft
    from threepass.library import Library
    from threepass.problems import Problem


@dataclass(frozen=True)
class Sitting:
    """How it ended: the day's file where it was written, or what is wrong with the text; neither if it is unchanged."""

    written: Path | None = None
    problems: tuple[Problem, ...] = ()


def text_to_edit(library: Library, begun: Draft) -> str:
    """Return what the author finds in the editor: the day's text, for a new day the template with what is known."""
    if begun.before is not None:
        return begun.text
    fields = re.split(r"^(?=[a-z]+:)", begun.text, flags=re.MULTILINE)
    filled = {field.partition(":")[0]: field.rstrip("\n") for field in fields if field}
    return template(filled, settings=library.settings)


def edit_day(
    root: Path,
    begun: Draft,
    place: Path,
    *,
    edit: Callable[[Path], None],
    once_more: Callable[[tuple[Problem, ...]], bool],
) -> Sitting:
    """Let the author edit the file `place` until it can be written as the day, or until `once_more` says no.

    The paths of problems are the place's. What `edit` raises passes through, and so does `WritingError`.
    """
    start = read_exactly(place)
    while True:
        edit(place)
        text = read_exactly(place)
        if seen(text).strip() in ("", seen(start).strip()):
            return Sitting()
        made, problems = _judged(load(root), begun, text)
        problems = problems or store(root, made)
        if not problems:
            return Sitting(written=made.path)
        shown = place.relative_to(root) if place.is_relative_to(root) else place
        said = [dataclasses.replace(one, path=shown) if one.path == made.path else one for one in problems]
        if not once_more(tuple(said)):
            return Sitting(problems=tuple(said))


def _judged(library: Library, begun: Draft, text: str) -> tuple[Draft, list[Problem]]:
    """Return the day's file that a text makes, and its problems, placed as in the text."""
    if begun.before is not None:
        return dataclasses.replace(begun, text=text), []
    day, _, problems = read_day(blanked(text), shown=begun.path)
    made = dataclasses.replace(begun, text=entry_of(text))
    if day is None:
        return made, problems
    if day.date.isoformat() != begun.path.stem[:10]:  # the author has moved it to another date
        folder = begun.path.parent.parent / str(day.date.year)
        names = (f"{day.date}.yml", *(f"{day.date}-{number}.yml" for number in range(2, 100)))
        free = next(folder / name for name in names if not (library.root / folder / name).exists())
        made = dataclasses.replace(made, path=free)
    return made, problems_of_entry(library, source_tree(library), made.path, blanked(text))
