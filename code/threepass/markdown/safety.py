"""Markdown in; the same without what could run. A Python-Markdown extension.

Raw HTML in an author's text is shown, not run (`pages/prose.py` escapes it before Markdown sees it). What is left are
the ways of Markdown itself: links with a scheme that runs, and attribute lists that set handlers or styles.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

from markdown import Extension
from markdown.treeprocessors import Treeprocessor

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from markdown import Markdown

_ALLOWED = re.compile(r"(?:https?:|mailto:|[^:]*(?:[/?#]|$))", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\ufeff]")
_LEADS = {"a": "href", "img": "src"}
_ADDRESSES = ("href", "src", "action", "formaction", "poster", "data", "xlink:href")


class SafetyExtension(Extension):
    """Removes handlers, inline styles and addresses that run."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Register after attribute lists (8) have been read."""
        md.treeprocessors.register(_Safety(md), "threepass-safety", 1)


def makeExtension(**options: Any) -> SafetyExtension:  # noqa: N802 - Python-Markdown's name
    """Return the extension, as Python-Markdown asks for it."""
    return SafetyExtension(**options)


def is_safe_address(address: str) -> bool:
    """Whether a link may stand: relative, http, https or mailto, however it is spelt."""
    return _ALLOWED.match(_UNSEEN.sub("", unescape(address))) is not None


class _Safety(Treeprocessor):
    def run(self, root: Element) -> None:
        for element in root.iter():
            for name in list(element.attrib):
                runs = name.lower().startswith("on") or name.lower() in ("style", "srcdoc")
                if runs or (name.lower() in _ADDRESSES and not is_safe_address(element.attrib[name])):
                    del element.attrib[name]
            if _LEADS.get(element.tag, "") not in {"", *element.attrib}:
                element.text = element.text or element.attrib.pop("alt", "")
                element.tag = "span"  # MkDocs takes every link and image to lead somewhere
