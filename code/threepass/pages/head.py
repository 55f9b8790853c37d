"""A page in; what its head says to feed readers, and to the sites on which it is shared, out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from threepass.library import Entry, Note
from threepass.pages import cards
from threepass.pages.cards import Card
from threepass.pages.feeds import ATOM, JSON
from threepass.pages.page import address, url
from threepass.wording import short_date

if TYPE_CHECKING:
    from pathlib import Path

    from threepass.pages.site import Site

HOME = "index"


def with_head(html: str, site: Site, *, src: str, title: str, description: str) -> str:
    """Return an HTML page whose head names the feeds and says what the page is about."""
    return html.replace("</head>", f"{head(site, src=src, title=title, description=description)}</head>", 1)


def head(site: Site, *, src: str, title: str, description: str) -> Markup:
    """Return the tags of a page's head. Only with the site's address they name the page's own, and its card."""
    name, base = site.library.site.name, site.library.site.base
    links = [
        Markup('<link rel="alternate" type="{}" title="{}" href="{}">').format(kind, name, url(src, file))
        for kind, file in (("application/atom+xml", ATOM), ("application/feed+json", JSON))
    ]
    said = {
        "og:type": "article" if record_of(site, src) else "website",
        "og:site_name": name,
        "og:title": title,
        "og:description": description,
    }
    if base:
        image = base + card_path(site, src)
        said |= {"og:url": base + address(src), "og:image": image, "og:image:width": str(cards.SIZE[0])}
        said |= {"og:image:height": str(cards.SIZE[1]), "og:image:alt": title}
    tags = [Markup('<meta property="{}" content="{}">').format(key, value) for key, value in said.items() if value]
    if base:
        tags.append(Markup('<meta name="twitter:card" content="summary_large_image">'))
    return Markup("").join([*links, *tags])


def record_of(site: Site, src: str) -> Entry | Note | None:
    """Return the record that a page is about."""
    folder, _, name = src.removesuffix(".md").rpartition("/")
    record = site.library.find(name)
    kind = {"journal": Entry, "papers": Note}.get(folder)
    return record if kind is not None and isinstance(record, kind) else None


def card_path(site: Site, src: str) -> str:
    """Return where a page's card stands in the site: days and papers have their own."""
    record = record_of(site, src)
    return f"{cards.FOLDER}/{_name(record)}.png"


def card_of(site: Site, record: Entry | Note | None) -> Card:
    """Return what a record's card says; without a record, that of the whole library."""
    name = site.library.site.name
    if isinstance(record, Note):
        authors, paper = record.paper.authors, record.paper
        said = f"{', '.join(authors[:3])}{' and others' if len(authors) > 3 else ''}, {paper.published.year}"
        return Card(name, paper.title, said, site.library.pass_of(record.key))
    if record is not None:
        goals = [site.library.goal_title(goal) for goal in record.day.goals]
        day = f"Day {record.day.day}" if record.day.day is not None else ""
        return Card(name, record.title, " · ".join(filter(None, (day, short_date(record.date), *goals))))
    return Card("", site.library.settings.challenge.name, site.library.settings.about or "")


def write_cards(site: Site, target: Path) -> None:
    """Write the cards of all days and papers, and the library's own, into a site that has an address."""
    if not site.library.site.base:
        return
    folder = target / cards.FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for record in (None, *site.library.entries, *site.library.notes.values()):
        made = cards.card_file(card_of(site, record), site.library.root)
        (folder / f"{_name(record)}.png").write_bytes(made.read_bytes())


def _name(record: Entry | Note | None) -> str:
    return HOME if record is None else record.key if isinstance(record, Note) else record.name
