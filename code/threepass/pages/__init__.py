"""A library in; its pages, as plain Markdown with front matter, out. Knows no MkDocs.

One module and one template a kind of page. `render` is the whole site read aloud.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from threepass.pages.claims import claims_page
from threepass.pages.days import day_pages, journal_pages
from threepass.pages.environment import environment
from threepass.pages.home import home_page
from threepass.pages.page import Page
from threepass.pages.papers import paper_pages, papers_page
from threepass.pages.reproductions import reproduction_pages
from threepass.pages.site import Site
from threepass.pages.topics import topic_pages

if TYPE_CHECKING:
    from threepass.ledger import Ledger
    from threepass.library import Library
    from threepass.symbols import SourceTree

__all__ = ["Page", "Site", "render"]


def render(library: Library, ledger: Ledger, tree: SourceTree) -> tuple[Page, ...]:
    """Return every generated page of the site."""
    overrides = library.settings.templates
    site = Site(library, ledger, tree, environment(library.root / overrides if overrides else None))
    return (
        home_page(site),
        *journal_pages(site),
        *day_pages(site),
        papers_page(site),
        *paper_pages(site),
        *topic_pages(site),
        *reproduction_pages(site),
        claims_page(site),
    )
