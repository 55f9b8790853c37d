"""Statements in; the names that they bind in their own scope, and what they import, out."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from threepass.reach.normal_form import DEEPEST, Function, children

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass(frozen=True)
class Import:
    """What an import leads to: a module, or a name of one. The module's name is absolute."""

    module: str
    name: str | None = None


@dataclass
class Bound:
    """The names of one scope.

    `names` holds, for each name, an `Import` for each import that binds it and None for anything else that does;
    `imported` also what an import runs without binding it (`b.c` in `import b.c`); `stars` the modules of
    `from m import *`; `declared_global` the names of `global` statements.
    """

    names: dict[str, list[Import | None]] = field(default_factory=dict)
    imported: list[Import] = field(default_factory=list)
    stars: list[str] = field(default_factory=list)
    declared_global: set[str] = field(default_factory=set)

    def bind(self, name: str, target: Import | None = None) -> None:
        """Note that a name is bound."""
        self.names.setdefault(name, []).append(target)


def bound_by(nodes: Iterable[ast.AST], *, package: str) -> Bound:
    """Return what `nodes` bind in the scope they stand in; `package` is what their relative imports start from."""
    binder = _Binder(package)
    for node in nodes:
        binder.visit(node)
    for name in binder.not_here:
        binder.bound.names.pop(name, None)
    return binder.bound


def imports_of(node: ast.Import | ast.ImportFrom, *, package: str) -> Iterator[tuple[str, Import]]:
    """Yield each name that an import binds, with what it leads to; `*` is a name too."""
    if isinstance(node, ast.ImportFrom):
        module = _absolute(node, package)
        yield from ((alias.asname or alias.name, Import(module, alias.name)) for alias in node.names)
    else:
        for alias in node.names:
            above, _, last = alias.name.rpartition(".")
            if not alias.asname:
                yield alias.name.partition(".")[0], Import(alias.name.partition(".")[0])
            else:  # `import a.b as c` takes the attribute `b` of `a`, as `from a import b as c` does
                yield alias.asname, Import(above, last) if above else Import(last)


def _absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    above = package.split(".")
    if node.level > len(above):
        return "." * node.level + (node.module or "")  # leaves the top package: no module has this name
    return ".".join([*above[: len(above) - node.level + 1], *([node.module] if node.module else [])])


class _Binder(ast.NodeVisitor):
    """Walks one scope; a nested one only as far as it binds here: its name, and `:=` in comprehensions."""

    def __init__(self, package: str) -> None:
        self.bound = Bound()
        self.not_here: set[str] = set()
        self._package = package
        self._in_comprehension = 0
        self._depth = 0

    def generic_visit(self, node: ast.AST) -> None:
        if self._depth < DEEPEST:
            self._depth += 1
            for child in children(node):
                self.visit(child)
            self._depth -= 1

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load) and not self._in_comprehension:
            self.bound.bind(node.id)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.bound.bind(node.target.id)
        self.visit(node.value)

    def visit_Import(self, node: ast.Import) -> None:
        self._visit_import(node)
        self.bound.imported += [Import(alias.name) for alias in node.names]

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.module != "__future__":
            self._visit_import(node)

    def _visit_import(self, node: ast.Import | ast.ImportFrom) -> None:
        for name, target in imports_of(node, package=self._package):
            self.bound.imported.append(target)
            if name == "*":
                self.bound.stars.append(target.module)
            else:
                self.bound.bind(name, target)

    def visit_Global(self, node: ast.Global) -> None:
        self.bound.declared_global |= set(node.names)
        self.not_here |= set(node.names)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        self.not_here |= set(node.names)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self._visit_named(node, node.name)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        self._visit_named(node, node.name)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        self._visit_named(node, node.name)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        self._visit_named(node, node.rest)

    def _visit_named(self, node: ast.AST, name: str | None) -> None:
        if name is not None:
            self.bound.bind(name)
        self.generic_visit(node)

    def visit_FunctionDef(self, node: Function) -> None:
        self.bound.bind(node.name)
        self._visit_all([*node.decorator_list, *node.args.defaults, *node.args.kw_defaults])

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815 - ast's name

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.bound.bind(node.name)
        self._visit_all([*node.decorator_list, *node.bases, *node.keywords])

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._visit_all([*node.args.defaults, *node.args.kw_defaults])

    def _visit_all(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def _visit_comprehension(self, node: _Comprehension) -> None:
        self._in_comprehension += 1
        self.generic_visit(node)
        self._in_comprehension -= 1

    visit_ListComp = visit_SetComp = _visit_comprehension  # noqa: N815 - ast's names
    visit_DictComp = visit_GeneratorExp = _visit_comprehension  # noqa: N815
