"""A library in; its newest days as feeds, Atom (RFC 4287) and JSON Feed (1.1), with their whole text, out.

The text is made here from the same Markdown as the pages, so that a feed needs no engine and is the same whichever of
the site's pages were built again. Where `site_url` is not set, addresses are relative to the feed.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from functools import cache, partial
from posixpath import dirname, normpath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit
from xml.etree import ElementTree as Xml

from markdown import Markdown

from threepass.markdown.sentences import opening
from threepass.pages.environment import render
from threepass.pages.inline import plain_words
from threepass.pages.page import address
from threepass.pages.prose import source_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from threepass.library import Entry
    from threepass.pages.site import Site

ATOM, JSON = "feed.xml", "feed.json"
NEWEST = 20
"""Days in a feed."""
SUMMARY = 220
"""Characters of a day's notes that stand for it."""

_EXTENSIONS = (
    "attr_list", "md_in_html", "tables", "pymdownx.superfences", "threepass.markdown.math", "threepass.markdown.safety",
)  # fmt: skip
_ADDRESS = re.compile(r"(?<=\s)(href|src)=\"([^\"]*)\"")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Item(NamedTuple):
    """A day as feeds have it; `html` is its whole text."""

    id: str
    title: str
    page: str
    date: dt.date
    summary: str
    html: str
    topics: tuple[str, ...]


def feed_files(site: Site) -> dict[str, str]:
    """Return both feeds by their paths in the site."""
    markdown = cache(lambda: Markdown(extensions=list(_EXTENSIONS)))
    newest = site.library.entries[: -NEWEST - 1 : -1]
    items = [
        site.keep(f"feed {entry.name}", (entry,), partial(_item, entry=entry, markdown=markdown)) for entry in newest
    ]
    return {ATOM: atom(site, items), JSON: json_feed(site, items)}


def atom(site: Site, items: list[Item]) -> str:
    """Return the Atom feed."""
    base, name = site.library.site.base, site.library.site.name
    feed = Xml.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en"})
    _add(feed, "id", _id(name))
    _add(feed, "title", name)
    if site.library.settings.about:
        _add(feed, "subtitle", site.library.settings.about)
    _add(feed, "updated", _moment(items[0].date if items else dt.date(1970, 1, 1)))
    _add(_add(feed, "author"), "name", name)
    _add(feed, "link", rel="self", type="application/atom+xml", href=base + ATOM)
    _add(feed, "link", rel="alternate", type="text/html", href=base or "./")
    for item in items:
        entry = _add(feed, "entry")
        _add(entry, "id", item.id)
        _add(entry, "title", item.title)
        _add(entry, "link", rel="alternate", type="text/html", href=base + item.page)
        _add(entry, "published", _moment(item.date))
        _add(entry, "updated", _moment(item.date))
        for topic in item.topics:
            _add(entry, "category", term=topic)
        if item.summary:
            _add(entry, "summary", item.summary)
        _add(entry, "content", item.html, type="html")
    Xml.indent(feed)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{Xml.tostring(feed, encoding="unicode")}\n'


def json_feed(site: Site, items: list[Item]) -> str:
    """Return the JSON Feed."""
    base = site.library.site.base
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": site.library.site.name,
        "language": "en",
        "description": site.library.settings.about,
        "home_page_url": base or None,
        "feed_url": base + JSON if base else None,
        "items": [
            {
                "id": item.id,
                "url": base + item.page,
                "title": item.title,
                "summary": item.summary or None,
                "content_html": item.html,
                "date_published": _moment(item.date),
                "tags": list(item.topics) or None,
            }
            for item in items
        ],
    }
    return json.dumps(_without_nothing(feed), indent=2, ensure_ascii=False) + "\n"


def _item(site: Site, *, entry: Entry, markdown: Callable[[], Markdown]) -> Item:
    src = source_of(entry)
    text = render(
        site.templates, "feed_entry.md.jinja",
        site=site, library=site.library, src=src, source_of=source_of, day=entry.day,
        notes=site.prose(entry.day.notes, src, top=2),
    )  # fmt: skip
    html = _ADDRESS.sub(
        lambda found: f'{found[1]}="{_absolute(found[2], src, site.library.site.base)}"',
        markdown().reset().convert(text),
    )
    topics = tuple(site.library.topic_title(topic) for topic in entry.day.topics)
    title = f"Day {entry.day.day}: {entry.title}" if entry.day.day is not None else entry.title
    return Item(
        _id(site.library.site.name, entry.name), _plain(title), address(src), entry.date,
        _plain(plain_words(opening(entry.day.notes or "", limit=SUMMARY), site)), _plain(html), topics,
    )  # fmt: skip


def _absolute(link: str, src: str, base: str) -> str:
    """Return where a link of a day's page leads, from the site's root on; Markdown's links name files, ours pages."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or not (parts.path or parts.fragment):
        return link
    anchor = f"#{parts.fragment}" if parts.fragment and not parts.fragment.startswith("only-") else ""
    if not parts.path:
        return base + address(src) + anchor
    if parts.path.endswith(".md"):
        return base + address(normpath(f"{dirname(src)}/{parts.path}")) + anchor
    path = normpath(address(src) + parts.path).replace("..", "").lstrip("./")
    return base + path + ("/" if parts.path.endswith("/") and path else "") + anchor


def _id(*names: str) -> str:
    """Return an id that stays when the site moves."""
    return uuid.uuid5(uuid.NAMESPACE_URL, "threepass:" + "/".join(names)).urn


def _moment(date: dt.date) -> str:
    return f"{date.isoformat()}T00:00:00Z"


def _plain(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def _add(parent: Xml.Element, tag: str, text: str | None = None, **attributes: str) -> Xml.Element:
    made = Xml.SubElement(parent, tag, attributes)
    made.text = text
    return made


def _without_nothing(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_nothing(inner) for key, inner in value.items() if inner is not None}
    return [_without_nothing(inner) for inner in value] if isinstance(value, list) else value
