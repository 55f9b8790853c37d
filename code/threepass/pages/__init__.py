"""A library in; its pages, as plain Markdown with front matter, out. Knows no MkDocs.

One module and one template a kind of page. `pages_of` is the whole site read aloud.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from threepass import assets
from threepass.pages.catalogue import catalogue_pages
from threepass.pages.claim_files import claim_files
from threepass.pages.claims import claim_pages, claims_page
from threepass.pages.contributions import contributions_page
from threepass.pages.days import day_pages, journal_pages
from threepass.pages.environment import environment
from threepass.pages.feeds import feed_files
from threepass.pages.graph import graph_page
from threepass.pages.home import home_page
from threepass.pages.page import Page
from threepass.pages.papers import paper_pages
from threepass.pages.reproductions import reproduction_pages
from threepass.pages.roadmap import roadmap_pages
from threepass.pages.site import Kept, Site
from threepass.pages.topics import topic_pages
from threepass.schema import schema_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2 import Environment

    from threepass.ledger import Ledger
    from threepass.library import Library
    from threepass.reach.symbols import SourceTree
    from threepass.running.figures import Drawing

__all__ = ["Kept", "Page", "Site", "files_of", "pages_of", "render", "site_of", "templates_of"]


def site_of(
    library: Library,
    ledger: Ledger,
    tree: SourceTree,
    *,
    drawings: Mapping[str, Drawing] | None = None,
    templates: Environment | None = None,
    kept: dict[str, Kept] | None = None,
) -> Site:
    """Return what the pages are made from; `drawings` are the figures by the names of their functions."""
    return Site(library, ledger, tree, templates or templates_of(library), drawings or {}, kept)


def templates_of(library: Library) -> Environment:
    """Return the templates of the pages: the author's go before ours."""
    overrides = library.settings.templates
    return environment(library.root / overrides if overrides else None)


def render(library: Library, ledger: Ledger, tree: SourceTree) -> tuple[Page, ...]:
    """Return every generated page, without figures."""
    return pages_of(site_of(library, ledger, tree))


def pages_of(site: Site, *, ready: Callable[[], None] | None = None) -> tuple[Page, ...]:
    """Return every generated page of the site; `ready` waits for where the graph's nodes stand, if that is begun."""
    site.tell_ahead()
    return (
        home_page(site),
        *journal_pages(site),
        *day_pages(site),
        *catalogue_pages(site),
        *paper_pages(site),
        *roadmap_pages(site),
        *topic_pages(site),
        graph_page(site, ready=ready),
        contributions_page(site),
        *reproduction_pages(site),
        claims_page(site),
        *claim_pages(site),
    )


def files_of(site: Site) -> dict[str, str]:
    """Return what belongs to the pages, by path: figures, the ledger as data, its badge, schemas, scripts, feeds."""
    images = {name: image for drawn in site.drawings.values() for name, image in drawn.files.items()}
    return {**images, **claim_files(site), **assets.scripts(), **schema_files(), **feed_files(site)}
