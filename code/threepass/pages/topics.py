"""The topics: an overview, and a page a topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threepass.pages.page import Page
    from threepass.pages.site import Site


def topic_pages(site: Site) -> Iterator[Page]:
    """Yield the overview, then a page for each topic with its papers and days."""
    topics = site.library.topics
    yield site.page(
        "topics/index.md", "topics.md.jinja", title="Topics", description="What the days and papers are about.",
        topics_by_name=topics,
    )  # fmt: skip
    for topic, (entries, notes) in topics.items():
        title = site.library.topic_title(topic)
        yield site.page(
            f"topics/{topic}.md",
            "topic.md.jinja",
            title=title,
            description=f"Days and papers about {title.lower()}.",
            parent="topics/index.md",
            entries=entries[::-1],
            notes=notes,
        )
