"""`threepass read`."""

from typing import Annotated

import typer

from threepass.commands.options import DayOf, PaperKey


def read(
    context: typer.Context,
    paper: PaperKey,
    pass_: Annotated[
        int | None,
        typer.Option("--pass", metavar="N", min=1, max=3, help="How deeply; if not said, one deeper than so far."),
    ] = None,
    minutes: Annotated[
        int | None, typer.Option("--minutes", metavar="N", min=1, max=1440, help="Minutes that it took.")
    ] = None,
    date: DayOf = "today",
    edit: Annotated[bool, typer.Option(help="Open the note in your editor.")] = True,
) -> None:
    """Record a pass through a paper, and write its notes.

    Your editor opens on the note at that pass's heading, with its questions: for the first pass, the five Cs.
    """
    import os

    from threepass.authoring.passes import reading_pass
    from threepass.authoring.reading import line_of_pass, pdf_of, record_pass
    from threepass.commands.opening import date_done, note_named, open_library, refuse
    from threepass.commands.standard_input import at_terminal
    from threepass.terminal.editor import chosen_editor, open_in_editor
    from threepass.writing import read_exactly

    library = open_library(context)
    note = note_named(library, paper)
    number = pass_ or min(library.pass_of(note.key) + 1, 3)
    done = record_pass(library.root, note.key, number=number, date=date_done(date), minutes=minutes)
    refuse(done.problems, library.root, "nothing was written")
    line = line_of_pass(read_exactly(library.root / done.path), number)
    said = f"pass {number} recorded" if done.new else f"pass {number} was recorded already"
    typer.echo(f"{done.path}:{line}: {said}")
    if done.elsewhere:
        typer.echo(f"  the {minutes} minutes are not recorded: mend those in {done.elsewhere}", err=True)
    if pdf := pdf_of(library, note.key):
        typer.echo(f"  {pdf.relative_to(library.root)}")
    if not edit or (not at_terminal() and chosen_editor(os.environ) is None):
        return
    for question in reading_pass(number).questions:
        typer.echo(f"  {question}")
    open_in_editor(library.root / done.path, environment=os.environ, line=line)
    _look_at(context, note.key)


def _look_at(context: typer.Context, key: str) -> None:
    """Say what is wrong with a note as its author left it; it stays as they left it."""
    from threepass.checks import check
    from threepass.commands.opening import open_library, shown
    from threepass.ledger import source_tree

    library = open_library(context)
    wrong = [one for one in check(library, source_tree(library)) if one.path.stem == key]
    for line in shown(wrong, library.root):
        typer.echo(line, err=True)
    if wrong:
        raise typer.Exit(1)
