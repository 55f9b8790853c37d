"""What was given back: every pull request, issue and review of the journal, by how it stands."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from threepass.library import Entry, Library
    from threepass.models import Contribution
    from threepass.pages.page import Page
    from threepass.pages.site import Site

SRC = "contributions.md"

STATES = {
    "open": "waits for a review",
    "draft": "not ready yet",
    "merged": "part of the project now",
    "closed": "closed without being taken over",
    "": "reviews, answers and the like",
}
"""How a contribution can stand, with what that means; first what still needs work."""


class Given(NamedTuple):
    """A contribution as its last day has it, and the days that worked on it, the first one first."""

    contribution: Contribution
    entries: tuple[Entry, ...]

    @property
    def host(self) -> str:
        """Where it is: `github.com/huggingface/transformers`, or the host alone."""
        host, *path = self.contribution.url.partition("://")[2].partition("?")[0].split("/")
        where = "/".join([host, *path[:2]]) if host in ("github.com", "gitlab.com", "codeberg.org") else host
        return where.rstrip("/")


def contributions_page(site: Site) -> Page:
    """Return the page of all contributions."""
    given = contributions(site.library)
    groups = {state: [each for each in given if (each.contribution.status or "") == state] for state in STATES}
    return site.page(
        SRC,
        "contributions.md.jinja",
        title="Contributions",
        description="What was given back: pull requests, issues and reviews, by how they stand.",
        groups=[(state, STATES[state], found) for state, found in groups.items() if found],
        count=len(given),
    )


def contributions(library: Library) -> list[Given]:
    """Return each contribution once, by its address; the one worked on last comes first."""
    found: defaultdict[str, list[tuple[Entry, Contribution]]] = defaultdict(list)
    for entry in library.entries:
        for contribution in entry.day.contributions:
            found[contribution.url].append((entry, contribution))
    given = [Given(days[-1][1], tuple(entry for entry, _ in days)) for days in found.values()]
    return sorted(given, key=lambda each: each.entries[-1].name, reverse=True)
