"""The roadmap: what to read and watch, by section, with what is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from threepass.pages.prose import source_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from threepass.library import Library
    from threepass.models import RoadmapItem
    from threepass.pages.page import Page
    from threepass.pages.site import Site

KINDS = {
    "paper": "Paper", "post": "Post", "tutorial": "Tutorial", "video": "Video", "book": "Book", "course": "Course",
}  # fmt: skip


class Stop(NamedTuple):
    """An item as the page shows it; `note` is the path of its paper's page, `depth` the pass the paper is in."""

    title: str
    kind: str
    done: bool
    on: dt.date | None
    url: str
    note: str
    depth: int


def roadmap_pages(site: Site) -> Iterator[Page]:
    """Yield the roadmap's page, where the library has a roadmap."""
    if site.library.plan is None:
        return
    sections = [
        (section.title, [_stop(site.library, item) for item in section.items])
        for section in site.library.plan.roadmap.sections
    ]
    stops = [stop for _, items in sections for stop in items]
    yield site.page(
        "roadmap.md",
        "roadmap.md.jinja",
        title="Roadmap",
        description="What to read and watch, in order, and how much of it is done.",
        parent="papers/index.md",
        sections=sections,
        done=sum(stop.done for stop in stops),
        of=len(stops),
        following_stop=next((stop for stop in stops if not stop.done), None),
    )


def _stop(library: Library, item: RoadmapItem) -> Stop:
    note = library.notes.get(item.paper) if item.paper else None
    passes = library.passes.get(item.paper, ()) if item.paper else ()
    reached = [one.date for one in passes if one.number >= item.pass_]
    return Stop(
        title=item.title or (note.paper.title if note else item.paper or ""),
        kind=KINDS[item.kind],
        done=library.is_done(item),
        on=min(reached, default=None) if item.paper else item.done,
        url=item.url or "",
        note=source_of(note) if note else "",
        depth=library.pass_of(item.paper) if item.paper else 0,
    )
