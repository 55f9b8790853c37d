"""The first page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from threepass.pages.calendar import years
from threepass.progress import progress

if TYPE_CHECKING:
    from threepass.pages.page import Page
    from threepass.pages.site import Site

NEWEST = 5


def home_page(site: Site) -> Page:
    """Return the home page: what this is, its numbers, the calendar, what is being read, the newest days."""
    library = site.library
    by_depth = sorted(library.notes.values(), key=lambda note: (-library.pass_of(note.key), note.key))
    return site.page(
        "index.md",
        "home.md.jinja",
        title=library.settings.challenge.name,
        description=library.settings.about or "",
        progress=progress(library),
        calendars=years(library)[:1],
        reading=[note for note in by_depth if 0 < library.pass_of(note.key) < 3],
        finished=[note for note in by_depth if library.pass_of(note.key) == 3],
        waiting=[note for note in by_depth if library.pass_of(note.key) == 0],
        newest=library.entries[: -NEWEST - 1 : -1],
        ledger=site.ledger,
    )
