"""Dates, numbers and bounds in; how one writes them, out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from threepass.models import Expect

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def long_date(date: dt.date) -> str:
    """Return `Friday, 27 August 2021`."""
    return f"{WEEKDAYS[date.weekday()]}, {date.day} {MONTHS[date.month - 1]} {date.year}"


def short_date(date: dt.date) -> str:
    """Return `27 Aug 2021`; of a date of which less is known, `Aug 2021` or `2021`."""
    words = [str(date.day), MONTHS[date.month - 1][:3], str(date.year)]
    return " ".join(words[-len(date.isoformat().split("-")) :])


def number(value: float | None, digits: int = 3) -> str:
    """Return a number to some significant digits, as one writes it: `0.25`, `12,346`, `3.1 × 10⁻⁷`."""
    if value is None or not math.isfinite(value):
        return "not a number"
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        decimals = max(0, digits - 1 - math.floor(math.log10(abs(value)))) if value else 0
        text = f"{value:,.{decimals}f}"
        return (text.rstrip("0").rstrip(".") if decimals else text).replace("-", "−")
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    short = (mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa).replace("-", "−")
    power = f"10{str(int(exponent)).translate(_SUPERSCRIPT)}"
    return power if short == "1" else f"{short}\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}{power}"


def numbers(values: dict[str, float | None], digits: int = 3) -> str:
    """Return measured numbers: one alone, several with their names."""
    if list(values) == ["value"]:
        return number(values["value"], digits)
    return ", ".join(f"{name.replace('_', ' ')} {number(value, digits)}" for name, value in values.items()) or "—"


def bound(expect: Expect) -> str:
    """Return a bound as a formula: `≤ 0.001`."""
    if expect.at_most is not None:
        return f"≤\N{NO-BREAK SPACE}{number(expect.at_most)}"
    if expect.at_least is not None:
        return f"≥\N{NO-BREAK SPACE}{number(expect.at_least)}"
    if expect.equals is not None:
        return f"{number(expect.equals)}\N{NO-BREAK SPACE}±\N{NO-BREAK SPACE}{number(expect.within)}"
    low, high = expect.between or (math.nan, math.nan)
    return f"{number(low)} to {number(high)}"


def quantity(count: int, singular: str, plural: str = "") -> str:
    """Return `1 day`, `16 days`."""
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


def duration(seconds: float) -> str:
    """Return how long something took: `0.2 s`, `3 min`."""
    if seconds < 0.1:
        return f"{max(1, round(seconds * 1000))} ms"
    return f"{seconds:.1f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
