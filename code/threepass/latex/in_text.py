r"""Text with some LaTeX in it, as arXiv has it, in; the same with its accents as letters, or in pieces, out.

Only what is known here is taken for LaTeX, for most of such a text is none; `text.py` reads what is all LaTeX.
arXiv's query interface says "Schrödinger" where its OAI-PMH says `Schr\"odinger`; both leave formulas as they are.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_FORMULA = re.compile(
    r"""(?<!\\)\$\$(?P<a>[^$]+)\$\$
      | (?<!\\)\$(?!\s)(?P<b>(?:[^$\\]|\\.)+)(?<!\s)\$(?!\d)
      | \\\((?P<c>.+?)\\\)
      | \\\[(?P<d>.+?)\\\]""",
    re.DOTALL | re.VERBOSE,
)

_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "d": "\u0323", "b": "\u0331",
    "r": "\u030a",
}  # fmt: skip
"""LaTeX's accents as Unicode's combining marks."""
_LETTERS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å",
    "AA": "Å", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ",
}  # fmt: skip
_BASE = r"(?P<{0}>\\[ij](?![A-Za-z])|[^\W\d_])"
_ACCENTED = re.compile(
    rf"""\\(?: (?P<mark>[`'^~"=.]) \s* | (?P<word>[uvHckdbr]) (?:\s+|(?=\{{)) )
         (?: \{{\s*{_BASE.format("braced")}\s*\}} | {_BASE.format("bare")} )""",
    re.VERBOSE,
)
_LETTER = re.compile(r"\\(ss|ae|AE|oe|OE|aa|AA|dh|DH|th|TH|dj|DJ|ng|[oOlLij])(?![A-Za-z])(?:\{\}|\s+(?=\w)|)")
_GROUP = re.compile(r"\{([^\x00-\x7f])\}")
"""A letter that has just got its accent, in the braces that kept the accent from its neighbours."""

_COMMAND = re.compile(r"\\(?:emph|text(?:it|bf|sc|tt|rm|sf|sl|up)?|mbox|underline)\s*\{([^{}]*)\}")
_SWITCH = re.compile(r"\{\\(?:it|em|bf|sc|tt|rm|sf|sl)(?:shape|series|family)?(?![A-Za-z])\s*([^{}]*)\}")
_BRACED = re.compile(r"(\\[A-Za-z]+\*?(?:\{[^{}]*\})+)|(?<!\\)\{(\w[^{}]*)\}")
"""Braces that keep capitals, as in `{BERT}`; those of a command that is not known here stay with it."""
_SIGNS = (
    ("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), (r"\&", "&"), (r"\%", "%"), (r"\#", "#"), (r"\_", "_"),
    (r"\$", "$"), (r"\,", " "), (r"\ ", " "),
)  # fmt: skip


class Piece(NamedTuple):
    """A part of a text: a formula's LaTeX without its dollar signs, or plain text; `source` is how it stands there."""

    source: str
    formula: str | None


def pieces(text: str) -> Iterator[Piece]:
    r"""Yield a text's formulas, `$…$`, `$$…$$`, `\(…\)` and `\[…\]`, and what stands between them."""
    position = 0
    for match in _FORMULA.finditer(text):
        if match.start() > position:
            yield Piece(text[position : match.start()], None)
        yield Piece(match.group(), next(filter(None, match.groups())))
        position = match.end()
    if position < len(text):
        yield Piece(text[position:], None)


def with_accents(text: str) -> str:
    r"""Return a text with LaTeX's accents and letters as Unicode, formulas left alone: `Schr\"odinger`, `{\L}ukasz`."""
    return "".join(piece.source if piece.formula is not None else _accents(piece.source) for piece in pieces(text))


def as_read(text: str) -> str:
    r"""Return a text without formulas as one reads it: accents, `\emph{…}` and `{\it …}` opened, `--` a dash."""
    text = _accents(text)
    before = None
    while before != text:  # a command inside another's braces
        before = text
        text = _SWITCH.sub(r"\1", _COMMAND.sub(r"\1", text))
    for latex, sign in _SIGNS:
        text = text.replace(latex, sign)
    return _BRACED.sub(lambda match: match[1] or match[2], text)


def _accents(text: str) -> str:
    def accented(match: re.Match[str]) -> str:
        base = (match["braced"] or match["bare"]).removeprefix("\\")
        return unicodedata.normalize("NFC", base + _ACCENTS[match["mark"] or match["word"]])

    text = _ACCENTED.sub(accented, text)
    text = _LETTER.sub(lambda match: _LETTERS[match[1]], text)
    return _GROUP.sub(r"\1", text)
