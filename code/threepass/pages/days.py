"""The journal: a page a day, a page a year, a page a goal, and the newest first."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from threepass import assets
from threepass.pages.calendar import year_of, years
from threepass.pages.prose import source_of
from threepass.pages.share import drafts
from threepass.standing.progress import minutes_of, progress
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
        yield site.page(
            source_of(entry),
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
            linked=bool(site.library.site.url),
            scripts=(assets.DAYS, assets.SHARE),
            found=partial(_of_day, entry=entry),
        )


def _of_day(site: Site, *, entry: Entry) -> dict[str, object]:
    return {
        "notes": site.prose(entry.below_title, source_of(entry)),
        "backlinks": site.backlinks(entry.name),
        "years_before": site.library.years_before(entry),
        "drafts": drafts(site, entry),
    }


def journal_pages(site: Site) -> Iterator[Page]:
    """Yield the journal's first page, then a page for each year."""
    entries = site.library.entries[::-1]
    calendars = years(site.library)
    yield site.page(
        "journal/index.md",
        "journal.md.jinja",
        title="Journal",
        description="Every day of work, newest first.",
        views=goal_views(site),
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

    for goal, served in site.library.goals.items():
        title = site.library.goal_title(goal)
        yield site.page(
            goal_page(goal),
            "goal.md.jinja",
            title=f"Journal: {title}",
            description=f"The days that served the goal “{title}”, newest first.",
            parent="journal/index.md",
            views=goal_views(site),
            goal=title,
            days=len({entry.date for entry in served}),
            months=by_month(served[::-1]),
        )


def goal_page(goal: str) -> str:
    """Return the path of a goal's page."""
    return f"journal/goals/{goal}.md"


def goal_views(site: Site) -> dict[str, str]:
    """Return the journal's views, each with its name: all days, then a goal each."""
    goals = {goal_page(goal): site.library.goal_title(goal) for goal in site.library.goals}
    return {"journal/index.md": "All days"} | goals if goals else {}


def by_month(entries: Sequence[Entry]) -> list[tuple[str, list[Entry]]]:
    """Return entries under the names of their months, in the order they come."""
    months = groupby(entries, key=lambda entry: (entry.date.year, entry.date.month))
    return [(f"{MONTHS[month - 1]} {year}", list(group)) for (year, month), group in months]
