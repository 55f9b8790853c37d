"""Links and headings of Markdown."""

import pytest

from threepass.markdown.fences import without_code
from threepass.markdown.links import headings, references, slug


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[[vaswani2017attention]]", ("vaswani2017attention", None, None)),
        ("[[2021-08-27|that day]]", ("2021-08-27", None, "that day")),
        ("[[vaswani2017attention#Third pass]]", ("vaswani2017attention", "Third pass", None)),
        ("[[ a2017b # C | d ]]", ("a2017b", "C", "d")),
    ],
)
def test_the_forms_of_a_link(text: str, expected: tuple[str, str | None, str | None]) -> None:
    (found,) = references(f"before {text} after")
    assert (found.target, found.heading, found.text) == expected
    assert (found.start, found.end) == (7, 7 + len(text))


@pytest.mark.parametrize(
    "text", ["`[[a]]`", "``x `[[a]]` y``", "```\n[[a]]\n```", "~~~~\n```\n[[a]]\n~~~~", "[[]]", "[[a\nb]]"]
)
def test_what_is_no_link(text: str) -> None:
    assert list(references(text)) == []


def test_a_fence_that_is_closed_ends() -> None:
    assert [found.target for found in references("```\n[[a]]\n```\n[[b]]\n`c` [[d]]")] == ["b", "d"]


def test_positions_stay_when_code_is_blanked() -> None:
    text = "a `b`\n```py\nc = 1\n```\nd"
    assert len(without_code(text)) == len(text)
    assert without_code(text).count("\n") == text.count("\n")


def test_headings_and_their_anchors() -> None:
    assert headings("# One\n```\n# not one\n```\n## Two, again ##\n#no\n") == ["One", "Two, again"]
    assert slug("Two, again: ärger") == "two-again-arger"
