"""Python's syntax in; the same without what makes no difference when it runs, out.

Comments and layout are gone once a file is parsed. Here go docstrings and other bare strings, `pass`, the body of
`if TYPE_CHECKING:`, and annotations, but for two kinds that are read while the code runs: those of a class's fields
(dataclasses, pydantic) and those of a decorated function (`singledispatch`, type checkers at run time).

The text that `dump` writes does not depend on Python's version, as `ast.dump` does.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DEEPEST = 100
"""Levels of syntax below which code is not looked at; fixed, so that it does not depend on who asks."""

Function = ast.FunctionDef | ast.AsyncFunctionDef

_LEFT_OUT = frozenset({"ctx", "kind", "type_comment", "type_ignores", "type_params", "annotation", "simple", "returns"})
_BODIES = frozenset({"body", "orelse", "finalbody"})
_PLAIN_DECORATORS = frozenset({"property", "staticmethod", "classmethod"})
"""Decorators that read no annotation."""


class NestedTooDeeplyError(Exception):
    """A piece of syntax has more than `DEEPEST` levels."""


def dump(node: ast.AST) -> str:
    """Return a text that two pieces of syntax share exactly when nothing that counts differs.

    Raises NestedTooDeeplyError.
    """
    pieces: list[str] = []
    _write(node, pieces, 0)
    return "".join(pieces)


def _write(value: Any, pieces: list[str], depth: int) -> None:
    if depth > DEEPEST:
        raise NestedTooDeeplyError
    if isinstance(value, ast.AST):
        pieces += (_kind(value), "(")
        for name, part in parts(value):
            pieces += (name, "=")
            _write(part, pieces, depth + 1)
        pieces.append(")")
    elif isinstance(value, list):
        pieces.append("[")
        for part in value:
            _write(part, pieces, depth)
        pieces.append("]")
    else:
        pieces += (type(value).__name__, ":", repr(value), ",")


def _kind(node: ast.AST) -> str:
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        return "Assign"
    return type(node).__name__


def parts(node: ast.AST) -> list[tuple[str, Any]]:
    """Return the fields of a node that count, by name: nodes, lists of nodes, or plain values."""
    if isinstance(node, ast.Constant):
        return [("value", node.value)]
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        return [("targets", [node.target]), ("value", node.value)]
    found: list[tuple[str, Any]] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if value is None or name in _LEFT_OUT:
            continue
        if name in _BODIES and isinstance(value, list):
            value = list(statements(value))
        if value or not isinstance(value, list):
            found.append((name, value))
    annotations = read_annotations(node)
    return [*found, ("annotations", annotations)] if annotations else found


def children(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes right below a node that count."""
    for _, part in parts(node):
        if isinstance(part, ast.AST):
            yield part
        elif isinstance(part, list):
            yield from (item for item in part if isinstance(item, ast.AST))


def statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a body that do something when they run."""
    for statement in body:
        if isinstance(statement, ast.Pass) or is_bare_constant(statement):
            continue
        if isinstance(statement, ast.If) and _is_type_checking(statement.test):
            yield from statements(statement.orelse)
        elif isinstance(statement, ast.If) and _is_not_type_checking(statement.test):
            yield from statements(statement.body)
        else:
            yield statement


def is_bare_constant(statement: ast.stmt) -> bool:
    """Whether a statement is a docstring, another bare string, or `...`."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def read_annotations(node: ast.AST) -> list[ast.expr]:
    """Return the annotations that code may read when it runs."""
    if isinstance(node, ast.ClassDef):
        return [statement.annotation for statement in node.body if isinstance(statement, ast.AnnAssign)]
    if isinstance(node, Function) and any(_reads_annotations(decorator) for decorator in node.decorator_list):
        given = [argument.annotation for argument in _arguments(node.args)]
        return [annotation for annotation in (*given, node.returns) if annotation is not None]
    return []


def parameters(arguments: ast.arguments) -> list[str]:
    """Return the names of a function's parameters, in their order."""
    return [argument.arg for argument in _arguments(arguments)]


def _arguments(arguments: ast.arguments) -> list[ast.arg]:
    star = [arguments.vararg] if arguments.vararg else []
    stars = [arguments.kwarg] if arguments.kwarg else []
    return [*arguments.posonlyargs, *arguments.args, *star, *arguments.kwonlyargs, *stars]


def _reads_annotations(decorator: ast.expr) -> bool:
    return not (isinstance(decorator, ast.Name) and decorator.id in _PLAIN_DECORATORS)


def _is_type_checking(test: ast.expr) -> bool:
    if isinstance(test, ast.Attribute):
        return test.attr == "TYPE_CHECKING"
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"


def _is_not_type_checking(test: ast.expr) -> bool:
    return isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) and _is_type_checking(test.operand)
