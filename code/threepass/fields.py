"""What the values of a record's fields must be: dates, identifiers, addresses, names.

Text in, as `source.py` gives it; a typed value out, or the error that `records.py` turns into a problem. A value that
cannot be is refused with that problem's code, so that no message is ever guessed from another library's English.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from threepass.latex.text import balanced

if TYPE_CHECKING:
    from collections.abc import Callable

CITATION_KEY = r"[a-z][a-z0-9]*?(?:1[5-9]|20)\d\d[a-z0-9]+"
"""First author's surname, year, first significant word of the title: `vaswani2017attention`."""
ENTRY_NAME = r"\d{4}-\d\d-\d\d(?:-\d+)?"
"""A day's file name: its date, and a number where the date has several entries: `2021-09-10-2`."""
ARXIV_ID = r"\d{4}\.\d{4,5}|[a-z][a-z-]*(?:\.[A-Z]{2})?/\d{7}"
WORD = r"[a-z0-9]+(?:-[a-z0-9]+)*"
WEB_ADDRESS = r"https?://[^\s<>\"]+"
BIBTEX_FIELD = r"[a-z][a-z0-9_+:.-]*"
DOI = r"10\.\d{4,9}/[^\s<>\"]+"
CODE_REFERENCE = r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*:[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*"
"""`package.module:function`."""
NO_OR_CODE = f"none|{CODE_REFERENCE}"


def refuse(code: str, message: str, hint: str = "") -> PydanticCustomError:
    """Return the error that `records.py` turns into the problem `code`."""
    return PydanticCustomError(code, "{message}", {"message": message, "hint": hint})


class RoughDate(dt.date):
    """A date of which maybe only the year, or the year and the month, is known; it compares as the first such day."""

    known: int

    def __new__(cls, year: int, month: int | None = None, day: int | None = None) -> Self:
        """Return the date; what is not given is not known."""
        made = super().__new__(cls, year, month or 1, day or 1)
        made.known = 1 if month is None else 2 if day is None else 3
        return made

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the date that `2017`, `2017-06` or `2017-06-12` says. Raises `ValueError`."""
        return cls(*map(int, text.split("-")))

    def isoformat(self) -> str:
        """Return as much of the date as is known."""
        return super().isoformat()[: (4, 7, 10)[self.known - 1]]

    __str__ = isoformat

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).parse, (self.isoformat(),)


def _date_like(pattern: str, read: Callable[[str], dt.date], hint: str) -> BeforeValidator:
    """Take a date that is written so and nothing else: pydantic alone also takes numbers as seconds since 1970."""

    def check(value: Any) -> Any:
        if isinstance(value, dt.date):
            return value
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise refuse("P013", f"'{value}' is not a date", hint)
        try:
            return read(value)
        except ValueError as error:
            raise refuse("P013", f"'{value}' is not a date: {error}", "look at a calendar") from None

    return BeforeValidator(check)


def _number(value: Any) -> Any:
    """Take digits and nothing else for a whole number: pydantic alone also takes `1_000` and `3.0`."""
    if isinstance(value, str) and not re.fullmatch(r"-?\d{1,9}", value):
        raise refuse("P012", f"'{value}' is not a whole number")
    return value


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise refuse("P042", f"a bound of {value} bounds nothing", "write a finite number")
    return value


def _arxiv_id(value: str) -> str:
    if re.fullmatch(ARXIV_ID, value):
        return value
    versioned = re.fullmatch(rf"(?:arXiv:)?({ARXIV_ID})(?:v(\d+))?", value, re.IGNORECASE)
    hint = "write 1703.01365, or hep-th/9901001 for one from before April 2007"
    if versioned:
        hint = f"write {versioned[1]}" + (f" and `version: {versioned[2]}`" if versioned[2] else "")
    raise refuse("P034", f"'{value}' is not an arXiv id", hint)


def _bibtex(fields: dict[str, str]) -> dict[str, str]:
    for name, value in fields.items():
        if not re.fullmatch(BIBTEX_FIELD, name):
            raise refuse("P014", f"'{name}' is not the name of a BibTeX field", "lower case: volume, pages")
        if not balanced(value):
            raise refuse("P014", f"the braces of '{name}' do not match", "close each { with a }")
    return fields


def _text(value: str) -> str:
    if not value.strip():
        raise refuse("P012", "the text is empty")
    return value


def _one_like(pattern: str, wrong: str, hint: str, *, code: str = "P014") -> AfterValidator:
    """Take what the whole pattern matches, and refuse all else: `'…' is not a …`."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise refuse(code, f"'{value}' {wrong}", hint)
        return value

    return AfterValidator(check)


def _matching(pattern: str) -> WithJsonSchema:
    """Say in the JSON Schema what a text of this kind looks like, for the forms and editors that read it."""
    return WithJsonSchema({"type": "string", "pattern": f"^(?:{pattern})$"})


def _of_lines(media_type: str) -> WithJsonSchema:
    """Say in the JSON Schema that a text has several lines, and what they are."""
    return WithJsonSchema({"type": "string", "contentMediaType": media_type})


Date = Annotated[
    dt.date,
    _date_like(r"\d{4}-\d\d-\d\d", dt.date.fromisoformat, "write it as year-month-day: 2021-08-27"),
]
Published = Annotated[
    dt.date,
    _date_like(r"\d{4}(-\d\d){0,2}", RoughDate.parse, "write what is known of it: 2017-06-12, 2017-06 or 2017"),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}(-\d\d(-\d\d)?)?$"}),
]
"""A bibliography often knows no more than the year, or the month."""
Whole = Annotated[int, BeforeValidator(_number)]
Text = Annotated[str, AfterValidator(_text)]
Prose = Annotated[Text, _of_lines("text/markdown")]
Latex = Annotated[Text, _of_lines("application/x-latex")]
ArxivId = Annotated[str, AfterValidator(_arxiv_id), _matching(ARXIV_ID)]
Url = Annotated[
    str,
    _one_like(WEB_ADDRESS, "is not a web address", "it begins with https:// and holds no spaces"),
    _matching(WEB_ADDRESS),
]
Doi = Annotated[str, _one_like(DOI, "is not a DOI", "it looks like 10.1145/1273445.1273458"), _matching(DOI)]
Word = Annotated[
    str,
    _one_like(WORD, "is not a name of this kind", "lower case, digits and hyphens: sequence-models"),
    _matching(WORD),
]
CitationKey = Annotated[
    str,
    _one_like(CITATION_KEY, "is not a citation key", "surname, year, word: vaswani2017attention", code="P030"),
    _matching(CITATION_KEY),
]
Code = Annotated[
    str,
    _one_like(CODE_REFERENCE, "names no function", "write package.module:function", code="P040"),
    _matching(CODE_REFERENCE),
]
Control = Annotated[
    str,
    _one_like(NO_OR_CODE, "names no function", "write package.module:function", code="P040"),
    _matching(NO_OR_CODE),
]
Bound = Annotated[float, AfterValidator(_finite)]
BibtexFields = Annotated[dict[str, Text], AfterValidator(_bibtex)]
Minutes = Annotated[Whole, Field(ge=1, le=24 * 60)]
