"""What a person types to pick from a numbered list in; the numbers out."""

from __future__ import annotations

import re

from threepass.hinted import HintedError


class PickError(HintedError):
    """What was typed picks nothing from the list."""


def picks(typed: str, *, of: int) -> tuple[int, ...]:
    """Return the numbers that `1 3-5`, `1,3`, `all` or nothing pick from a list of `of`, in the order typed.

    Raises `PickError`.
    """
    if typed.strip().lower() == "all":
        return tuple(range(1, of + 1))
    numbers: dict[int, None] = {}
    for part in re.split(r"[\s,;]+", re.sub(r"\s*[-–]\s*", "-", typed.strip())):
        if not part:
            continue
        span = re.fullmatch(r"([0-9]{1,6})(?:-([0-9]{1,6}))?", part)
        if span is None:
            raise PickError(f"'{part[:40]}' is no number", "write 1 3-5, or all, or nothing")
        first, last = int(span[1]), int(span[2] or span[1])
        if not 1 <= first <= last <= of:
            raise PickError(f"the list has no {part}", f"it goes from 1 to {of}")
        numbers |= dict.fromkeys(range(first, last + 1))
    return tuple(numbers)
