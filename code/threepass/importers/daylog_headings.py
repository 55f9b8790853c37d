"""A line of a day log in; the day that it begins, or nothing, out.

People write `## Day 4 : July 09 , 2018`, `# Day 1 of 66daysofdata`, `<h3>Day 1 - Sunday, July 8th, 2018</h3>`,
`**Day1 of 300DaysOfData!**`, `### R1D13/14`, `## Data PreProcessing | Day 1`, `## [Day1 of 66DaysOfData](url)`,
`## 2019/04/10 (Wednesday)`, and `Day 5 was hard` in the middle of a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from threepass.importers.written_dates import find_date

if TYPE_CHECKING:
    from threepass.importers.written_dates import WrittenDate

INLINE_LEVEL = 3
"""The level of a day that is no heading but bold, or code, at the beginning of a paragraph."""
LONGEST = 300
"""Characters; no one writes a longer heading."""
_MOST_DAYS = 31
"""No one writes of more days at once."""

_HASHES = re.compile(r" {0,3}(#{1,6})[ \t]*(.*?)[ \t#]*$")
_HTML = re.compile(r"\s*<(h[1-6]|b|strong|summary)\b[^<>]*>(.*?)</\1\s*>(.*)$", re.IGNORECASE)
_BOLD = re.compile(r" {0,3}(\*\*|__)(?!\s)(.+?)\1(.*)$")
_CODE = re.compile(r" {0,3}(`)([^`]+)`(.*)$")

_DAY = re.compile(
    r"(?<![^\W_])(?:(?:day|jour|d[ií]a|giorno|tag)s?[\s_#№:.-]*|r(?P<round>\d{1,2})[\s:.-]*d(?:ay)?[\s:.-]*)"
    r"(?P<number>\d{1,4})(?:st|nd|rd|th)?(?!\d|\.\d)(?=of|[\W_]|$)",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"\s*(?P<mark>-|–|—|\bto\b|\bbis\b|/|,|&|\+|\band\b)\s*(?:day[\s_-]*)?(?P<number>\d{1,4})(?!\d|\.\d|[^\W\d_])",
    re.IGNORECASE,
)
_OF = re.compile(
    r"\s*(?:/\s*\d{1,4}\b|(?:\bof\b|(?<=\d)of)\s*(?:the\s+)?#?\s*\d*\s*-?days?\s*(?:of\s*\w+|-?\w*)?"
    r"|(?:\bof\b|(?<=\d)of)\s*\d{1,4}\b)[!.]*",
    re.IGNORECASE,
)
_CHALLENGE = re.compile(r"#?\s*\d*\s*days?\s*of\s*\w+(?:\s*challenge)?", re.IGNORECASE)
_SEPARATES = re.compile(r"[\s|:–—•·,;.(\[!/=-]+")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\(\s*<?([^()\s<>]*(?:\([^()\s]*\)[^()\s<>]*)*)>?(?:\s+[\"'][^\"']*[\"'])?\s*\)")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_NO_WORD = re.compile(r"[\W_]*")


@dataclass(frozen=True, slots=True)
class DayHeading:
    """What a line says of the day that it begins.

    `numbers` are the days it speaks of, none where a date alone names it; `links` are those of the heading, `rest` is
    the text behind it that stands in the same line.
    """

    level: int
    numbers: tuple[int, ...] = ()
    round: int | None = None
    date: WrittenDate | None = None
    title: str = ""
    links: tuple[tuple[str, str], ...] = ()
    rest: str = ""

    @property
    def names(self) -> str:
        """The day as its author counts it: `3`, `11-13`, `r2d5`; nothing where a date alone names it."""
        if not self.numbers:
            return ""
        said = "-".join(map(str, dict.fromkeys((self.numbers[0], self.numbers[-1]))))
        return said if self.round is None else f"r{self.round}d{said}"


class _Marked(NamedTuple):
    """A line without the marks that make a heading of it."""

    level: int
    text: str
    rest: str
    prose: bool
    """Whether a sentence may begin like this, so that only a plain form counts."""


def day_heading(line: str, following: str = "") -> DayHeading | None:
    """Return the day that a line begins; `following` is the line below, which may underline it."""
    marked = _marked(line, following)
    if marked is None:
        return None
    links = tuple((match[1].strip(), match[2]) for match in _LINK.finditer(marked.text) if match[2])
    text = _plain(marked.text)
    found = _numbered(text, prose=marked.prose) or _dated(text, prose=marked.prose)
    return None if found is None else replace(found, level=marked.level, links=links, rest=marked.rest)


def heading_level(line: str, following: str = "") -> int | None:
    """Return the level of a Markdown or HTML heading, None where a line is none: `#word` is a tag."""
    if re.match(r" {0,3}#[^#\s]", line):
        return None
    marked = _marked(line, following)
    return None if marked is None or marked.prose else marked.level


def _marked(line: str, following: str) -> _Marked | None:
    line = line.rstrip()
    if not line or len(line) > 100 * LONGEST:
        return None
    found = None
    if match := _HASHES.match(line):
        found = _Marked(len(match[1]), match[2], "", prose=False)
    elif match := _HTML.match(line):
        level = int(match[1][1]) if match[1][1:].isdigit() else INLINE_LEVEL
        found = _Marked(level, match[2], _TAG.sub("", match[3]).strip(), prose=level == INLINE_LEVEL)
    elif match := _BOLD.match(line) or _CODE.match(line):
        behind = match[3].strip()
        if not behind or behind[0] in ":-–—|.":
            found = _Marked(INLINE_LEVEL, match[2], behind.lstrip(":-–—|. \t"), prose=True)
    elif not line.lstrip()[0].isalnum():  # the item of a list, a link of an index
        return None
    elif re.fullmatch(r" {0,3}(=+|-{3,})\s*", following):
        found = _Marked(1 if "=" in following else 2, line.strip(), "", prose=False)
    elif len(line) <= LONGEST and (plain := _plain(line)) and _stands_alone(plain):
        found = _Marked(INLINE_LEVEL, line.strip(), "", prose=True)
    return found if found and len(found.text) <= LONGEST else None


def _stands_alone(text: str) -> bool:
    """Whether a line without any mark holds a day's number, perhaps a date, and nothing else."""
    match = _DAY.match(text)
    if match is None:
        return False
    behind = text[match.end() :]
    if date := find_date(behind):
        behind = behind[: date.start] + behind[date.end :]
    return not _SEPARATES.sub("", behind).strip(")")


def _plain(text: str) -> str:
    """Return a heading's words without emphasis, tags, the addresses of its links, and what stands before them."""
    text = _TAG.sub(" ", _LINK.sub(lambda match: match[1], text))
    text = re.sub(r"[*`~\\]|__", "", text).strip(" \t_")
    return text[_NO_WORD.match(text).end() :] if not text.startswith("#") else text.lstrip("# ")  # type: ignore[union-attr]  # it matches nothing, too


def _numbered(text: str, *, prose: bool) -> DayHeading | None:
    match = _DAY.search(text)
    if match is None:
        return None
    before, behind = text[: match.start()], text[match.end() :]
    if before and not re.search(r"[|:–—•·,(\[-]\s*$|\d\)?\s+$", before):
        return None
    date = find_date(behind)
    if date:
        behind = behind[: date.start] + "\0" + behind[date.end :]
    elif date := find_date(before):
        before = before[: date.start] + before[date.end :]
    numbers, behind = _numbers(int(match["number"]), behind)
    if of := _OF.match(behind):
        behind = behind[of.end() :]
    said = behind.replace("\0", " ").strip()
    if prose and said and not _SEPARATES.match(behind.replace("\0", ":").lstrip()):
        return None
    if before and said.strip(" )]!.") and not _SEPARATES.match(said):
        return None
    titles = [_title(part) for part in (before, said)]
    title = " – ".join(part for part in titles if part)
    return DayHeading(0, numbers, int(match["round"]) if match["round"] else None, date, title)


def _numbers(first: int, behind: str) -> tuple[tuple[int, ...], str]:
    """Return the days of `11-13` or `13/14`, of which the first is known, and what stands behind them."""
    numbers = [first]
    while more := _MORE.match(behind):
        number, mark = int(more["number"]), more["mark"]
        rest = behind[more.end() :]
        spans = mark in "-–—" or mark.lower() in ("to", "bis")
        follows = number == numbers[-1] + 1 and number not in (100, 200, 300, 365)
        if spans and numbers[-1] < number <= numbers[-1] + _MOST_DAYS and not re.match(r"\s+[^\W\d_]", rest):
            numbers += range(numbers[-1] + 1, number + 1)
        elif follows and not spans:
            numbers.append(number)
        else:
            break
        behind = rest
    return tuple(numbers), behind


def _dated(text: str, *, prose: bool) -> DayHeading | None:
    """Read a heading that a date alone names: it begins with it."""
    date = find_date(text)
    if date is None or date.start or not any(date.date(day_first=first) for first in (False, True)):
        return None
    behind = text[date.end :]
    said = behind.strip(" )")
    if said and not (_SEPARATES.match(said) or behind.lstrip(" ").startswith(")") or not prose):
        return None
    return DayHeading(0, (), None, date, _title(said))


def _title(text: str) -> str:
    """Return what is left of a heading as the day's title: separators at its ends and the challenge's name go."""
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"^[\s|:–—•·,;.()\]=>/-]+|[\s|:–—•·,;(\[=</-]+$", "", text)
    if text.count("(") < text.count(")"):
        text = text.rstrip(")")
    return "" if _CHALLENGE.fullmatch(text.strip("!. ")) or not re.search(r"\w", text) else text
