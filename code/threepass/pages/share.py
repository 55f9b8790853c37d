"""A day in; what there is to post about it, out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from threepass.markdown.sentences import opening
from threepass.pages.inline import plain_words
from threepass.pages.page import address
from threepass.pages.prose import source_of
from threepass.pages.sharing import NETWORKS, Network, Post, handed_over, post_for, tag_of

if TYPE_CHECKING:
    from threepass.library import Entry
    from threepass.pages.site import Site

SUMMARY = 600
"""Characters of a day's notes that a post may quote."""


class Draft(NamedTuple):
    """A post for one network, and the address at which that network takes it over to be sent, where it has one."""

    network: Network
    text: str
    length: int
    address: str


def post_of(site: Site, entry: Entry) -> Post:
    """Return what there is to say of a day."""
    base, challenge = site.library.site.base, site.library.settings.challenge.name
    title = f"Day {entry.day.day} of {challenge}: {entry.title}" if entry.day.day is not None else entry.title
    summary = plain_words(opening(entry.below_title, limit=SUMMARY), site)
    tags = [tag_of(site.library.topic_title(topic)) for topic in entry.day.topics]
    return Post(title, summary, base + address(source_of(entry)) if base else "", tags)


def drafts(site: Site, entry: Entry) -> list[Draft]:
    """Return a day's posts, one a network."""
    post = post_of(site, entry)
    made = []
    for network in NETWORKS:
        text = post_for(network, post)
        made.append(Draft(network, text, network.length(text), handed_over(network, text, post.link)))
    return made
