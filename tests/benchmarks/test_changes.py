"""The changes that `benchmarks/mutation.py` tries."""

from __future__ import annotations

import ast

import pytest
from mutants.changes import changed, changes


@pytest.mark.parametrize(
    ("source", "after"),
    [
        ("x = a + b", ["x = a - b", "x = a"]),
        ("x = a * b", ["x = a / b", "x = a"]),
        ("x = a // b", ["x = a / b"]),
        ("x = a < b", ["x = a <= b"]),
        ("x = a and b", ["x = a or b"]),
        ("x = not a", ["x = a"]),
        ("x = -a", ["x = a"]),
        ("x += a", ["x -= a"]),
        ("x = 2", ["x = 3"]),
        ("x = -1", ["x = 0"]),
        ("x = -2", ["x = -1"]),
        ("x = 0.5", ["x = 1.5"]),
        ("x = True", ["x = False"]),
        ("def f(n=1):\n    return n", ["def f(n=2):\n    return n"]),
        ("def f(n: Literal[1]) -> Literal[2]:\n    pass", []),
        ("raise ValueError(a + b)", []),
        ("assert a < b", []),
        ("x = f'{a + b}'", []),
        ("x = zip(a, b, strict=True)", []),
        ("x = normal(seed=1)", []),
        ("x = Generator().manual_seed(1)", []),
        ("def f(*, seed=1, n=2):\n    pass", ["def f(*, seed=1, n=3):\n    pass"]),
        ("if TYPE_CHECKING:\n    x = 1", []),
        ("Given = Tensor | None", []),
        ("@cache(1)\ndef f():\n    pass", []),
    ],
)
def test_what_is_changed(source: str, after: list[str]) -> None:
    made = [ast.unparse(changed(source, change.number)) for change in changes(source)]
    assert made == after


def test_a_change_is_named_by_where_it_stands() -> None:
    (change,) = changes("class A:\n    def f(self, x):\n        return x ** self.y\n")
    assert (change.within, change.line, change.text) == ("A.f", 3, "return x ** self.y")
    assert change.what == "x ** self.y → x * self.y"


def test_numbers_may_be_left_out() -> None:
    assert [change.what for change in changes("x = a % 2", numbers=False)] == ["a % 2 → a * 2"]
