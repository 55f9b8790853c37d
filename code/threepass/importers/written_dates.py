"""A line in; the date that a person wrote in it, out, also an ambiguous, incomplete or impossible one."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

_MONTHS = {
    1: "january jan janvier januar jänner enero ene gennaio gen janeiro januari",
    2: "february feb février fevrier fév februar febrero febbraio fevereiro fev februari",
    3: "march mar mars märz maerz mär marzo março marco maart mrt marts",
    4: "april apr avril avr abril abr aprile",
    5: "may mai mayo maggio mag maio mei maj",
    6: "june jun juin juni junio giugno giu junho",
    7: "july jul juillet juil juli julio luglio lug julho",
    8: "august aug août aout agosto ago augustus augusti",
    9: "september sep sept septembre septiembre settembre set setembro",
    10: "october oct octobre oktober okt octubre ottobre ott outubro out",
    11: "november nov novembre noviembre novembro",
    12: "december dec décembre decembre déc dezember dez diciembre dic dicembre dezembro desember",
}
"""Names in English, French, German, Spanish, Italian, Portuguese, Dutch and the languages of Scandinavia."""
_MONTH_OF = {name: number for number, names in _MONTHS.items() for name in names.split()}
_MONTH = "(?:" + "|".join(sorted(map(re.escape, _MONTH_OF), key=len, reverse=True)) + r")\b\.?"
_WEEKDAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag"
    r"|lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo)\b\.?"
)
_SHORT = r"(?:mo|di|mi|do|fr|sa|so)\b\.?"
"""As Germans write before a date; behind one, `so` and `do` begin a sentence."""
_DAY = r"(?P<{0}>\d{{1,2}})(?:\s*(?:st|nd|rd|th|er|º|°))?"
_YEAR = r"(?P<{0}>\d{{4}}|['’]\d{{2}})"
_SEPARATOR = r"[\s,.]*(?:\b(?:of|de|del|do)\b[\s,.]*)?"
_DATE = re.compile(
    rf"""(?<![\w.])(?:\(?\s*(?:{_WEEKDAY}|{_SHORT})[\s,:|–—-]*)?
    (?: (?P<iso_year>\d{{4}})(?P<iso>[-/.])(?P<iso_month>\d{{1,2}})(?P=iso)(?P<iso_day>\d{{1,2}})
      | (?P<first>\d{{1,2}})(?P<mark>[-/.])(?P<second>\d{{1,2}})(?P=mark)(?P<numeric_year>\d{{4}}|\d{{2}})
      | (?P<month_first>{_MONTH}){_SEPARATOR}{_DAY.format("day_second")}(?!\d)
        (?:[\s,.]*{_YEAR.format("year_third")})?
      | {_DAY.format("day_first")}[\s-]*{_SEPARATOR}(?P<month_second>{_MONTH})
        (?:[\s,.-]*{_SEPARATOR}{_YEAR.format("year_last")}|-(?P<year_short>\d{{2}})(?!\d))?
    )(?![\d/])(?:[\s,]*\(?\s*{_WEEKDAY}\s*\)?)?""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,  # with all of Unicode, ſ would be an s
)


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date as it stands in a line, at the characters `start` to `end`.

    `year` is None where none was written. `month` and `day` may be no date (February 30); `swapped` tells that they
    may as well be day and month: 04/10/2019.
    """

    text: str
    start: int
    end: int
    year: int | None
    month: int
    day: int
    swapped: bool = False

    def date(self, *, year: int | None = None, day_first: bool = False) -> dt.date | None:
        """Return the date, None where there is no such one; `year` stands in for one that was not written."""
        year = self.year if self.year is not None else year
        month, day = (self.day, self.month) if self.swapped and day_first else (self.month, self.day)
        try:
            return dt.date(year, month, day) if year is not None and 1900 <= year < 2200 else None
        except ValueError:
            return None


def find_date(line: str) -> WrittenDate | None:
    """Return the first date in a line."""
    match = _DATE.search(line)
    if match is None:
        return None
    text = match.group().strip(" ,()")
    if match["iso_year"]:
        numbers = int(match["iso_year"]), int(match["iso_month"]), int(match["iso_day"])
        return WrittenDate(text, *match.span(), *numbers)
    if match["first"]:
        first, second = int(match["first"]), int(match["second"])
        return WrittenDate(text, *match.span(), _year(match["numeric_year"]), first, second, swapped=True)
    name, day = match["month_first"] or match["month_second"], match["day_second"] or match["day_first"]
    written = match["year_third"] or match["year_last"] or match["year_short"]
    month = _MONTH_OF[name.rstrip(".").lower()]
    return WrittenDate(text, *match.span(), _year(written) if written else None, month, int(day))


def _year(written: str) -> int:
    digits = written.lstrip("'’")
    return int(digits) if len(digits) == 4 else 2000 + int(digits)
