"""Where the library is: a command's context in; its folder, or the loaded library, out.

Raises `StopError` where a command cannot go on.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from threepass.hinted import HintedError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    import typer

    from threepass.building.memory import Memory
    from threepass.library import Library, Note
    from threepass.problems import Problem
    from threepass.reach.symbols import SourceTree
    from threepass.remembered.file_memory import FileMemory


class StopError(HintedError):
    """A command stops here, with an exit code."""

    def __init__(self, reason: str, hint: str = "", *, exit_code: int = 1) -> None:
        super().__init__(reason, hint)
        self.exit_code = exit_code


def root_of(context: typer.Context) -> Path:
    """Return the library's folder: what `--library` names, else the nearest from here upwards."""
    from threepass.library_root import CONFIG, find_root

    named: Path | None = context.find_root().params.get("library")
    if named is not None:
        if not (named / CONFIG).is_file():
            hint = "name a library's folder" if named.exists() else f"`threepass init {named}` makes one"
            raise StopError(f"no library in {named}: it holds no {CONFIG}", hint, exit_code=2)
        return named.resolve()
    root = find_root(Path.cwd())
    if root is None:
        hint = "go into one, name it with -C, or make one: `threepass init my-notes`"
        raise StopError(f"no library here: no {CONFIG} in this folder or above it", hint, exit_code=2)
    return root


def open_library(context: typer.Context, files: FileMemory | None = None) -> Library:
    """Return the loaded library; one whose `mkdocs.yml` is wrong is refused, since its folders are not known.

    A command that reads it again, once it holds the lock, hands on `files`: what has not changed is not read twice.
    """
    from threepass.library import load

    root = root_of(context)
    library = load(root, files)
    refuse_broken_settings(library.problems, root)
    return library


def open_checked_library(context: typer.Context, memory: Memory | None = None) -> tuple[Library, SourceTree]:
    """Return a library whose files have no problems, with its code; else stop and show them."""
    from threepass.building.memory import Memory
    from threepass.checks import check

    root = root_of(context)
    memory = memory or Memory()
    library = memory.library(root)
    tree = memory.tree(library)
    refuse(check(library, tree), root)
    return library, tree


def date_named(text: str) -> dt.date:
    """Read a date, or `today` or `yesterday`."""
    import datetime as dt

    import typer

    now = dt.date.today()
    named = {"today": now, "yesterday": now - dt.timedelta(days=1)}
    if text.lower() in named:
        return named[text.lower()]
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise typer.BadParameter(f"'{text}' is not a date: write 2021-08-27, today or yesterday") from None


def date_done(text: str) -> dt.date:
    """Read the date of something that was done, or `today` or `yesterday`."""
    from threepass.checks import PLANNED, latest_date

    date = date_named(text)
    if date > latest_date():
        raise StopError(f"{date} is still to come", PLANNED, exit_code=2)
    return date


def note_named(library: Library, text: str) -> Note:
    """Return the note that a citation key, or an arXiv id or address in any form, names."""
    from threepass.authoring.daily import paper_named

    note = paper_named(library, text)
    if note is None:
        refuse_unknown_paper(library, text)
    return note


def refuse_unknown_paper(library: Library, text: str, *, exit_code: int = 2) -> NoReturn:
    """Stop with what is wrong with the note of that key, or, where there is none, with what may be meant."""
    from threepass.library import hint_at_paper

    refuse_broken_note(library, text)
    raise StopError(f"no paper '{text}'", hint_at_paper(library, text), exit_code=exit_code)


def refuse_broken_note(library: Library, key: str) -> None:
    """Stop with what is wrong with a note that is there and cannot be used as it is."""
    wrong = [problem for problem in library.problems if problem.path.stem == key and problem.path.suffix == ".md"]
    refuse(wrong, library.root, hint="mend the note first")


def problems_in_notes(library: Library) -> list[Problem]:
    """Return what was wrong with the papers' notes when they were read."""
    papers = library.settings.papers
    return [one for one in library.problems if one.path.suffix == ".md" and one.path.is_relative_to(papers)]


def refuse_broken_settings(problems: Iterable[Problem], root: Path) -> None:
    """Stop where `mkdocs.yml` has problems."""
    from threepass.library_root import CONFIG

    refuse([problem for problem in problems if problem.path == Path(CONFIG)], root)


def refuse(problems: Iterable[Problem], root: Path, *more: str, hint: str = "") -> None:
    """Stop with problems, where there are any, and with what more there is to say."""
    if lines := shown(problems, root):
        raise StopError("\n".join([*lines, *more]), hint)


def shown(problems: Iterable[Problem], root: Path, *, error: bool = True, strict: bool = False) -> list[str]:
    """Return problems as the lines for standard error (or output), from where the command runs."""
    import os
    import sys

    from threepass.reporting import lines, wants_colour

    coloured = wants_colour(sys.stderr if error else sys.stdout, os.environ)
    here = Path.cwd()
    return list(lines(problems, root=root, here=here, environment=os.environ, coloured=coloured, strict=strict))
