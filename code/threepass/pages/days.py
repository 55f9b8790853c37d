"""The journal: a page a day, a page a year, and the newest first."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from threepass.pages.calendar import year_of, years
from threepass.pages.prose import source_of
from threepass.progress import minutes_of, progress
from threepass.wording import MONTHS, long_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from threepass.library import Entry
    from threepass.pages.page import Page
    from threepass.pages.site import Site

NEWEST = 40
"""Entries on the journal's first page; the years have their own."""


def day_pages(site: Site) -> Iterator[Page]:
    """Yield a page for each entry, with the entries before and after it."""
    entries = site.library.entries
    for number, entry in enumerate(entries):
        src = source_of(entry)
        yield site.page(
            src,
            "day.md.jinja",
            title=entry.title,
            description=f"{long_date(entry.date)} · {site.library.settings.challenge.name}",
            topics=entry.day.topics,
            parent="journal/index.md",
            previous=source_of(entries[number - 1]) if number else "",
            following=source_of(entries[number + 1]) if number + 1 < len(entries) else "",
            entry=entry,
            day=entry.day,
            minutes=minutes_of(entry),
            notes=site.prose(entry.day.notes, src),
            backlinks=site.backlinks(entry.name),
        )


def journal_pages(site: Site) -> Iterator[Page]:
    """Yield the journal's first page, then a page for each year."""
    entries = site.library.entries[::-1]
    calendars = years(site.library)
    yield site.page(
        "journal/index.md",
        "journal.md.jinja",
        title="Journal",
        description="Every day of work, newest first.",
        progress=progress(site.library),
        calendars=calendars,
        months=by_month(entries[:NEWEST]),
        more=len(entries) > NEWEST,
    )
    for calendar in calendars:
        yield site.page(
            f"journal/{calendar.year}.md",
            "year.md.jinja",
            title=str(calendar.year),
            description=f"The days of {calendar.year}.",
            parent="journal/index.md",
            calendar=year_of(site.library, calendar.year),
            months=by_month([entry for entry in entries if entry.date.year == calendar.year]),
        )


def by_month(entries: Sequence[Entry]) -> list[tuple[str, list[Entry]]]:
    """Return entries under the names of their months, in the order they come."""
    months = groupby(entries, key=lambda entry: (entry.date.year, entry.date.month))
    return [(f"{MONTHS[month - 1]} {year}", list(group)) for (year, month), group in months]
