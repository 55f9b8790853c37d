"""The source of a module in; every small change of its meaning that is to be tried, out.

An operator becomes another one, a number one more, a truth value its opposite, and the last term of a sum or factor
of a product is left out. What says nothing about what is computed stays as it is: annotations, decorators, what is
raised or warned, texts, and what only type checkers see.
"""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

OTHER: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
TERMS = (ast.Add, ast.Sub, ast.Mult, ast.Div)
LEFT_ALONE = (ast.Raise, ast.Assert, ast.JoinedStr)
"""Statements and expressions that are not entered."""
FIELDS_LEFT_ALONE = {"annotation", "returns", "decorator_list"}


@dataclass(frozen=True, order=True)
class Change:
    """One change: its number in the module, where it is, and what it says before and after."""

    number: int
    line: int
    within: str
    """The function or class, `Model.forward`; empty for a module's own statements."""
    text: str
    """The line of the source, stripped."""
    before: str
    after: str

    @property
    def what(self) -> str:
        return f"{self.before} → {self.after}"


@dataclass(frozen=True)
class _Site:
    parent: ast.AST
    field: str
    index: int | None
    node: ast.expr | ast.stmt
    instead: ast.AST
    within: str


def changes(source: str, *, numbers: bool = True) -> list[Change]:
    """Return all changes of a module, in the order of its syntax tree; without `numbers`, those of operators only."""
    lines = source.splitlines()
    return [
        Change(
            number=number,
            line=site.node.lineno,
            within=site.within,
            text=lines[site.node.lineno - 1].strip(),
            before=_short(site.node),
            after=_short(site.instead),
        )
        for number, site in enumerate(_sites(ast.parse(source), ""))
        if numbers or not _is_number(site.node)
    ]


def changed(source: str, number: int) -> ast.Module:
    """Return the module's syntax tree with one change made in it."""
    tree = ast.parse(source)
    site = next(site for at, site in enumerate(_sites(tree, "")) if at == number)
    if site.index is None:
        setattr(site.parent, site.field, site.instead)
    else:
        getattr(site.parent, site.field)[site.index] = site.instead
    return ast.fix_missing_locations(tree)


def _sites(parent: ast.AST, within: str) -> Iterator[_Site]:
    for field, value in ast.iter_fields(parent):
        if field in FIELDS_LEFT_ALONE:
            continue
        for index, node in enumerate(value) if isinstance(value, list) else ((None, value),):
            if field == "kw_defaults" and index is not None and parent.kwonlyargs[index].arg == "seed":  # type: ignore[attr-defined]  # only arguments have defaults
                continue
            if not isinstance(node, ast.AST) or _says_nothing(node):
                continue
            if isinstance(node, ast.expr | ast.stmt):
                for instead in _instead_of(node):
                    yield _Site(parent, field, index, node, ast.copy_location(instead, node), within)
            if isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant):
                continue  # −1 is one number
            defines = isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
            yield from _sites(node, f"{within}.{node.name}".lstrip(".") if defines else within)


def _says_nothing(node: ast.AST) -> bool:
    """Whether a node is not to be entered."""
    match node:
        case ast.If(test=ast.Name(id="TYPE_CHECKING")) | ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case ast.keyword(arg="seed") | ast.Call(func=ast.Attribute(attr="manual_seed")):
            return True  # what holds for one seed only does not hold
        case ast.keyword(arg="strict") | ast.Call(func=ast.Name(id="field") | ast.Attribute(attr="warn")):
            return True  # `zip(…, strict=True)` guards against our own mistakes, as an assertion does
        case ast.AugAssign(target=ast.Name(id="__all__")):
            return True
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.BinOp(op=ast.BitOr()) | ast.Subscript()):
            return (
                name[0].isupper() and name != name.upper()
            )  # the name of a type: `Given = Tensor | tuple[Tensor, ...]`
        case ast.BinOp(left=left, right=right):
            return any(isinstance(part, ast.JoinedStr) or _is_text(part) for part in (left, right))
    return isinstance(node, LEFT_ALONE)


def _is_number(node: ast.AST) -> bool:
    operand = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(operand, ast.Constant)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _instead_of(node: ast.expr | ast.stmt) -> Iterator[ast.AST]:
    match node:
        case ast.BinOp(left=left, op=op):
            if type(op) in OTHER:
                yield _with(node, op=OTHER[type(op)]())
            if isinstance(op, TERMS):
                yield copy.deepcopy(left)
        case ast.AugAssign(op=op) if type(op) in OTHER:
            yield _with(node, op=OTHER[type(op)]())
        case ast.BoolOp(op=op):
            yield _with(node, op=OTHER[type(op)]())
        case ast.Compare(ops=ops):
            for index, op in enumerate(ops):
                yield _with(node, ops=[*ops[:index], OTHER[type(op)](), *ops[index + 1 :]])
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value) | float(value))):
            yield _number(-value + 1)
        case ast.UnaryOp(op=ast.USub() | ast.Not(), operand=operand):
            yield copy.deepcopy(operand)
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield _number(value + 1)


def _number(value: float) -> ast.expr:
    return ast.Constant(value) if value >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-value))


def _with(node: ast.AST, **fields: object) -> ast.AST:
    made = copy.deepcopy(node)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def _short(node: ast.AST) -> str:
    said = " ".join(ast.unparse(node).split())
    return said if len(said) <= 80 else f"{said[:79]}…"
