"""Three versions of a text: both sides' changes are in, and ours stays where they contradict."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threepass.intake.line_merge import Conflict, line_hashes, merged


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ("a\nb", "a\nb", "a\nb\nc", "a\nb\nc"),
        ("a\nb", "a\nb\nmine", "a\nb", "a\nb\nmine"),
        ("a\nb", "a\nb\nmine", "new\na\nb", "new\na\nb\nmine"),
        ("a\nb", "a\nb\nmine", "a\nb\nnew", "a\nb\nnew\nmine"),
        ("a\nb\nc", "a\nmine\nc", "a\nb\nnew", "a\nmine\nc"),
        ("a\nb\nc\nd", "A\nb\nc\nd", "a\nb\nc\nD", "A\nb\nc\nD"),
        ("a\nb\nc", "a\nc", "a\nb\nc\nd", "a\nc\nd"),
        ("a\nb\nc", "x\nb\nc", "x\nb\nc", "x\nb\nc"),
        ("", "mine", "", "mine"),
        ("", "", "new", "new"),
    ],
)
def test_both_sides_are_heard(base: str, ours: str, theirs: str, expected: str) -> None:
    assert "\n".join(merged(line_hashes(base), ours, theirs).lines) == expected


def test_a_contradiction_is_said_and_ours_stays() -> None:
    both = merged(line_hashes("a\nb\nc"), "a\nmine\nc", "a\ntheirs\nc\nnew")
    assert both.lines == ("a", "mine", "c", "new")
    assert both.conflicts == (Conflict(("mine",), ("theirs",)),)


TEXTS = st.lists(st.sampled_from("abcd"), max_size=6).map("\n".join)


@given(TEXTS, TEXTS, TEXTS)
def test_no_line_of_ours_is_lost_but_by_their_deletion(base: str, ours: str, theirs: str) -> None:
    both = merged(line_hashes(base), ours, theirs)
    assert "\n".join(merged(line_hashes(base), ours, base).lines) == ours
    if "\n" not in base:  # nothing that they could have taken away
        left = list(both.lines)
        assert all(left.count(line) >= ours.split("\n").count(line) for line in set(ours.split("\n")) - {"", base})


@given(TEXTS, TEXTS)
def test_a_side_that_did_nothing_changes_nothing(base: str, other: str) -> None:
    assert "\n".join(merged(line_hashes(base), base, other).lines) == other
    assert merged(line_hashes(base), other, base).conflicts == ()
