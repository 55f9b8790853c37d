"""The first page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from threepass.pages.calendar import years
from threepass.pages.catalogue import PASSES, listed
from threepass.pages.days import goal_page
from threepass.standing.progress import progress

if TYPE_CHECKING:
    from threepass.library import Note
    from threepass.pages.page import Page
    from threepass.pages.site import Site

NEWEST = 5
FINISHED = 3


def home_page(site: Site) -> Page:
    """Return the home page: what this is, its numbers, the calendar, what is being read, the newest days."""
    library = site.library
    by_pass: list[list[Note]] = [[], [], [], []]
    for paper in listed(site):
        by_pass[paper.depth].append(paper.note)
    name = library.settings.challenge.name
    return site.page(
        "index.md",
        "home.md.jinja",
        title="" if name == library.site.name else name,  # the theme adds the site's name to a page's title
        description=library.settings.about or "",
        progress=progress(library),
        calendars=years(library)[:1],
        reading=[*by_pass[2], *by_pass[1]][:NEWEST],
        finished=by_pass[3][:FINISHED],
        waiting=by_pass[0][:NEWEST],
        depths=[len(notes) for notes in by_pass],
        passes=PASSES,
        goal_page=goal_page,
        newest=library.entries[: -NEWEST - 1 : -1],
        ledger=site.ledger,
    )
