"""A page of Markdown in; its HTML, its headings and its links to other pages, out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown import Markdown
from mkdocs.structure.pages import Page, _RelativePathTreeprocessor
from mkdocs.structure.toc import get_toc

from threepass.markdown.html_blocks import HtmlBlocksExtension
from threepass.pages.page import without_front_matter

if TYPE_CHECKING:
    from markdown import Extension
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

_ANCHORS = re.compile(r'\s(?:id|name)="([^"]+)"')


class Converter:
    """Converts generated pages from Markdown, as MkDocs' `Page.render` does, with one converter for all of them.

    Setting one up takes as long as a short page, and so does MkDocs' second reading of a page's HTML for its anchors,
    which are told here from what comes out. Our front matter is JSON, which is read sooner than YAML.
    """

    def __init__(self, config: MkDocsConfig, files: Files) -> None:
        self._config, self._files = config, files
        extensions: list[str | Extension] = [*config.markdown_extensions, HtmlBlocksExtension()]
        self._markdown = Markdown(extensions=extensions, extension_configs=config.mdx_configs or {})

    def convert(self, page: Page) -> None:
        """Give a page its `content`, `toc` and links, from its Markdown."""
        if page.file.generated_by == "threepass":
            page.meta, page.markdown = without_front_matter(page.file.content_string)
        else:
            page.read_source(self._config)
        paths = _RelativePathTreeprocessor(page.file, self._files, self._config)
        paths._register(self._markdown)
        self._markdown.reset()
        self._config._current_page = page
        page.content = self._markdown.convert(page.markdown or "")
        page.toc = get_toc(getattr(self._markdown, "toc_tokens", []))
        page.links_to_anchors = paths.links_to_anchors
        page.present_anchor_ids = set(_ANCHORS.findall(page.content))
        page.content = self._config.plugins.on_page_content(
            page.content, page=page, config=self._config, files=self._files
        )
