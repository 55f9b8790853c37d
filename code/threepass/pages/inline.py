"""A sentence of an author's Markdown in; HTML for one line out, where Markdown itself is not asked.

Formulas, code and emphasis stay; links become their words, and what asks for a measured value becomes the number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from threepass.latex.equations import to_mathml
from threepass.latex.text import formula_in_words
from threepass.markdown.formulas import INLINE
from threepass.pages.live import value_words
from threepass.pages.prose import name_of

if TYPE_CHECKING:
    from threepass.pages.site import Site

_PIECES = re.compile(
    r"(?P<escaped>\\[!-/:-@\[-`{-~])"
    r"|(?P<marks>`+)(?P<code>.+?)(?<!`)(?P=marks)(?!`)"
    rf"|(?P<formula>{INLINE})"
    r"|\[\[(?P<target>[^\[\]|#\n]+?)(?:#(?P<heading>[^\[\]|\n]+?))?(?:\|(?P<words>[^\[\]\n]+?))?\]\]"
    r"|!?\[(?P<text>[^\[\]]*)\](?:\([^()\s]*(?:\s[^()]*)?\)|\[[^\[\]]*\])"
    r"|<(?P<address>https?://[^\s<>]+)>"
    r"|\[\^[^\]]+\]|\{[:#.][^{}]*\}"
    r"|(?P<strong>\*\*|__)(?=\S)(?P<bold>.+?\S|\S)(?P=strong)"
    r"|(?P<em>\*|(?<!\w)_)(?=\S)(?P<slanted>[^*_]*?\S)(?P=em)(?!\w)"
)


def inline(markdown: str, site: Site, *, about: str = "") -> Markup:
    """Return one line of HTML; the words of links to the record `about` are marked."""
    return _html(value_words(markdown, site), site, about)


def plain_words(markdown: str, site: Site) -> str:
    """Return the words of a text without any markup; formulas as plain text can say them."""
    return _words(value_words(markdown, site), site)


def _html(text: str, site: Site, about: str) -> Markup:
    made, position = Markup(""), 0
    for match in _PIECES.finditer(text):
        made += escape(text[position : match.start()]) + _piece(match, site, about)
        position = match.end()
    return made + escape(text[position:])


def _piece(match: re.Match[str], site: Site, about: str) -> Markup:
    if match["code"] is not None:
        return Markup("<code>{}</code>").format(match["code"].strip())
    if match["formula"] is not None:
        latex = match["formula"][1:-1]
        made = to_mathml(latex, display=False)
        return Markup(made) if isinstance(made, str) else Markup("<code>{}</code>").format(latex)
    if match["target"] is not None:
        said = Markup(_html(_said(match, site), site, "")) if match["words"] else escape(_said(match, site))
        return Markup("<mark>{}</mark>").format(said) if match["target"].strip() == about else said
    if match["bold"] is not None:
        return Markup("<strong>{}</strong>").format(_html(match["bold"], site, about))
    if match["slanted"] is not None:
        return Markup("<em>{}</em>").format(_html(match["slanted"], site, about))
    if match["text"] is not None:
        return _html(match["text"], site, about)
    return escape(match["address"] or (match["escaped"] or "")[1:])


def _words(text: str, site: Site) -> str:
    def words(match: re.Match[str]) -> str:
        if match["code"] is not None:
            return match["code"].strip()
        if match["formula"] is not None:
            return formula_in_words(match["formula"][1:-1])
        if match["target"] is not None:
            return _said(match, site)
        inside = match["bold"] or match["slanted"] or match["text"]
        return _words(inside, site) if inside else match["address"] or (match["escaped"] or "")[1:]

    return _PIECES.sub(words, text)


def _said(match: re.Match[str], site: Site) -> str:
    """Return the words of a link between records."""
    target = site.library.find(match["target"].strip())
    given = (match["words"] or match["heading"] or "").strip()
    return given or (name_of(target) if target else match["target"].strip())
