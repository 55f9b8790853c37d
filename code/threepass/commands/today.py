"""`threepass today`."""

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from threepass.commands.completion import goals, keys
from threepass.commands.options import DayOf, Topics
from threepass.commands.output import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from threepass.authoring.daily import Addition
    from threepass.github.issue_form import FilledForm
    from threepass.library import Library
    from threepass.problems import Problem
    from threepass.remembered.file_memory import FileMemory


def today(
    context: typer.Context,
    text: Annotated[str, typer.Option("-m", "--message", metavar="TEXT", help="A paragraph of notes.")] = "",
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="The day in a line.")] = "",
    goal: Annotated[
        list[str] | None, typer.Option("--goal", metavar="NAME", help="A goal; repeatable.", autocompletion=goals)
    ] = None,
    paper: Annotated[
        str, typer.Option("--paper", metavar="KEY", help="What was read: key or arXiv id.", autocompletion=keys)
    ] = "",
    pass_: Annotated[
        int | None,
        typer.Option("--pass", metavar="N", min=1, max=3, help="How deeply; if not said, the pass the paper is in."),
    ] = None,
    minutes: Annotated[
        int | None, typer.Option("--minutes", metavar="N", min=1, max=1440, help="Minutes, added to the day's.")
    ] = None,
    topic: Topics = None,
    date: DayOf = "today",
    link: Annotated[
        list[str] | None, typer.Option("--link", metavar="URL", help="An address, or [title](address); repeatable.")
    ] = None,
    from_issue: Annotated[
        Path | None,
        typer.Option("--from-issue", metavar="FILE", help="The text of an issue from the form of a day.", exists=True),
    ] = None,
) -> None:
    """Write today's entry, or extend it.

    Without -m your editor opens on the entry, for a new day on a template that explains every field. Text that is piped
    in is taken as the message.
    """
    from shlex import quote

    from threepass.authoring.daily import Addition, Read, pass_to_record, titled_link
    from threepass.commands.opening import StopError, date_done, date_named, open_library
    from threepass.remembered.file_memory import FileMemory

    if context.args:
        text = quote(" ".join(context.args))
        raise StopError("the text of a day comes after -m", f"threepass today -m {text}", exit_code=2)
    if pass_ is not None and not paper:
        raise StopError("--pass says how deeply a paper was read: name it with --paper", exit_code=2)
    day = date_named(date)
    files = FileMemory()
    library = open_library(context, files)
    if day not in library.by_date:
        date_done(date)  # one that was planned is there
    if from_issue is not None:
        if text or title or goal or paper or minutes or topic or link:
            raise StopError("beside --from-issue only --date is taken: the issue says all else", exit_code=2)
        form = _read_form(library, from_issue)
        day = form.date or day
        text, title, goal, paper, pass_ = form.notes, form.title, [*form.goals], form.paper, form.pass_
        minutes, topic, link = form.minutes, [*form.topics], [*form.links]
    with _piped_text(library.root, unless=bool(text.strip() or from_issue)) as piped:
        readings: tuple[Read, ...] = ()
        if paper:
            library, key = _paper(library, paper, unknown=1 if from_issue else 2)
            readings = (Read(key, pass_ or pass_to_record(library, key)),)
        goals_known = {name: each.title for name, each in library.settings.goals.items()}
        addition = Addition(
            date=day,
            text=text.strip() or piped,
            title=" ".join(title.split()),
            goals=tuple(_word("goal", name, goals_known) for name in goal or ()),
            readings=readings,
            minutes=minutes,
            topics=tuple(_word("topic", name, library.settings.topics) for name in topic or ()),
            links=tuple(map(titled_link, link or ())),
        )
        if addition.text or from_issue or (addition != Addition(date=day) and not _can_edit()):
            _write(library, addition, files)
        else:
            _edit(library, addition)


def _word(kind: str, text: str, titles: "Mapping[str, str]") -> str:
    """Return the name of a goal or topic: what is said, or the one that is so called or titled, in whatever case."""
    import re

    from threepass.commands.opening import StopError
    from threepass.fields import WORD

    said = text.strip().casefold()
    found = text if text in titles else next((n for n, t in titles.items() if said in (n, t.casefold())), text)
    if titles and not re.fullmatch(WORD, found):  # what could be a name is judged with all else that is added
        each = " ".join(f"--{kind} {part.strip()}" for part in text.split(","))
        hint = f"one each: {each}" if "," in text else f"known: {', '.join(titles)}"
        raise StopError(f"P031 unknown {kind} '{text}'", f"{hint}\nnothing was written")
    return found


def _read_form(library: "Library", path: Path) -> "FilledForm":
    """Return what an issue says, or stop with its problems: for the comment that answers it, so without colours."""
    from threepass.commands.opening import StopError
    from threepass.github.issue_form import read_form

    try:
        body = path.read_text("utf-8", "replace")
    except OSError as error:
        raise StopError(f"{path} cannot be read: {error.strerror or error}", exit_code=2) from None
    form, problems = read_form(body, settings=library.settings, shown=Path(path.name))
    if problems:
        raise StopError("\n".join([*map(str, problems), "nothing was written"]))
    return form


@contextmanager
def _piped_text(root: Path, *, unless: bool) -> "Iterator[str]":
    """Give what is piped in, if anything, and keep it aside where the command cannot use it."""
    from threepass.commands.standard_input import at_terminal, piped_text
    from threepass.writing import keep_aside

    text = "" if unless or at_terminal() else piped_text().strip()
    try:
        yield text
    except BaseException:
        if text:
            typer.echo(f"your text is in {keep_aside(text, root=root)}", err=True)
        raise


def _paper(library: "Library", text: str, *, unknown: int) -> "tuple[Library, str]":
    """Return the key of a paper, and the library with its note, which is written now if the author likes.

    `unknown` is the exit code where there is no such paper: wrong usage in a command's words, a problem in an issue's.
    """
    from threepass.authoring.daily import paper_named
    from threepass.authoring.new_paper import Added, add_papers
    from threepass.commands.opening import StopError, refuse_unknown_paper
    from threepass.commands.standard_input import at_terminal
    from threepass.importers import arxiv_id
    from threepass.library import load

    if note := paper_named(library, text):
        return library, note.key
    found = arxiv_id.parse(text)
    if found is None:
        refuse_unknown_paper(library, text, exit_code=unknown)
    if not at_terminal() or not typer.confirm(f"There is no note of arXiv {found} yet. Add it?", default=True):
        raise StopError(f"no paper with arXiv id {found}", f"run `threepass add {found}` first")
    (outcome,) = add_papers(library.root, [text], tell=say)
    if not isinstance(outcome, Added):
        raise StopError(f"{outcome.asked}: {outcome.reason}", outcome.hint)
    typer.echo(f"wrote {outcome.path}")
    return load(library.root), outcome.key


def _write(library: "Library", addition: "Addition", files: "FileMemory") -> None:
    """Write the addition at once."""
    from threepass.authoring.daily import add
    from threepass.commands.opening import StopError, shown
    from threepass.hinted import with_hint

    made, problems = add(library.root, addition, files=files)
    if problems:
        said = [
            with_hint(f"{problem.code} {problem.message}", problem.hint)
            if problem.path == made.path  # which is not written, so that a line of it leads nowhere
            else "\n".join(shown([problem], library.root))
            for problem in problems
        ]
        raise StopError("\n".join([*said, "nothing was written"]))
    typer.echo(f"{'wrote' if made.before is None else 'extended'} {made.path}")


def _can_edit() -> bool:
    """Whether there is an editor to open: one that is named, or a terminal for the usual one."""
    from threepass.commands.standard_input import at_terminal
    from threepass.terminal.editor import chosen_editor

    return at_terminal() or chosen_editor(os.environ) is not None


def _edit(library: "Library", addition: "Addition") -> None:
    """Open the day in the author's editor."""
    from threepass.authoring.daily import draft
    from threepass.authoring.day_in_editor import edit_day, text_to_edit
    from threepass.commands.opening import StopError, shown
    from threepass.commands.standard_input import at_terminal
    from threepass.terminal.editor import open_in_editor
    from threepass.writing import keep_aside, read_exactly

    on_terminal = at_terminal()
    if not _can_edit():
        raise StopError("nothing to write", 'say it with -m "…", pipe it in, or set $EDITOR', exit_code=2)

    def once_more(problems: "tuple[Problem, ...]") -> bool:
        for line in shown(problems, library.root):
            typer.echo(line, err=True)
        return on_terminal and typer.confirm("Open it again?", default=True, err=True)

    begun = draft(library, addition)
    start = text_to_edit(library, begun)
    place = keep_aside(start, root=library.root, suffix=".yml")
    try:
        done = edit_day(
            library.root,
            begun,
            place,
            edit=lambda path: open_in_editor(path, environment=os.environ),
            once_more=once_more,
        )
        if done.problems:
            raise StopError("nothing was written")
    except BaseException:
        if place.exists() and read_exactly(place) != start:
            typer.echo(f"your text is in {place}", err=True)
        else:
            place.unlink(missing_ok=True)
        raise
    place.unlink()
    typer.echo(f"wrote {done.written}" if done.written else "nothing was written: the text is unchanged")
