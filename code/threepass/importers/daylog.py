"""The Markdown of a day log in; its days, and the lines that belong to none of them, out.

Every line that is not blank comes out: in a day, or as one that could not be placed. Nothing is read but the text.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from threepass.editing.pasted_text import seen
from threepass.importers.daylog_headings import DayHeading, day_heading, heading_level
from threepass.importers.daylog_tables import table_days
from threepass.markdown.fences import blank, fences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_RULE = re.compile(r" {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}")
_DEFINITION = re.compile(r" {0,3}\[([^\]^][^\]]*)\]:[ \t]*\S.*")


@dataclass(frozen=True, slots=True)
class LoggedDay:
    """A day of a log: its heading, the lines `first` to `last` that it takes (counted from 1), and its text.

    `written` is the line that begins it, `at` the one in which the text begins. The row of a table is one line.
    """

    heading: DayHeading
    written: str
    first: int
    last: int
    text: str
    at: int
    is_row: bool = False

    def line(self, offset: int) -> int:
        """Return the line of the log in which a character of the text stands."""
        return self.at if self.is_row else min(self.last, self.at + self.text.count("\n", 0, offset))


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Lines of a log that belong to no day."""

    first: int
    last: int
    text: str


@dataclass(frozen=True, slots=True)
class DayLog:
    """A day log: its days in the order they stand in, and what belongs to none."""

    days: tuple[LoggedDay, ...]
    unplaced: tuple[Unplaced, ...]


def read_daylog(markdown: str) -> DayLog:
    """Read a day log. A day begins with a heading, or is the row of a table where there are no such headings.

    What cannot be seen is left out before anything is read: it could keep a formula apart from where it begins.
    """
    lines = [seen(line).replace("\n", " ") for line in re.split(r"\r\n|\r|\n", markdown)]
    shown = _without_code_and_comments("\n".join(lines)).split("\n")
    days = _headed(lines, shown)
    if not days:
        days = [
            LoggedDay(row.heading, lines[row.line - 1].strip(), row.line, row.line, row.text, row.line, is_row=True)
            for row in table_days(shown)
        ]
    days = _with_definitions(days, lines, shown)
    taken = {number for day in days for number in range(day.first, day.last + 1)}
    return DayLog(tuple(days), tuple(_unplaced(lines, taken)))


def _without_code_and_comments(text: str) -> str:
    """Return the text with fenced code and comments blanked; a fence that is never closed would hide all days below."""
    parts, position = [], 0
    for fence in fences(text):
        last = text[fence.start : fence.end].rstrip("\n").rpartition("\n")[2].strip(" \t>")
        if fence.end < len(text) or (last.startswith(fence.marks) and not last.strip(fence.marks[0])):
            parts += [text[position : fence.start], blank(text[fence.start : fence.end])]
            position = fence.end
    return _COMMENT.sub(lambda match: blank(match.group()), "".join([*parts, text[position:]]))


def _headed(lines: Sequence[str], shown: Sequence[str]) -> list[LoggedDay]:
    """Return the days that begin with a heading."""
    starts = list(_starts(shown))
    usual = Counter(heading.level for _, heading in starts).most_common(1)[0][0] if starts else 0
    days = []
    for place, (number, heading) in enumerate(starts):
        end = starts[place + 1][0] if place + 1 < len(starts) else len(lines)
        ends_at = min(usual, heading.level)
        for below in range(number + 1, end):
            level = heading_level(shown[below], shown[below + 1] if below + 1 < len(shown) else "")
            if level is not None and level < ends_at:
                end = below
                break
        days.append(_day(lines, shown, number, end, heading))
    return days


def _starts(shown: Sequence[str]) -> Iterator[tuple[int, DayHeading]]:
    """Yield the lines (from 0) that begin a day, with what they say."""
    found = [
        (number, heading)
        for number, line in enumerate(shown)
        if (heading := day_heading(line, shown[number + 1] if number + 1 < len(shown) else ""))
    ]
    numbered = [heading.level for _, heading in found if heading.numbers]
    usual = Counter(numbered).most_common(1)[0][0] if numbered else 0
    day: DayHeading | None = None
    for number, heading in found:
        within = day is not None and heading.level > day.level
        if within and day and heading.names == day.names and heading.date is None:
            continue  # "### Day 5, exercises" below "## Day 5"
        if numbered and not heading.numbers and (within or heading.level > usual):
            continue  # a date below a day's heading
        day = heading
        yield number, heading


def _day(lines: Sequence[str], shown: Sequence[str], start: int, end: int, heading: DayHeading) -> LoggedDay:
    """Return a day whose heading stands in line `start` (from 0), and which ends before line `end`."""
    begin = start + 1
    underline = begin < end and re.fullmatch(r" {0,3}(=+|-{3,})\s*", shown[begin]) and not heading.rest
    if underline and heading_level(shown[start], shown[begin]) != heading_level(shown[start]):
        begin += 1
    first = next((number for number in range(begin, end) if lines[number].strip()), end)
    if heading.numbers and heading.date is None and not heading.rest and first < end:
        below = day_heading(shown[first], shown[first + 1] if first + 1 < end else "")
        if below and not below.numbers and not below.title and not below.rest:
            heading = replace(heading, date=below.date)
            first = next((number for number in range(first + 1, end) if lines[number].strip()), end)
    last = end
    while last > first and (not lines[last - 1].strip() or _is_rule(lines, last - 1)):
        last -= 1
    text, at = "\n".join(lines[first:last]), first + 1
    if heading.rest:
        text, at = "\n".join([heading.rest, *lines[begin:last]]), start + 1
    return LoggedDay(heading, lines[start].strip(), start + 1, end, text, at)


def _is_rule(lines: Sequence[str], number: int) -> bool:
    """Whether a line is a rule between two days, and does not underline the one above."""
    return _RULE.fullmatch(lines[number].rstrip()) is not None and (number == 0 or not lines[number - 1].strip())


def _with_definitions(days: Sequence[LoggedDay], lines: Sequence[str], shown: Sequence[str]) -> list[LoggedDay]:
    """Return the days, each with the addresses of its links that stand elsewhere in the log: `[label]: address`."""
    known = {
        match[1].casefold(): (number + 1, lines[number].strip())
        for number, line in enumerate(shown)
        if (match := _DEFINITION.fullmatch(line))
    }
    if not known:
        return list(days)
    completed = []
    for day in days:
        used = dict.fromkeys(label.casefold() for label in re.findall(r"\[([^\[\]\n]+)\](?!\()", day.text))
        missing = [known[label][1] for label in used if label in known and not _within(day, known[label][0])]
        completed.append(replace(day, text="\n".join([day.text, "", *missing])) if missing else day)
    return completed


def _within(day: LoggedDay, line: int) -> bool:
    return day.first <= line <= day.last


def _unplaced(lines: Sequence[str], taken: set[int]) -> Iterator[Unplaced]:
    """Yield the lines that no day takes, as runs that begin and end with a line that is not blank."""
    run: list[int] = []
    for number in [*range(1, len(lines) + 1), 0]:
        if number and number not in taken:
            run.append(number)
            continue
        said = [one for one in run if lines[one - 1].strip()]
        if said:
            yield Unplaced(said[0], said[-1], "\n".join(lines[said[0] - 1 : said[-1]]))
        run = []
