"""A log's days: where each begins and ends, and no line lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threepass.editing.pasted_text import seen
from threepass.importers.daylog import DayLog, read_daylog

LOG = """# My hundred days

About this log.

## Day 1: Trees

A tree.

### A thought

Day 5 was far away.

```text
## Day 99
```

---

## Day 2

#### Day 2, exercises

Still the second day.

# License

MIT
"""


def names(log: DayLog) -> list[str]:
    return [day.heading.names for day in log.days]


def test_a_day_ends_where_the_next_or_a_higher_heading_begins() -> None:
    log = read_daylog(LOG)
    assert [(day.heading.names, day.first, day.last) for day in log.days] == [("1", 5, 18), ("2", 19, 24)]
    first, second = (day.text for day in log.days)
    assert first.startswith("A tree.\n\n### A thought")
    assert first.endswith("```text\n## Day 99\n```")
    assert second == "#### Day 2, exercises\n\nStill the second day."
    assert [(run.first, run.last) for run in log.unplaced] == [(1, 3), (25, 27)]
    assert log.unplaced[1].text == "# License\n\nMIT"


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_breaks_of_other_systems_make_no_difference(newline: str) -> None:
    assert read_daylog("\ufeff" + LOG.replace("\n", newline)) == read_daylog(LOG)


def test_a_number_twice_and_gaps_are_as_they_stand() -> None:
    assert names(read_daylog("## Day 1\na\n## Day 3\nb\n## Day 3\nc\n## Day 61\nd")) == ["1", "3", "3", "61"]


def test_a_day_of_another_heading_level_counts_and_its_headings_are_its_own() -> None:
    log = read_daylog("## Day 1\na\n#### Day 2\nb\n### Part\nc\n# Day 3\nd\n## Day 4\ne")
    assert names(log) == ["1", "2", "3", "4"]
    assert log.days[1].text == "b\n### Part\nc"


def test_a_heading_of_the_days_own_level_stays_in_its_day() -> None:
    assert read_daylog("## Day 1\na\n## Part\nb\n## Day 2\nc").days[0].text == "a\n## Part\nb"


def test_headings_above_the_days_are_those_of_months() -> None:
    log = read_daylog("# July\n## Day 1\na\n# August\n## Day 2\nb")
    assert [(run.first, run.text) for run in log.unplaced] == [(1, "# July"), (4, "# August")]


def test_a_fence_that_is_never_closed_hides_no_days() -> None:
    assert names(read_daylog("## Day 1\n```python\nx = 1\n## Day 2\nb")) == ["1", "2"]


def test_comments_hold_no_days() -> None:
    assert names(read_daylog("<!--\n## Day 9\n-->\n## Day 1\na")) == ["1"]


def test_a_date_below_a_days_heading_is_its_date() -> None:
    (day,) = read_daylog("## Day 3\n\n### July 10, 2018\n\nText.").days
    assert day.heading.date is not None
    assert (day.heading.date.text, day.text) == ("July 10, 2018", "Text.")


def test_dates_alone_are_days_newest_first_too() -> None:
    log = read_daylog("# Log\n## 2019/04/10 (Wednesday)\nb\n## 2019/04/09 (Tuesday)\na")
    assert [(day.heading.date.text if day.heading.date else "", day.text) for day in log.days] == [
        ("2019/04/10 (Wednesday", "b"), ("2019/04/09 (Tuesday", "a"),
    ]  # fmt: skip


def test_a_table_may_have_a_row_a_day() -> None:
    log = read_daylog(
        "| Day | Date | Topic | What I did |\n|---|:-:|---|---|\n| 1 | 2020-01-01 | Trees | Read \\| wrote |\n"
        "| Day 2 | Jan 2, 2020 | **Forests** | |\n| | | x | y |\n"
    )
    assert [(day.heading.numbers, day.heading.title, day.text) for day in log.days] == [
        ((1,), "Trees", "**What I did**: Read | wrote"),
        ((2,), "Forests", "**Forests**"),
    ]
    assert [day.heading.date.text for day in log.days if day.heading.date] == ["2020-01-01", "Jan 2, 2020"]
    assert [(run.first, run.last) for run in log.unplaced] == [(1, 2), (5, 5)]


def test_a_date_of_a_table_may_begin_with_its_day() -> None:
    log = read_daylog(
        "| Day | Date | Did |\n|--|--|--|\n| 1 | 1er mars 2025 | a |\n| 2 | 4-Apr-25 | b |\n| 3 May | | c |\n"
    )
    assert [(day.heading.numbers, day.heading.date and day.heading.date.text) for day in log.days] == [
        ((1,), "1er mars 2025"), ((2,), "4-Apr-25"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "index",
    [
        "# Tutorials\n\n| From | To | What |\n|---|---|---|\n| Day 0 | Day 7 | Finance |\n",
        "| Days | What |\n|---|---|\n| 0-7 | Finance |\n| 8-20 | Trading |\n",
        "| Day | Link |\n|---|---|\n| 1 | [Day 1](day1.md) |\n| 2 | [Day 2](#day-2) |\n",
        "- [Day 1](#day-1)\n- [Day 2](#day-2)\n* Day 3\n",
        "## Version 1.2 - 2019-04-10\n\n## Day-to-day work\n\nDay 5 was good.\n",
        "",
    ],
)
def test_an_index_without_days_gives_none(index: str) -> None:
    log = read_daylog(index)
    assert log.days == ()
    assert "\n".join(run.text for run in log.unplaced).split() == index.split()


def test_addresses_at_the_end_of_a_log_go_with_the_days_that_use_them() -> None:
    log = read_daylog("## Day 1\n[a][1]\n## Day 2\n[b][2]\n\n[1]: https://example.org/1\n[2]: https://example.org/2")
    assert log.days[0].text == "[a][1]\n\n[1]: https://example.org/1"
    assert log.days[1].text.count("[2]: ") == 1


def test_a_log_of_400_kilobytes_is_read_whole() -> None:
    text = "".join(f"## Day {number}\n\n{'A line of the day.' * 5}\n\n" for number in range(1, 4000))
    assert len(text) > 400_000
    assert len(read_daylog(text).days) == 3999


LINES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["## Day 1", "### Day 2: x", "**Day 3**", "`DAY-4` : text", "Day 5 was", "```", "~~~", "# Other", "---", "===",
         "| Day | What |", "|---|---|", "| 1 | x |", "<!--", "-->", "## 2019/04/10", "<h3>Day 1</h3>", "[1]: http://x",
         "\r", "[a][1]", "$$", "[[x]]", "{{ a/b }}", "<img src=x>", "![a](b.png)", "<a href=x>", "</a>", "#tag"],
    ),
)  # fmt: skip


@given(st.lists(LINES, max_size=30).map("\n".join))
def test_every_line_is_in_a_day_or_reported(text: str) -> None:
    log = read_daylog(text)
    taken = {number for day in log.days for number in range(day.first, day.last + 1)}
    reported = {number for run in log.unplaced for number in range(run.first, run.last + 1)}
    lines = [seen(line).replace("\n", " ") for line in re.split(r"\r\n|\r|\n", text)]
    assert not taken & reported
    assert {number for number, line in enumerate(lines, start=1) if line.strip()} <= taken | reported
    for run in log.unplaced:
        assert run.text == "\n".join(lines[run.first - 1 : run.last])
    for day in log.days:
        body = {line.strip() for line in lines[day.first : day.last]} - {""}
        if not day.is_row:
            rest = {line for line in body if line not in {said.strip() for said in day.text.split("\n")}}
            assert all(re.fullmatch(r"([-*_=] ?)+", line) or "2019" in line for line in rest)
