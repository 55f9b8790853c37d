"""LaTeX in titles and names."""

import pytest

from threepass.latex.in_text import Piece, as_read, pieces, with_accents


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"Schr\"odinger", "Schrödinger"),
        (r"Poincar\'{e}", "Poincaré"),
        (r"Sch{\"u}tze", "Schütze"),
        (r"na\"{\i}ve", "naïve"),
        (r"{\L}ukasz", "Łukasz"),
        (r"\v{S}iklos and \v Siklos", "Šiklos and Šiklos"),
        (r"Erd\H{o}s, \c{C}etin, {\O}rsted, Ga\ss mann", "Erdős, Çetin, Ørsted, Gaßmann"),
        (r"$\'x$ stays, as does \alpha and \texttt{x}", r"$\'x$ stays, as does \alpha and \texttt{x}"),
        (r"{GANs} and C:\u", r"{GANs} and C:\u"),
    ],
)
def test_accents_become_letters_and_formulas_stay(latex: str, text: str) -> None:
    assert with_accents(latex) == text


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"{GAN}s -- \emph{on {\bf it}}, 50\% of A\&B's", "GANs – on it, 50% of A&B's"),
        (r"``quoted'' --- {\it so}", "“quoted” — so"),
        (r"a lone { stays, \unknown{x} too", r"a lone { stays, \unknown{x} too"),
    ],
)
def test_what_sets_text_is_read_through(latex: str, text: str) -> None:
    assert as_read(latex) == text


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        (r"O$(n)$-sorting", ["(n)"]),
        (r"\(x\), \[y\] and $$z$$", ["x", "y", "z"]),
        ("costs $5 and $6", []),
        (r"\$5 and $x", []),
        ("", []),
    ],
)
def test_formulas_are_told_from_money(text: str, formulas: list[str]) -> None:
    found = list(pieces(text))
    assert [piece.formula for piece in found if piece.formula is not None] == formulas
    assert "".join(piece.source for piece in found) == text


def test_a_piece_keeps_how_it_stands_there() -> None:
    assert list(pieces("a $b$")) == [Piece("a ", None), Piece("$b$", "b")]
