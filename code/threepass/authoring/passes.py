"""The three passes through a paper: what each is for, the heading of its part of a note, and its questions.

The questions are S. Keshav's (How to Read a Paper, ACM SIGCOMM CCR 37(3), 2007, section 2), in our words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from threepass.models import FiveCs

if TYPE_CHECKING:
    from collections.abc import Iterable


class ReadingPass(NamedTuple):
    """One of the three: `purpose` in a few words, `heading` of its part of the note, what one reads and asks."""

    number: int
    heading: str
    purpose: str
    effort: str
    questions: tuple[str, ...]


PASSES = (
    ReadingPass(
        1,
        "First pass",
        "a first idea",
        "Five to ten minutes: title, abstract, introduction, headings, conclusions, references.",
        (
            "Category: what type of paper is this?",
            "Context: what does it build on?",
            "Correctness: are its assumptions valid?",
            "Contributions: what are they?",
            "Clarity: is it well written?",
        ),
    ),
    ReadingPass(
        2,
        "Second pass",
        "the overall idea",
        "Up to an hour: figures, diagrams and examples with care, proofs left out.",
        (
            "What is the main thrust, and what is its evidence?",
            "Could you summarize it for someone else?",
            "What do you have to read first?",
        ),
    ),
    ReadingPass(
        3,
        "Third pass",
        "in depth",
        "Re-create the paper: make the same assumptions and do the work again.",
        (
            "Which assumptions are unstated, which citations are missing?",
            "Where are the proofs or experiments weak?",
            "What would you do next?",
        ),
    ),
)


def reading_pass(number: int) -> ReadingPass:
    """Return the pass 1, 2 or 3."""
    return PASSES[number - 1]


def part(one: ReadingPass) -> str:
    """Return the heading of a pass, and below it its questions in a comment that no page shows."""
    questions = "\n".join(one.questions)
    return f"## {one.heading}\n\n<!-- {one.effort}\n{questions} -->\n"


FIVE_CS = "\n".join(["five_cs:", *(f"  {name}:  # {field.description}" for name, field in FiveCs.model_fields.items())])
"""Keshav's five questions as front matter, not answered yet."""


def new_note(front: Iterable[str]) -> str:
    """Return a new note: lines of front matter, the five Cs unanswered, the three passes unwritten."""
    return "\n".join(["---", *front, FIVE_CS, "---", "", *map(part, PASSES)])
