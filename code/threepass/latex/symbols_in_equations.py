"""MathML and what its symbols mean in; the same MathML with each of these symbols marked, out."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as Xml

from threepass.latex.equations import to_mathml

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROWS = frozenset({"math", "mrow", "mtd", "mstyle", "msqrt", "mpadded", "mphantom", "menclose"})
"""Elements that take any number of children: there, several neighbours can be one symbol."""


class Marked(NamedTuple):
    """MathML in which `<mrow class="tp-symbol" data-symbol="0">` holds the first symbol; `missing` are not in it."""

    mathml: str
    missing: tuple[str, ...]


def mark_symbols(mathml: str, symbols: Sequence[str]) -> Marked:
    r"""Mark every place of a formula at which one of the symbols (LaTeX) stands.

    A symbol is what LaTeX makes of it: `x_i` is found in $x_i^2$ no more than in $x$, and where `x_i` and `x` are both
    given, the `x` of an $x_i$ is part of the longer one. One that does not compile is missing, as one not there is.
    """
    root = _tree(mathml)
    known = [(_pieces(symbol), number) for number, symbol in enumerate(symbols)]
    longest_first = sorted(((p, n) for p, n in known if p), key=lambda each: -len("".join(each[0])))
    found = set(_mark(root, longest_first))
    missing = tuple(symbol for number, symbol in enumerate(symbols) if number not in found)
    return Marked(Xml.tostring(root, encoding="unicode"), missing)


def _tree(mathml: str) -> Xml.Element:
    """Return MathML as a tree; HTML's names of characters (`&ApplyFunction;`) are none of XML's."""
    return Xml.fromstring(re.sub(r"&(?!(?:amp|lt|gt|quot|apos);)\w+;", lambda name: html.unescape(name[0]), mathml))


def _pieces(latex: str) -> tuple[str, ...]:
    """Return the MathML of a symbol: one element, or several that follow each other."""
    made = to_mathml(latex, display=True)
    if not isinstance(made, str):
        return ()
    content = _tree(made).find("semantics/*")
    if content is None or (content.tag == "mrow" and not len(content)):
        return ()
    plain = content.tag == "mrow" and not content.attrib and content[0].tag != "mspace"
    return tuple(_text(child) for child in content) if plain else (_text(content),)


def _mark(parent: Xml.Element, known: Sequence[tuple[tuple[str, ...], int]]) -> list[int]:
    found: list[int] = []
    written = [_text(child) for child in parent]
    position = 0
    while position < len(parent):
        child = parent[position]
        for pieces, number in known:
            fits = len(pieces) == 1 or parent.tag in _ROWS
            if fits and tuple(written[position : position + len(pieces)]) == pieces:
                inside = list(parent[position : position + len(pieces)])
                parent[position : position + len(pieces)] = [_symbol(inside, number)]
                written[position : position + len(pieces)] = [""]
                found.append(number)
                break
        else:
            if child.tag != "annotation":
                found += _mark(child, known)
        position += 1
    return found


def _symbol(inside: list[Xml.Element], number: int) -> Xml.Element:
    made = Xml.Element("mrow", {"class": "tp-symbol", "data-symbol": str(number)})
    made.extend(inside)
    return made


def _text(element: Xml.Element) -> str:
    return Xml.tostring(element, encoding="unicode")
