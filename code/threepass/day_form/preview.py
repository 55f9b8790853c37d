"""A day as it would be in; its page's text as HTML out, by the site's own templates and Markdown."""

from __future__ import annotations

import dataclasses
from posixpath import join, normpath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from threepass.pages.page import address
from threepass.standing.progress import minutes_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any
    from xml.etree.ElementTree import Element

    from threepass.day_form.shown import Shown
    from threepass.library import Entry, Library

HERE = "write/index.md"
"""Where the form's page would be among the others: addresses in the preview are relative to it."""


def preview(shown: Shown, library: Library, entry: Entry) -> str:
    """Return what the page of a day says, as HTML; `library` is as it is now, without the day or with a former one."""
    site = dataclasses.replace(shown.site, library=library.with_entries([entry]), kept=None)
    page = site.page(
        HERE,
        "day.md.jinja",
        title=entry.title,
        entry=entry,
        day=entry.day,
        minutes=minutes_of(entry),
        notes=site.prose(entry.below_title, HERE),
        backlinks=[],
        years_before=[],
        drafts=[],
    )
    return to_html(page.body, shown.extensions, shown.extension_configs)


def to_html(text: str, extensions: Sequence[str], configs: Mapping[str, Mapping[str, Any]]) -> str:
    """Return a page's Markdown as HTML, as the site's build makes it; what is wrong with formulas is not logged."""
    quiet = {**configs, "threepass.markdown.math": {"quiet": True}}
    markdown = Markdown(extensions=[*extensions], extension_configs={name: {**quiet[name]} for name in quiet})
    markdown.treeprocessors.register(_Addresses(markdown), "threepass-form-addresses", 0)  # after safety (1)
    return markdown.convert(text)


class _Addresses(Treeprocessor):
    """Turns paths of Markdown files, which MkDocs resolves in a build, into addresses of the site that is served."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            for name in ("href", "src"):
                if name in element.attrib:
                    element.attrib[name] = served_at(element.attrib[name])


def served_at(target: str) -> str:
    """Return where the site has what a day's Markdown names by a path relative to the journal's pages."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return target
    if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
        return target
    path = normpath(join("journal", parts.path)).removeprefix("../")
    path = address(path) if path.endswith(".md") else path
    return parts._replace(path=f"/{path}").geturl()
