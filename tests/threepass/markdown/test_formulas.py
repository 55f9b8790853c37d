"""Formulas in Markdown: which there are, where they begin, and that the site's own reader finds the same."""

import re

import markdown
import pytest

from threepass.markdown.formulas import formulas, without_code_and_formulas

TEXTS = [
    ("Let $x$ be $x'$.", [("x", False), ("x'", False)]),
    ("$5 and $6, a$b$c, \\$x$", []),
    ("`$a$` and $b$", [("b", False)]),
    ("```\n$a$\n```\n\n$b$", [("b", False)]),
    ("$$a$$", [("a", True)]),
    ("$$\na\nb\n$$\n\nand $c$", [("\na\nb\n", True), ("c", False)]),
    ("$a\nb$", [("a\nb", False)]),
    ("$a\n\nb$", []),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_the_formulas_of_a_text(text: str, expected: list[tuple[str, bool]]) -> None:
    found = list(formulas(text))
    assert [(formula.latex, formula.display) for formula in found] == expected
    assert all(text.startswith(formula.latex, formula.start) for formula in found)


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_the_site_finds_the_same(text: str, expected: list[tuple[str, bool]]) -> None:
    made = markdown.markdown(text, extensions=["fenced_code", "threepass.markdown.math"])
    assert re.findall(r"x-tex\">\s*(.*?)\s*</annotation>", made, re.DOTALL) == [
        latex.strip() for latex, _ in sorted(expected, key=lambda one: text.index(one[0]))
    ]


def test_a_formula_that_is_never_closed_is_one() -> None:
    (formula,) = formulas("a\n\n$$ b\n\nc")
    assert (formula.closed, formula.start) == (False, 3)


def test_nothing_moves_when_formulas_are_blanked() -> None:
    text = "a $b$ `c`\n$$\nd\n$$\ne"
    assert without_code_and_formulas(text) == "a        \n  \n \n  \ne"
