"""Python-Markdown makes the same of blocks of HTML that are put aside before it reads them."""

import pytest
from markdown import Markdown

from threepass.markdown.html_blocks import HtmlBlocksExtension

EXTENSIONS = ["attr_list", "md_in_html", "tables", "toc", "pymdownx.superfences", "threepass.markdown.math"]
PAGES = {
    "a list": '# A\n\n<ul class="a">\n<li><a href="b/">c *d* &amp; <mark>e</mark></a></li>\n</ul>\n\n## B\n',
    "at the beginning and at the end": "<p>a</p>\n\nb\n\n<p>c</p>",
    "elements of the same name in each other": "<div>\n<div>a</div>\n</div>\n\n*b*\n",
    "blank lines in it": "<details>\n<pre>a\n\nb *c*</pre>\n</details>\n\nd\n",
    "Markdown in it": '<div markdown="1">\n\n*a*\n\n<p>*b*</p>\n\n</div>\n\n<p>*c*</p>\n',
    "a formula in it": "<p>$a$</p>\n\n<p>\n\n$$\na\n$$\n\n</p>\n",
    "a fence in it, and it in a fence": "<div>\n\n```\na\n```\n\n</div>\n\n```\n\n<p>b</p>\n\n```\n",
    "never closed": "<div>\n<p>*a*</p>\n\n*b*\n",
    "text behind it": "<p>a</p> *b*\n\n<p>a</p>\n*b*\n",
    "text before it": "*a*\n<p>b</p>\n\n",
    "in a list": "- a\n\n    <p>b</p>\n\n- c\n",
    "a script": '<script src="a.js" defer></script>\n\na\n',
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_the_page_is_the_same(page: str) -> None:
    without = Markdown(extensions=EXTENSIONS).convert(page)
    assert Markdown(extensions=[*EXTENSIONS, HtmlBlocksExtension()]).convert(page) == without


def test_a_whole_block_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    converter = Markdown(extensions=[*EXTENSIONS, HtmlBlocksExtension()])
    reader = converter.preprocessors["html_block"]
    original = reader.run

    def noting(lines: list[str]) -> list[str]:
        read.extend(lines)
        return original(lines)

    monkeypatch.setattr(reader, "run", noting)
    converter.convert("a\n\n<p>b</p>\n\n<div>\n<div>c</div>\n</div>\n\n<ul><li>d</li></ul>\n")
    assert "<" not in "".join(read)
