"""The claims ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threepass.pages.page import Page
    from threepass.pages.site import Site


def claims_page(site: Site) -> Page:
    """Return the ledger: every claim, what it measured, and what that is worth now."""
    return site.page(
        "claims.md",
        "claims.md.jinja",
        title="Claims",
        description="Every claim of the library with its bound, the value our code measured, and its state.",
        ledger=site.ledger,
        papers=[note for note in site.library.notes.values() if note.paper.claims],
    )
