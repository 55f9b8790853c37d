"""The lines of a day log in; the days of its tables, one a row, out.

A table counts days where a column is called so, `Day` or `Date`, and its cells hold numbers or dates. A table of
contents does not: its rows speak of many days each, or hold nothing but links into the same text.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from threepass.importers.daylog_headings import DayHeading, day_heading
from threepass.importers.written_dates import find_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*")
_COUNTS = re.compile(r"(?:days?|dates?|jour|tag|d[ií]a|no\.?|#|day\s*(?:no\.?|number|#))", re.IGNORECASE)
_NAMES = re.compile(r"(?:topics?|titles?|subjects?|what|concepts?|tasks?|themes?|content|description)", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\(([^()\s]*)[^()]*\)")


class TableDay(NamedTuple):
    """A row that speaks of a day; `line` counts from 1."""

    heading: DayHeading
    line: int
    text: str


def table_days(lines: Sequence[str]) -> list[TableDay]:
    """Return the days that stand in tables, in order."""
    found: list[TableDay] = []
    number = 0
    while number + 1 < len(lines):
        if "|" in lines[number] and "-" in lines[number + 1] and _RULE.fullmatch(lines[number + 1].rstrip()):
            end = number + 2
            while end < len(lines) and "|" in lines[end]:
                end += 1
            found += _rows(lines, number, end)
            number = end
        else:
            number += 1
    return found


def _rows(lines: Sequence[str], start: int, end: int) -> list[TableDay]:
    head = [_words(cell) for cell in _cells(lines[start])]
    columns = [number for number, name in enumerate(head) if _COUNTS.fullmatch(name)]
    if not columns:
        return []
    found = [
        TableDay(heading, number + 1, _text(head, cells, columns))
        for number in range(start + 2, end)
        for cells in [_cells(lines[number])]
        if (heading := _heading(head, cells, columns)) and _says_something(cells, columns)
    ]
    ranges = [row for row in found if len(row.heading.numbers) > 1]
    return [] if 2 * len(ranges) > len(found) else found


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", inner)]


def _words(cell: str) -> str:
    return re.sub(r"[*_`]", "", _LINK.sub(lambda match: match[1], cell)).strip()


def _heading(head: Sequence[str], cells: Sequence[str], columns: Sequence[int]) -> DayHeading | None:
    """Return what the columns that count say: a number, a date, or both."""
    counted: DayHeading | None = None
    dated: DayHeading | None = None
    for column in columns:
        said = cells[column] if column < len(cells) else ""
        plain = _words(said)
        written = find_date(plain)
        counts = re.match(r"\d{1,4}(?!\d|[./-]\d)", plain) and not (written and written.start == 0)  # not `2 March`
        heading = day_heading(f"# Day {plain}" if counts else f"# {said}")
        if heading and heading.numbers:
            counted = counted or heading
        elif heading:
            dated = dated or heading
    found = counted or dated
    if counted and dated:
        found = replace(counted, date=counted.date or dated.date)
    title = next((cells[n] for n, name in enumerate(head) if _NAMES.fullmatch(name) and n < len(cells)), "")
    return replace(found, title=found.title or _words(title)) if found else None


def _says_something(cells: Sequence[str], columns: Sequence[int]) -> bool:
    """Whether a row holds more than links into the same text or beside it."""
    rest = " ".join(cell for number, cell in enumerate(cells) if number not in columns)
    bare = _LINK.sub(lambda match: match[1] if match[2].startswith("http") else "", rest)
    return re.search(r"\w", bare) is not None


def _text(head: Sequence[str], cells: Sequence[str], columns: Sequence[int]) -> str:
    """Return the cells of a row as Markdown: each under its column's name, one alone as it is."""
    return "\n\n".join(_paragraphs(head, cells, columns))


def _paragraphs(head: Sequence[str], cells: Sequence[str], columns: Sequence[int]) -> Iterator[str]:
    rest = [(n, cell.replace("\\|", "|")) for n, cell in enumerate(cells) if n not in columns and cell]
    for number, cell in rest:
        name = head[number] if number < len(head) else ""
        if not (_NAMES.fullmatch(name) and cell == _words(cell)) or not name:
            yield cell if len(rest) == 1 or not name else f"**{name}**: {cell}"
