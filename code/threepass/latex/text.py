r"""LaTeX in, as bibliographies hold it; the text that it stands for out, and back again. Formulas, `$…$`, stay.

`to_latex` writes what LaTeX should print. It cannot always be read back as the same text (a title of arXiv may hold
LaTeX itself), so that who needs the same text compares.
"""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[^\\{}$~%&#_^`'\"?!<>,-]*")
_MATH = re.compile(r"(?<!\\)\$[^$]+(?<!\\)\$")
_SPECIAL = str.maketrans(
    {
        "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "$": r"\$", "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "@": "{@}",
    }
)  # fmt: skip


def to_unicode(latex: str) -> str:
    r"""Return the text that LaTeX prints: `{\"O}` as `Ö`, `{BERT} \& more` as `BERT & more`; white space is folded."""
    folded = " ".join(latex.split())
    if _PLAIN.fullmatch(folded):
        return folded
    from pylatexenc.latex2text import LatexNodes2Text  # here: it takes as long to import as the rest of a command

    try:
        text: str = LatexNodes2Text(math_mode="verbatim", keep_comments=True).latex_to_text(folded)
    except Exception:  # it fails in many ways on what is no LaTeX
        return folded
    return " ".join(text.split())


def formula_in_words(latex: str) -> str:
    r"""Return a formula as it can be said in a line of plain text: `\sqrt{d_k}` as `√(d_k)`."""
    if "\\" not in latex:
        return latex
    from pylatexenc.latex2text import LatexNodes2Text  # as above

    try:
        text: str = LatexNodes2Text(math_mode="text").latex_to_text(f"${latex}$")
    except Exception:  # as above
        return latex
    return " ".join(text.split())


def to_latex(text: str) -> str:
    """Return a text with LaTeX's special characters escaped, its braces matched; LaTeX that it holds stays LaTeX."""
    parts: list[str] = []
    end = 0
    for formula in _MATH.finditer(text):
        parts += [_escaped(text[end : formula.start()]), formula.group()]
        end = formula.end()
    latex = "".join([*parts, _escaped(text[end:])])
    return in_braces(latex)


def in_braces(value: str) -> str:
    r"""Return a value that may stand in BibTeX's braces: each brace closed, none hidden by a backslash."""
    safe = re.sub(r"\\+(?=[{}]|$)", "", value)
    return safe if balanced(safe) else re.sub(r"[{}]", "", safe)


def balanced(text: str) -> bool:
    """Whether each brace is closed, as BibTeX counts: a backslash before it makes no difference."""
    depth = 0
    for character in text:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    return depth == 0


def _escaped(text: str) -> str:
    return text.replace("@", "{@}") if "\\" in text else text.translate(_SPECIAL)
