"""A day in; what one would post about it on X, Mastodon and LinkedIn, within their limits, out. Nothing is sent.

X counts every address as 23 characters, and characters beyond the Latin, Greek and Cyrillic ones and their punctuation
as two (its counting of weighted characters, version 3); Mastodon counts addresses as 23; LinkedIn counts all.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Sequence

LINK = 23
_ADDRESS = re.compile(r"https?://\S+")
_DOUBLE = re.compile("[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
"""A character that X counts twice."""


class Network(NamedTuple):
    """Where one posts: its name, its limit, how it counts, and where it takes a post over that one then sends there.

    That address holds `{text}` or, where only a link is taken over, `{link}`; `{server}` is the reader's own.
    """

    name: str
    title: str
    limit: int
    short_links: bool
    weighs: bool
    takes_over: str = ""

    def length(self, text: str) -> int:
        """Return how long a text is there."""
        found = _ADDRESS.findall(text) if self.short_links else []
        rest = _ADDRESS.sub("", text) if self.short_links else text
        doubled = len(_DOUBLE.findall(rest)) if self.weighs else 0
        return len(rest) + doubled + LINK * len(found)


NETWORKS = (
    Network("x", "X", 280, True, True, "https://x.com/intent/post?text={text}"),
    Network("mastodon", "Mastodon", 500, True, False, "https://{server}/share?text={text}"),
    Network("linkedin", "LinkedIn", 3000, False, False, "https://www.linkedin.com/sharing/share-offsite/?url={link}"),
)


class Post(NamedTuple):
    """What there is to say of a day; `link` is empty where the site has no address yet."""

    title: str
    summary: str
    link: str
    tags: Sequence[str] = ()


def post_for(network: Network, post: Post) -> str:
    """Return the text of a post: the title, as much of the summary as fits, the link, and the tags that fit.

    Without a link there stays room for one.
    """
    room = network.limit - (0 if post.link else LINK + 2)
    if not post.link and not network.short_links:
        room = network.limit - 200
    link = f"\n\n{post.link}" if post.link else ""
    title = _cut(post.title, network, room - network.length(link))
    text, left = title, room - network.length(title + link)
    summary = _cut(post.summary, network, left - 2) if post.summary and left > 40 else ""
    text += f"\n\n{summary}" if summary else ""
    tags = ""
    for tag in post.tags:
        added = f"{tags} #{tag}" if tags else f"\n\n#{tag}"
        if network.length(text + link + added) <= room:
            tags = added
    return text + link + tags


def handed_over(network: Network, text: str, link: str) -> str:
    """Return the address at which a network takes a post over; empty where it depends on the reader, or has no link."""
    if not link or "{server}" in network.takes_over:
        return ""
    return network.takes_over.format(text=quote(text, safe=""), link=quote(link, safe=""))


def tag_of(topic: str) -> str:
    """Return a topic's title as a hashtag: `SequenceToSequence`."""
    words = re.findall(r"\w+", topic)
    return "".join(word[0].upper() + word[1:] for word in words)


def _cut(text: str, network: Network, room: int) -> str:
    """Return a text cut at the end of a word, and no address cut at all, so that it fits."""
    if network.length(text) <= room:
        return text
    words = text.split(" ")
    fitting = bisect_left(range(1, len(words)), True, key=lambda n: network.length(" ".join(words[:n]) + " …") > room)
    if fitting:
        return " ".join(words[:fitting]).rstrip(",;:–— ") + " …"
    letters = bisect_left(range(1, len(text)), True, key=lambda n: network.length(text[:n] + "…") > room)
    return text[:letters] + "…"
