"""Picking from a numbered list."""

import pytest

from threepass.terminal.picking import PickError, picks


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("1", (1,)),
        ("3, 1\n", (3, 1)),
        ("2-4 3 1", (2, 3, 4, 1)),
        ("1 - 2", (1, 2)),
        ("ALL", (1, 2, 3, 4, 5)),
        ("", ()),
        ("\n", ()),
    ],
)
def test_numbers_and_ranges_are_picked_in_the_order_typed(typed, numbers):
    assert picks(typed, of=5) == numbers


@pytest.mark.parametrize("typed", ["0", "6", "3-1", "2-9", "x", "1.5", "-1", "9" * 30])
def test_what_is_not_in_the_list_is_refused(typed):
    with pytest.raises(PickError):
        picks(typed, of=5)
