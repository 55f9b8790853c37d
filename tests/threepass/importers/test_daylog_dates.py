"""The dates of a log's days: from headings, from history, counted, from the date on which it began."""

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threepass.importers.daylog import read_daylog
from threepass.importers.daylog_dates import dated, numbers_to_keep
from threepass.importers.git_history import Commit

START = dt.date(2021, 8, 27)


def dates(log: str, **options: object) -> list[tuple[str, str]]:
    found = dated(read_daylog(log).days, **options)  # type: ignore[arg-type]  # the options of the test
    return [(str(one.date), one.found) for one in found]


def commit(day: int, *added: str, removed: Sequence[str] = ()) -> Commit:
    return Commit(dt.date(2021, 9, day), added, tuple(removed))


def test_a_heading_goes_before_all() -> None:
    log = "## Day 1: July 9, 2018\na"
    assert dates(log, start=START, commits=[commit(1, "## Day 1: July 9, 2018")]) == [("2018-07-09", "heading")]


def test_else_the_first_commit_in_which_the_heading_stands() -> None:
    log = "## Day 1\na\n## Day 2, mended\nb\n## Day 1\nc"
    history = [
        commit(1, "# Log", "## Day 1"),
        commit(2, "## Day 2"),
        commit(3, "## Day 2, mended", removed=["## Day 2"]),
        commit(4, "## Day 1"),
    ]
    assert dates(log, commits=history, start=START) == [
        ("2021-09-01", "first commit"), ("2021-09-02", "first commit"), ("2021-09-04", "first commit"),
    ]  # fmt: skip


def test_the_row_of_a_table_has_a_history_too() -> None:
    row = "| 1 | Trees |"
    assert dates(f"| Day | What |\n|---|---|\n{row}", commits=[commit(5, row)]) == [("2021-09-05", "first commit")]


def test_an_impossible_date_is_said_and_counted_from_the_days_around_it() -> None:
    log = "## Day 1: February 28, 2016\na\n## Day 2: February 30, 2016\nb\n## Day 4: March 2, 2016\nc"
    found = dated(read_daylog(log).days, start=START)
    assert [(str(one.date), one.found) for one in found][1] == ("2016-02-29", "counted from day 1")
    assert found[1].remark == "February 30, 2016 is no date"


def test_a_count_that_does_not_fit_between_two_days_is_none() -> None:
    log = "## Day 1: March 1, 2016\na\n## Day 40\nb\n## Day 41: March 3, 2016\nc"
    assert dates(log)[1] == ("None", "")


def test_else_from_the_start_with_the_gaps_of_the_numbers() -> None:
    log = "## Day 0\na\n## Day 1\nb\n## Day 4-5\nc\n## Day 4\nd\n## R2D1\ne"
    assert [date for date, _ in dates(log, start=START)] == [
        "2021-08-27", "2021-08-28", "2021-08-31", "2021-08-31", "2021-12-06",
    ]  # fmt: skip


def test_without_any_of_these_there_is_no_date() -> None:
    assert dates("## Day 1\na") == [("None", "")]


@pytest.mark.parametrize(("years", "expected"), [("2018", "2018"), ("2019", "2019")])
def test_a_year_that_is_not_written_is_that_of_the_days_around(years: str, expected: str) -> None:
    log = f"## Day 1: December 31, {years}\na\n## Day 2: January 1\nb\n## Day 3: Jan 2\nc"
    assert [date for date, _ in dates(log)] == [
        f"{expected}-12-31",
        f"{int(expected) + 1}-01-01",
        f"{int(expected) + 1}-01-02",
    ]


def test_numbers_alone_are_read_as_the_log_shows() -> None:
    assert dates("## Day 1: 12/10/2019\na\n## Day 2: 13/10/2019\nb") == [
        ("2019-10-12", "heading"), ("2019-10-13", "heading"),
    ]  # fmt: skip
    assert [date for date, _ in dates("## Day 1: 04/09/2019\na\n## Day 2: 04/10/2019\nb")] == [
        "2019-04-09",
        "2019-04-10",
    ]


def test_a_date_that_may_be_two_is_asked_for() -> None:
    log = "## Day 1: 04/10/2019\na"
    (one,) = dated(read_daylog(log).days)
    assert (one.date, one.remark) == (None, "04/10/2019 may be two dates: say --day-first or --month-first")
    assert dates(log, day_first=True) == [("2019-10-04", "heading")]
    assert dates(log, day_first=False) == [("2019-04-10", "heading")]


def day(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


def test_numbers_that_rise_with_the_date_are_kept() -> None:
    days = [(day(1), 1), (day(2), 61), (day(3), 3), (day(4), 4), (day(4), 4)]
    assert numbers_to_keep(days, {}) == {(day(1), 1), (day(3), 3), (day(4), 4)}
    assert numbers_to_keep(days, {3: day(9)}) == {(day(1), 1)}
    assert numbers_to_keep(days, {4: day(4)}) == {(day(1), 1), (day(3), 3), (day(4), 4)}


@given(
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=12),
    st.dictionaries(st.integers(0, 8), st.integers(0, 8), max_size=3),
)
def test_what_is_kept_contradicts_nothing(days: list[tuple[int, int]], known: dict[int, int]) -> None:
    kept = numbers_to_keep([(day(at), number) for at, number in days], {n: day(at) for n, at in known.items()})
    fixed = [(day(at), number) for number, at in known.items()]
    for date, number in kept:
        for other, taken in [*kept, *fixed]:
            assert date == other or (date < other) == (number < taken)
            assert date == other or number != taken
    if days and not known:
        assert kept
