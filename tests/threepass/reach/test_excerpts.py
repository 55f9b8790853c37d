"""Parts of a function by their words."""

from pathlib import Path

import pytest

from threepass.reach.excerpts import excerpt, without_docstring
from threepass.reach.symbols import SourceTree, Symbol

MODULE = '''"""A module."""

LIMIT = 3


@staticmethod
def total(xs: list[int]) -> int:
    """Add.

    Up to a limit.
    """
    # the sum so far
    total = 0
    for x in xs:
        if x > LIMIT:  # too large
            continue
        total += x
    match total:
        case 0:
            return -1
        case _:
            text = """a
b"""
    return total


class Sum:
    """A sum."""

    def add(self, x: int) -> int:
        """Add one."""
        return x + 1


def bare(): """Alone."""
'''


@pytest.fixture
def tree(tmp_path: Path) -> SourceTree:
    (tmp_path / "sums.py").write_text(MODULE)
    return SourceTree(tmp_path, ("sums",))


def symbol(tree: SourceTree, name: str) -> Symbol:
    found = tree.find(f"sums:{name}")
    assert found
    return found


@pytest.mark.parametrize(
    ("first", "last", "text", "lines"),
    [
        ("for x", "", "for x in xs:\n    if x > LIMIT:  # too large\n        continue\n    total += x\n", (14, 17)),
        ("total =", "for", "total = 0\nfor x in xs:\n    if x > LIMIT:  # too large\n        continue\n", (13, 17)),
        ("case 0", "", "case 0:\n    return -1\n", (19, 20)),
        ("total += ", "", "total += x\n", (17, 17)),
        ("total =", "return", "total = 0\nfor x in xs:\n", (13, 20)),
        ("continue", "total", "    continue\ntotal += x\n", (16, 17)),
    ],
)
def test_a_part_by_its_first_words(tree: SourceTree, first: str, last: str, text: str, lines: tuple[int, int]) -> None:
    found = excerpt(symbol(tree, "total"), first=first, last=last)
    assert found
    assert found.text.startswith(text)
    assert (found.first_line, found.last_line) == lines
    assert MODULE.split("\n")[lines[0] - 1].strip().startswith(first)


@pytest.mark.parametrize(
    ("first", "last"), [("while", ""), ("for x", "while"), ("return total", "for x"), ("# the", "")]
)
def test_a_part_that_is_not_there(tree: SourceTree, first: str, last: str) -> None:
    assert excerpt(symbol(tree, "total"), first=first, last=last) is None


def test_all_of_it(tree: SourceTree) -> None:
    found = excerpt(symbol(tree, "Sum.add"))
    assert found
    assert found == ('def add(self, x: int) -> int:\n    """Add one."""\n    return x + 1\n', 30, 32)
    constant = excerpt(symbol(tree, "LIMIT"))
    assert constant
    assert constant.text == "LIMIT = 3\n"


def test_without_the_docstring(tree: SourceTree) -> None:
    assert without_docstring(symbol(tree, "Sum.add")) == "def add(self, x: int) -> int:\n    return x + 1\n"
    assert "Up to a limit" not in without_docstring(symbol(tree, "total"))
    assert "# the sum so far" in without_docstring(symbol(tree, "total"))
    assert without_docstring(symbol(tree, "bare")) == 'def bare(): """Alone."""\n'
    assert without_docstring(symbol(tree, "LIMIT")) == "LIMIT = 3\n"
