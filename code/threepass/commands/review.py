"""`threepass review`."""

from enum import StrEnum
from typing import Annotated

import typer

from threepass.commands.options import DayOf, PaperKey


class Rating(StrEnum):
    """How well a paper was remembered, in the words of FSRS."""

    AGAIN = "again"
    HARD = "hard"
    GOOD = "good"
    EASY = "easy"


def review(
    context: typer.Context,
    paper: PaperKey,
    rating: Annotated[
        Rating | None,
        typer.Argument(metavar="RATING", help="How well; asked for if not said."),
    ] = None,
    date: DayOf = "today",
) -> None:
    """Record how well you remember a paper.

    again: it was gone; hard: with effort; good: after a moment; easy: at once. `threepass next` brings it back in time.
    """
    from threepass.authoring.passes import reading_pass
    from threepass.authoring.reading import record_review
    from threepass.commands.opening import StopError, date_done, note_named, open_library, refuse
    from threepass.commands.standard_input import at_terminal
    from threepass.library import load
    from threepass.standing.schedule import due

    library = open_library(context)
    note = note_named(library, paper)
    depth = library.pass_of(note.key)
    if depth == 0:
        raise StopError(f"{note.key} has not been read", f"`threepass read {note.key}` records a pass")
    if rating is None:
        if not at_terminal():
            raise StopError("how well was it remembered?", "say again, hard, good or easy", exit_code=2)
        typer.echo(note.paper.title)
        for question in reading_pass(depth).questions:
            typer.echo(f"  {question}")
        asked = "How well did you remember it (again, hard, good, easy)?"
        rating = Rating(typer.prompt(asked, type=Rating, show_choices=False, prompt_suffix=" "))
    done = record_review(library.root, note.key, rating=rating.value, date=date_done(date))
    refuse(done.problems, library.root, "nothing was written")
    said = "recorded" if done.new else "was recorded already"
    typer.echo(f"{done.path}: {rating.value} {said}; due again on {due(load(library.root), note.key)}")
