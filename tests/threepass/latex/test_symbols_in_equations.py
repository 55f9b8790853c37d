"""Symbols are found in a formula as its LaTeX means them."""

import re

import pytest

from threepass.latex.equations import to_mathml
from threepass.latex.symbols_in_equations import mark_symbols


def marked(latex: str, *symbols: str) -> list[str]:
    """Return the symbols that are marked, in the order of the formula."""
    mathml = to_mathml(latex, display=True)
    assert isinstance(mathml, str)
    made, missing = mark_symbols(mathml, symbols)
    assert re.sub(r"<[^>]*>", "", made) == re.sub(r"<[^>]*>", "", mathml).replace("&ApplyFunction;", "\u2061")
    found = [symbols[int(number)] for number in re.findall(r'<mrow class="tp-symbol" data-symbol="(\d+)">', made)]
    assert set(found) | set(missing) == set(symbols)
    assert not set(found) & set(missing)
    return found


@pytest.mark.parametrize(
    ("latex", "symbols", "found"),
    [
        ("x + y", ("x",), ["x"]),
        ("x_i - x", ("x_i", "x"), ["x_i", "x"]),
        ("x_i - x", ("x", "x_i"), ["x_i", "x"]),
        ("x_i^2", ("x_i",), []),
        ("x_i^2", ("x",), ["x"]),
        (r"\frac{\partial F(x')}{\partial x_i}", ("F", "x'", "x_i"), ["F", "x'", "x_i"]),
        (r"PE_{(pos, 2i)}", ("pos", "i"), ["pos", "i"]),
        (r"\max(0, x W_1)", ("x", "W_1"), ["x", "W_1"]),
        (r"\sqrt{d_k}", ("d_k", "k"), ["d_k"]),
        (r"\mathrm{head}_i", (r"\mathrm{head}_i",), [r"\mathrm{head}_i"]),
        ("a", (r"\frac{", "b", ""), []),
    ],
)
def test_symbols_are_marked(latex: str, symbols: tuple[str, ...], found: list[str]) -> None:
    assert marked(latex, *symbols) == found


def test_the_latex_to_copy_stays_as_it_is() -> None:
    mathml = to_mathml("x < y", display=True)
    assert isinstance(mathml, str)
    made = mark_symbols(mathml, ["x"]).mathml
    assert '<annotation encoding="application/x-tex">x &lt; y</annotation>' in made
