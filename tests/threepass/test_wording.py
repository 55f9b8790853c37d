"""How dates, numbers and bounds are written."""

import datetime as dt

import pytest

from threepass.models import Expect
from threepass.wording import bound, duration, long_date, number, numbers, quantity, short_date


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "0"),
        (1.0, "1"),
        (0.25, "0.25"),
        (-0.5, "−0.5"),
        (12345.6, "12,346"),
        (3.1e-7, "3.1 × 10⁻⁷"),
        (1e-9, "10⁻⁹"),
        (-2e-12, "−2 × 10⁻¹²"),
        (6.5e7, "6.5 × 10⁷"),
        (0.001, "0.001"),
        (float("nan"), "not a number"),
        (None, "not a number"),
    ],
)
def test_numbers(value: float | None, written: str) -> None:
    assert number(value).replace("\N{NO-BREAK SPACE}", " ") == written


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [(0.123456, 2, "0.12"), (0.123456, 5, "0.12346"), (123.4, 1, "123"), (999.6, 3, "1,000"), (4.56e-8, 1, "5 × 10⁻⁸")],
)
def test_significant_digits(value: float, digits: int, written: str) -> None:
    assert number(value, digits).replace("\N{NO-BREAK SPACE}", " ") == written


def test_a_number_does_not_break_over_lines() -> None:
    assert " " not in number(3.1e-7) + bound(Expect.model_validate({"at_most": 3.1e-7}))


def test_several_numbers_carry_their_names() -> None:
    assert numbers({"value": 0.5}) == "0.5"
    assert numbers({"relu_net": 0.5, "tanh": 1e-9}) == "relu net 0.5, tanh 10⁻⁹"


@pytest.mark.parametrize(
    ("expect", "written", "meets", "misses"),
    [
        ({"at_most": 0.001}, "≤ 0.001", 0.001, 0.0011),
        ({"at_least": 0.9}, "≥ 0.9", 0.9, 0.89),
        ({"equals": 1, "within": 1e-6}, "1 ± 10⁻⁶", 1.0000009, 1.0000011),
        ({"between": [0.2, 0.3]}, "0.2 to 0.3", 0.3, 0.31),
    ],
)
def test_bounds_say_what_they_hold(expect: dict[str, object], written: str, meets: float, misses: float) -> None:
    made = Expect.model_validate(expect)
    assert bound(made).replace("\N{NO-BREAK SPACE}", " ") == written
    assert made.met_by(meets)
    assert not made.met_by(misses)
    assert not made.met_by(float("nan"))


def test_dates() -> None:
    assert long_date(dt.date(2021, 8, 27)) == "Friday, 27 August 2021"
    assert short_date(dt.date(2021, 8, 27)) == "27 Aug 2021"


def test_quantities_and_durations() -> None:
    assert [quantity(count, "day") for count in (0, 1, 1200)] == ["0 days", "1 day", "1,200 days"]
    assert [duration(seconds) for seconds in (0.0001, 0.02, 1.26, 200)] == ["1 ms", "20 ms", "1.3 s", "3 min"]
