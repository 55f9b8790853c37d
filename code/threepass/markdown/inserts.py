"""Markdown in; what it asks to be put there when the site is made, out: measured values, and live source.

A value stands in a sentence: `{{ sundararajan2017axiomatic/completeness }}`. After the claim's name, in any order and
each behind a `|`, may come the name of one of its numbers, `control` for the control's number, and `2 digits`.

Live source stands on a line of its own: `::: package.module:function`. Behind it may come what to show of it
(`signature`, `docstring`, `source`, `tests`; all but the signature, if nothing is said) and which part of the source:
`from="for alpha"` shows the statement that begins so, `from="total" to="return"` all from one statement to another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from threepass.markdown.formulas import without_code_and_formulas

if TYPE_CHECKING:
    from collections.abc import Iterator

PARTS = ("signature", "docstring", "source", "tests")
DEFAULT = ("docstring", "source", "tests")
MOST_DIGITS = 12

_VALUE = re.compile(r"\{\{([^{}\n]*)\}\}")
_DIGITS = re.compile(r"(\d+) digits?")
_SOURCE = re.compile(r"^ {0,3}:::[ \t]+(?P<name>[^\s:]+(?::[^\s:]*)?)(?P<options>[^\n]*)$", re.MULTILINE)
_OPTION = re.compile(r"\s+(?:(?P<key>[a-z]+)=\"(?P<text>[^\"\n]*)\"|(?P<word>\S+))")


@dataclass(frozen=True, slots=True)
class Value:
    """A `{{ key/claim | … }}`, at the characters `start` to `end`; `wrong` says why it can be none."""

    key: str
    claim: str
    number: str | None
    control: bool
    digits: int | None
    wrong: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Source:
    """A `::: package.module:name …`, at the characters `start` to `end`; `wrong` says what of it cannot be."""

    name: str
    shows: tuple[str, ...]
    first: str
    last: str
    wrong: str
    start: int
    end: int


def values(markdown: str) -> Iterator[Value]:
    """Yield the measured values that a text asks for, in order."""
    if "{{" not in markdown:
        return
    for match in _VALUE.finditer(without_code_and_formulas(markdown)):
        name, *options = (" ".join(part.split()) for part in match[1].split("|"))
        key, slash, claim = name.partition("/")
        wrong = "" if slash and key and claim else "it names no claim"
        number, digits = None, None
        for option in options:
            if said := _DIGITS.fullmatch(option):
                digits = int(said[1])
                if not 1 <= digits <= MOST_DIGITS:
                    wrong = wrong or f"a value has 1 to {MOST_DIGITS} digits"
            elif option != "control":
                wrong = wrong or ("it names two numbers" if number else "" if option else "nothing stands behind a |")
                number = option
        yield Value(key, claim, number, "control" in options, digits, wrong, *match.span())


def sources(markdown: str) -> Iterator[Source]:
    """Yield the live source that a text asks for, in order."""
    if ":::" not in markdown:
        return
    for match in _SOURCE.finditer(without_code_and_formulas(markdown)):
        # Positions are those of the blanked text, the words those of the text itself: `$` and ` may stand in them.
        options = list(_OPTION.finditer(markdown[match.start("options") : match.end("options")]))
        keys = {option["key"]: option["text"] for option in options if option["key"]}
        words = tuple(option["word"] for option in options if option["word"])
        strange = [word for word in words if word not in PARTS] + [key for key in keys if key not in ("from", "to")]
        wrong = f"'{strange[0]}' is nothing that can be shown" if strange else ""
        if "to" in keys and "from" not in keys:
            wrong = wrong or "`to` needs a `from`"
        shows = (*words, "source") if keys else words or DEFAULT
        first, last = keys.get("from", ""), keys.get("to", "")
        yield Source(match["name"], shows, first, last, wrong, *match.span())
