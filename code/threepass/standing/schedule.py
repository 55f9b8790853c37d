"""A paper's passes and reviews in; the day on which it is to be remembered again, out.

The schedule is that of FSRS (the Free Spaced Repetition Scheduler, version 6, by py-fsrs), counted in days: without
its steps of minutes, which are for flash cards, and without its random part, so that the same days always give the
same schedule. A pass counts as a review that went well: after it one knows what the paper says.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threepass.library import Library

_BY_NAME = {"again": 1, "hard": 2, "good": 3, "easy": 4}


def due(library: Library, key: str) -> dt.date | None:
    """Return when a paper is to be remembered again; one that has not been read is never due."""
    passes = library.passes.get(key, ())
    if not passes:
        return None
    from fsrs import Card, Rating, Scheduler  # here: most commands do without it

    reviews = [(review.date, _BY_NAME[review.rating]) for review in library.notes[key].paper.reviews]
    memories = sorted([*((one.date, _BY_NAME["good"]) for one in passes), *reviews])
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card = Card(card_id=0)
    for date, rating in memories:
        noon = dt.datetime.combine(date, dt.time(12), tzinfo=dt.UTC)
        card, _ = scheduler.review_card(card, Rating(rating), noon)
    return card.due.date()
