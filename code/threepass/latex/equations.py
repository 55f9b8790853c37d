"""LaTeX in; MathML out, or the reason why not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from math_core import LatexError, LatexToMathML


@dataclass(frozen=True, slots=True)
class BrokenEquation:
    """LaTeX that does not compile: the character (from 0) at which, and why."""

    offset: int
    reason: str

    def hint(self, latex: str) -> str:
        """Return what to look at in the LaTeX that this is of."""
        rest = " ".join(latex[self.offset : self.offset + 20].split())
        return f"look at `{rest}`" if rest else "look at its end"


@lru_cache(maxsize=1 << 15)  # checked, then shown
def to_mathml(latex: str, *, display: bool) -> str | BrokenEquation:
    """Return the MathML of a formula, with its LaTeX as annotation; `display` sets it as a formula of its own."""
    try:
        return _converter().convert_with_local_state(latex.strip(), displaystyle=display)
    except LatexError as error:
        place, _, reason = str(error).partition(": ")
        found = re.match(r"\d+", place)
        lead = len(latex) - len(latex.lstrip())
        return BrokenEquation(lead + int(found.group()) if found else 0, reason or str(error))


@cache
def _converter() -> LatexToMathML:
    return LatexToMathML(fancy_error=False, annotation=True)
