"""What a page is about in; a card of 1200 × 630 pixels for those who share it, as PNG, out.

The fonts are those of the site's formulas, STIX Two (with the package ziamath), and DejaVu Sans (with ziafont), for
what the first does not hold. A card is kept under what it shows.
"""

from __future__ import annotations

import hashlib
import io
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from threepass.assets import MATH_FONT, font_file

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

SIZE = (1200, 630)
FOLDER = "assets/threepass/cards"
"""Of the site, in which the cards stand."""
CACHE = Path(".cache", "threepass", "cards")
"""Of the library."""
FORMAT = 1
"""To be raised when cards are drawn otherwise: what was kept counts no more."""

_MARGIN, _WIDTH = 84, 1200 - 2 * 84
_PAPER, _INK = (23, 29, 43), (244, 246, 250)
_QUIET = 165
"""How much of the ink what stands above and below the title has, of 255."""
_ACCENT, _OFF = 1, 2
_COLOURS = {_ACCENT: (91, 143, 238), _OFF: (48, 60, 84)}
_SERIF = MATH_FONT
_SANS = ("ziafont", "fonts/DejaVuSans.ttf")


class Card(NamedTuple):
    """What a card says: where it is from, the title, a line below it, and for a paper how many passes of three."""

    site: str
    title: str
    line: str
    passes: int | None = None


def card_file(card: Card, root: Path) -> Path:
    """Return the card's file in the library's cache, drawn if it is not there yet."""
    key = hashlib.sha256(repr((FORMAT, tuple(card))).encode()).hexdigest()[:24]
    path = root / CACHE / f"{key}.png"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(draw(card))
    return path


def draw(card: Card) -> bytes:
    """Return the card as PNG."""
    from PIL import Image, ImageDraw

    image = Image.new("L", SIZE, 0)  # 0 is the paper, 255 the ink, and letters have smooth edges between them
    pen = ImageDraw.Draw(image)
    _text(pen, (_MARGIN, 74), [card.site], 30, _QUIET, _SANS)
    size, lines = _fitted(card.title)
    _text(pen, (_MARGIN, 140), lines, size, 255, _SERIF, step=round(size * 1.22))
    below = _wrapped(card.line, _SANS, 28, most=2)
    _text(pen, (_MARGIN, 566 - 38 * len(below)), below, 28, _QUIET, _SANS, step=38)
    image = image.point([0 if value in _COLOURS else value for value in range(256)])
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, SIZE[1] - 14, SIZE[0], SIZE[1]), fill=_ACCENT)
    for number in range(3 if card.passes is not None else 0):
        left = SIZE[0] - _MARGIN - (3 - number) * 52
        pen.ellipse((left, 72, left + 36, 108), fill=_ACCENT if number < (card.passes or 0) else _OFF)
    image.putpalette(_palette())
    written = io.BytesIO()
    image.save(written, "PNG", optimize=False, compress_level=6)
    return written.getvalue()


def _palette() -> list[int]:
    """Return the colours from paper to ink, and the two that are neither."""
    ramp = [tuple(round(p + (i - p) * value / 255) for p, i in zip(_PAPER, _INK, strict=True)) for value in range(256)]
    return [part for value, colour in enumerate(ramp) for part in _COLOURS.get(value, colour)]


def _fitted(title: str) -> tuple[int, list[str]]:
    """Return the largest size at which a title goes into the card, and its lines."""
    for size, most in ((84, 3), (72, 3), (60, 4)):
        lines = _wrapped(title, _SERIF, size, most=most + 1)
        if len(lines) <= most:
            return size, lines
    return 60, _wrapped(title, _SERIF, 60, most=4)


def _wrapped(text: str, font: tuple[str, str], size: int, *, most: int) -> list[str]:
    """Return a text as lines that are no wider than the card, the last one with … where there is more."""
    lines, words = [""], text.split()
    for number, word in enumerate(words):
        longer = f"{lines[-1]} {word}".strip()
        if _width(longer, font, size) <= _WIDTH:
            lines[-1] = longer
        elif len(lines) == most or _width(word, font, size) > _WIDTH:
            rest = " ".join([lines[-1], *words[number:]]).strip()
            while rest and _width(f"{rest}…", font, size) > _WIDTH:
                rest = rest[:-1]
            return [*lines[:-1], f"{rest.rstrip()}…"]
        else:
            lines.append(word)
    return lines


def _width(text: str, font: tuple[str, str], size: int) -> float:
    return sum(part.getlength(run) for run, part in _runs(text, font, size))


def _text(
    pen: ImageDraw,
    at: tuple[int, int],
    lines: list[str],
    size: int,
    colour: int,
    font: tuple[str, str],
    *,
    step: int = 0,
) -> None:
    for row, line in enumerate(lines):
        x: float = at[0]
        for run, part in _runs(line, font, size):
            pen.text((x, at[1] + row * step + size), run, fill=colour, font=part, anchor="ls")
            x += part.getlength(run)


def _runs(text: str, font: tuple[str, str], size: int) -> list[tuple[str, FreeTypeFont]]:
    """Return a text in runs of one font each: what the font does not hold comes from DejaVu Sans."""
    runs: list[tuple[str, FreeTypeFont]] = []
    for character in text:
        chosen = _font(font if ord(character) in _characters(font) else _SANS, size)
        if runs and runs[-1][1] is chosen:
            runs[-1] = (runs[-1][0] + character, chosen)
        else:
            runs.append((character, chosen))
    return runs


@cache
def _font(font: tuple[str, str], size: int) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(str(font_file(*font)), size, layout_engine=ImageFont.Layout.BASIC)


@cache
def _characters(font: tuple[str, str]) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(font_file(*font), lazy=True) as opened:
        return frozenset(opened.getBestCmap())
