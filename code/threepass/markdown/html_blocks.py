"""Markdown with whole blocks of HTML in; the same for Python-Markdown, which need not read these, out.

A Python-Markdown extension for the pages that we generate: they hold more HTML than text, and Python-Markdown looks at
each tag of it only to put it back as it was.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown import Extension
from markdown.preprocessors import Preprocessor

if TYPE_CHECKING:
    from markdown import Markdown

_BLOCK = re.compile(r"(?:\A|(?<=\n\n))<(p|ul|ol|dl|div|aside|details|figure|script)[ >].*?</\1>\n(?=\n|\Z)", re.DOTALL)
_PUT_ASIDE = "\x02"
"""With it Python-Markdown marks what it, or another extension, has put aside."""


class HtmlBlocksExtension(Extension):
    """Puts blocks of HTML aside that begin and end between blank lines and hold no Markdown."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Register after fences (25) and formulas (24) have been put aside, before HTML is looked for (20)."""
        md.preprocessors.register(_HtmlBlocks(md), "threepass-html-blocks", 21)


class _HtmlBlocks(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return _BLOCK.sub(self._placeholder, "\n".join(lines)).split("\n")

    def _placeholder(self, match: re.Match[str]) -> str:
        block, tag = match[0], match[1]
        whole = len(re.findall(rf"<{tag}[ >]", block)) == block.count(f"</{tag}>")
        if not whole or "markdown=" in block or _PUT_ASIDE in block:
            return block
        return self.md.htmlStash.store(block) + "\n"
