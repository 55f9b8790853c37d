"""A symbol of the library's code in; the lines of its source that a page shows, out."""

from __future__ import annotations

import ast
import textwrap
from typing import TYPE_CHECKING, NamedTuple

from threepass.reach.normal_form import Function

if TYPE_CHECKING:
    from threepass.reach.symbols import Symbol


class Excerpt(NamedTuple):
    """Lines of a file, counted from 1, as text without their common indentation."""

    text: str
    first_line: int
    last_line: int


def excerpt(symbol: Symbol, *, first: str = "", last: str = "") -> Excerpt | None:
    """Return a symbol's source, or a part of it; None where no statement begins so.

    With `first` alone: the whole of the first statement whose text begins so. With `last` too: from there to the end of
    the next statement that begins with `last`. A part is named by its words and not by line numbers, which would come
    to mean other lines without anybody's notice.
    """
    rows = symbol.source.rstrip("\n").split("\n")
    begin, end = 0, len(rows) - 1
    if first:
        spans = _statements(symbol)
        begun = [span for span in spans if rows[span[0]].strip().startswith(first)]
        if not begun:
            return None
        begin, end = begun[0]
        if last:
            ends = [to for at, to in spans if at > begin and rows[at].strip().startswith(last)]
            if not ends:
                return None
            end = ends[0]
    text = textwrap.dedent("\n".join(rows[begin : end + 1])) + "\n"
    return Excerpt(text, symbol.first_line + begin, symbol.first_line + end)


def without_docstring(symbol: Symbol) -> str:
    """Return a symbol's source without its docstring and without its indentation."""
    source = textwrap.dedent(symbol.source)
    if (body := _parsed(source).body) and isinstance(body[0], Function | ast.ClassDef):
        match body[0].body:
            case [ast.Expr(value=ast.Constant(value=str())) as docstring, *_] if docstring.lineno > body[0].lineno:
                rows = source.split("\n")
                del rows[docstring.lineno - 1 : docstring.end_lineno]
                return "\n".join(rows)
    return source


def _statements(symbol: Symbol) -> list[tuple[int, int]]:
    """Return the first and the last row, from 0, of each statement and each `case` in a symbol, in order."""
    tree = _parsed(textwrap.dedent(symbol.source))
    spans = {(node.lineno - 1, _end(node)) for node in ast.walk(tree) if isinstance(node, ast.stmt)}
    cases = (node for node in ast.walk(tree) if isinstance(node, ast.match_case))
    return sorted({*spans, *((case.pattern.lineno - 1, _end(case.body[-1])) for case in cases)})


def _end(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - 1


def _parsed(source: str) -> ast.Module:
    """Parse a definition out of its file; a text of several lines may keep it from losing its indentation."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.Module([], [])
