"""The headings of day logs as people write them, and what only looks like one."""

import datetime as dt

import pytest

from threepass.importers.daylog_headings import day_heading
from threepass.importers.written_dates import find_date


@pytest.mark.parametrize(
    ("line", "numbers", "date", "title"),
    [
        ("## Day1:", (1,), "", ""),
        ("### Day 0: February 30, 2016", (0,), "February 30, 2016", ""),
        ("## Day 4 : July 09 , 2018", (4,), "July 09 , 2018", ""),
        ("# Day 1 of 66daysofdata", (1,), "", ""),
        ("<h3>Day 1 - Sunday, July 8th, 2018</h3>", (1,), "Sunday, July 8th, 2018", ""),
        ("`DAY-3` : ", (3,), "", ""),
        ("**Day1 of 300DaysOfData!**", (1,), "", ""),
        ("### R1D13/14", (13, 14), "", ""),
        ("## Data PreProcessing | Day 1", (1,), "", "Data PreProcessing"),
        ("## [Day1 of 66DaysOfData](https://example.org/1)", (1,), "", ""),
        ("### Day 0 : 25 juillet 2017", (0,), "25 juillet 2017", ""),
        ("## 2019/04/10 (Wednesday)", (), "2019/04/10 (Wednesday", ""),
        ("## Day 11-13", (11, 12, 13), "", ""),
        ("## Day 11 to 13: Trees", (11, 12, 13), "", "Trees"),
        ("## Day 4 - 07 July 2018", (4,), "07 July 2018", ""),
        ("## Day 5 - 10 algorithms", (5,), "", "10 algorithms"),
        ("## Day 99/100", (99,), "", ""),
        ("##Day 7", (7,), "", ""),
        ("## 📅 Day 3 | 12.03.2021 | Convolutions", (3,), "12.03.2021", "Convolutions"),
        ("## Day 5 was hard", (5,), "", "was hard"),
        ("**Day 5: Trees**", (5,), "", "Trees"),
        ("Day 5:", (5,), "", ""),
        ("# #100DaysOfCode - Day 3", (3,), "", ""),
    ],
)
def test_a_heading_begins_a_day(line: str, numbers: tuple[int, ...], date: str, title: str) -> None:
    found = day_heading(line)
    assert found is not None
    assert (found.numbers, found.date.text if found.date else "", found.title) == (numbers, date, title)


@pytest.mark.parametrize(
    "line",
    ["Day 5 was hard.", "Day 5 was", "**Day 5** was hard", "**Day 5 was the hardest**", "`Day 5` was hard", "- Day 5",
     "- [Day 5](#day-5)", "[Day 5](#day-5)", "| Day 0 | Day 7 |", "Today is Day 5", "## Notes from Day 3",
     "## Day 3D vision", "## Day 3.5", "## [1.0.0] - 2019-04-10", "## Changes since 2019/04/10", "## Birthday 3",
     "## 2019/02/30", "# 100 Days of ML", "July 9 was warm", "    ## Day 4", "> ## Day 4", ""],
)  # fmt: skip
def test_prose_lists_and_other_headings_do_not(line: str) -> None:
    assert day_heading(line) is None


def test_what_stands_behind_a_heading_in_its_line_is_kept() -> None:
    found = day_heading("`DAY-3` : Today I read about [trees](https://example.org).")
    assert found is not None
    assert found.rest == "Today I read about [trees](https://example.org)."


def test_the_links_of_a_heading_are_kept() -> None:
    found = day_heading("## Day 2: [A post](https://example.org/2)")
    assert found is not None
    assert (found.title, found.links) == ("A post", (("A post", "https://example.org/2"),))


def test_a_heading_may_be_underlined() -> None:
    found = day_heading("Day 3 trees", "=====")
    assert found is not None
    assert (found.level, found.numbers, found.title) == (1, (3,), "trees")


def test_days_of_a_round_have_names_of_their_own() -> None:
    assert [heading.names for line in ("## R1D5", "## R2D5", "## Day 5-7") if (heading := day_heading(line))] == [
        "r1d5", "r2d5", "5-7",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Sunday, July 8th, 2018", dt.date(2018, 7, 8)),
        ("25 juillet 2017", dt.date(2017, 7, 25)),
        ("1. Januar 2020", dt.date(2020, 1, 1)),
        ("12 de julio de 2018", dt.date(2018, 7, 12)),
        ("2019/04/10", dt.date(2019, 4, 10)),
        ("13-Jul-2018", dt.date(2018, 7, 13)),
        ("Mon, 5 Aug '19", dt.date(2019, 8, 5)),
        ("5-Jan-26", dt.date(2026, 1, 5)),
        ("Mo., 5. Jan. 2026", dt.date(2026, 1, 5)),
        ("5 januari 2021", dt.date(2021, 1, 5)),
        ("den 15 maj 2021", dt.date(2021, 5, 15)),
        ("25.12.20", None),
        ("February 30, 2016", None),
        ("March 3", None),
        ("1.1.0001", None),
    ],
)
def test_dates_as_people_write_them(line: str, date: dt.date | None) -> None:
    found = find_date(line)
    assert found is not None
    assert found.date() == date


def test_a_short_weekday_goes_with_its_date_and_a_word_behind_one_stays() -> None:
    found = [day_heading(line) for line in ("## Mo., 5. Jan. 2026", "## 5 May 2026 Do homework")]
    assert [heading and heading.title for heading in found] == ["", "Do homework"]


def test_which_comes_first_in_a_date_of_numbers_is_said() -> None:
    found = find_date("on 04/10/2019 ")
    assert found is not None
    assert (found.date(), found.date(day_first=True)) == (dt.date(2019, 4, 10), dt.date(2019, 10, 4))
    assert find_date("version 3.5.1 of 2019") is None
