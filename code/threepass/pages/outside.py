"""Text from outside in, a title or an abstract with LaTeX in it; HTML that shows it, and runs nothing of it, out.

What goes out means the same in Markdown and in HTML: every sign that Markdown could take for its own is a reference.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

from markupsafe import Markup

from threepass.latex.equations import BrokenEquation, to_mathml
from threepass.latex.in_text import as_read, pieces

_MARKS = re.compile(r"[^\w\s&;,.?\u0080-\U0010ffff]|_")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the line's direction for what follows; text in Hebrew or Arabic does not need them."""
_ANNOTATION = re.compile(r"<annotation\b.*?</annotation>", re.DOTALL)
_BETWEEN_TAGS = re.compile(r">([^<]+)(?=<)")


@lru_cache(maxsize=1 << 15)  # the same titles are named on many pages
def with_formulas(text: str) -> Markup:
    """Return a text with its formulas as MathML; one that does not compile stays as it came."""
    return Markup("".join(_shown(piece.source, piece.formula) for piece in pieces(" ".join(text.split()))))


def paragraphs(text: str) -> list[Markup]:
    """Return a text's paragraphs, which blank lines set apart, each with its formulas as MathML."""
    return [with_formulas(part) for part in re.split(r"\n\s*\n", text) if part.strip()]


@lru_cache(maxsize=1 << 15)
def as_title(text: str) -> str:
    """Return a title for where only plain text can stand, such as the browser's tab."""
    shown = "".join(piece.formula or as_read(piece.source) for piece in pieces(" ".join(text.split())))
    return _TURNS.sub("", shown)


def _shown(source: str, formula: str | None) -> str:
    if formula is None:
        return _inert(as_read(source))
    made = to_mathml(formula, display=False)
    if isinstance(made, BrokenEquation):
        return _inert(source)
    # without its LaTeX, which would be read aloud and searched beside the formula in a heading
    bare = _ANNOTATION.sub("", made).replace("\n", " ")
    return _BETWEEN_TAGS.sub(lambda match: ">" + _inert(html.unescape(match[1])), bare)


def _inert(text: str) -> str:
    """Return text that neither HTML nor Markdown finds anything in."""
    plain = html.escape(_TURNS.sub("", text), quote=False)
    return _MARKS.sub(lambda match: f"&#{ord(match.group())};", plain)
