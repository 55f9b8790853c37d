"""Markdown that asks for measured values and live source in; the same with these in their place, out.

What is asked for and is not there stays visible as what the author wrote; `prose_checks.py` says where it stands.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from markupsafe import Markup

from threepass.markdown.inserts import sources, values
from threepass.pages.page import url
from threepass.pages.prose import Insert, insert, links, prose, safe
from threepass.reach.excerpts import excerpt, without_docstring
from threepass.wording import number, numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threepass.ledger import Row
    from threepass.markdown.inserts import Source, Value
    from threepass.pages.site import Site

TEMPLATE = "inserts.jinja"
DIGITS = 3


def live_prose(text: str, site: Site, *, src: str, top: int) -> Markup:
    """Return an author's Markdown for the page `src`, as `prose` does, with the values and the source it asks for."""
    return Markup(_filled(safe(text, top=top), site, src))


def live_page(text: str, site: Site, *, src: str) -> str:
    """Return a page that is written by hand, in which raw HTML may stand."""
    return _filled(text, site, src)


def value_words(text: str, site: Site) -> str:
    """Return Markdown with the measured values that it asks for as bare numbers."""
    made = []
    for value in values(text):
        row = _row(value, site)
        if row is not None and not value.wrong:
            made.append(Insert(value.start, value.end, _said(value, row) or "—"))
    return insert(text, made)


def _filled(text: str, site: Site, src: str) -> str:
    made = [*links(text, site.library, src=src), *_values(text, site, src), *_sources(text, site, src)]
    return insert(text, made)


def _values(text: str, site: Site, src: str) -> Iterator[Insert]:
    for value in values(text):
        row = _row(value, site)
        if row is not None and not value.wrong:
            address = url(src, f"papers/{value.key}.md#claim-{value.claim}")
            macro = site.templates.get_template(TEMPLATE).module.value  # type: ignore[attr-defined]  # a macro
            yield Insert(value.start, value.end, str(macro(row, _said(value, row), address)).strip())


def _row(value: Value, site: Site) -> Row | None:
    return next((row for row in site.ledger.of(value.key) if row.claim.id == value.claim), None)


def _said(value: Value, row: Row) -> str:
    """Return the number in words, or nothing where none was measured."""
    measured = (row.measured.control if value.control else row.measured.values) if row.measured else {}
    if value.number is not None:
        return number(measured[value.number], value.digits or DIGITS) if value.number in measured else ""
    return numbers(measured, value.digits or DIGITS) if measured else ""


def _sources(text: str, site: Site, src: str) -> Iterator[Insert]:
    for source in sources(text):
        made = "" if source.wrong else _shown(source, site, src)
        if made:
            yield Insert(source.start, source.end, made)


def _shown(source: Source, site: Site, src: str) -> str:
    symbol = site.tree.find(source.name) if ":" in source.name else None
    found = excerpt(symbol, first=html.unescape(source.first), last=html.unescape(source.last)) if symbol else None
    if symbol is None or found is None:
        return ""
    whole = not source.first
    code = without_docstring(symbol) if whole and "docstring" in source.shows else found.text
    macro = site.templates.get_template(TEMPLATE).module.source  # type: ignore[attr-defined]  # a macro
    return str(
        macro(
            symbol,
            source.shows,
            docstring=prose(symbol.docstring or "", site.library, src=src, top=6),  # asks for nothing live itself
            code=code.rstrip("\n"),
            excerpt=found,
            address=url(src, site.code_page(symbol)),
            repository=site.repository_link(symbol),
            tests=site.tests.of(symbol) if "tests" in source.shows else (),
            root=site.library.root,
        )
    )
