"""A folder of Python source and a name like `package.module:function` in; where it is defined, and its text, out.

Files are parsed, never imported: this works where their imports are not installed, and runs nothing.
"""

from __future__ import annotations

import ast
import difflib
import io
import textwrap
import tokenize
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from threepass.reach.modules import Modules
from threepass.reach.normal_form import Function, is_bare_constant
from threepass.reach.resolution import Definition, WholeModule, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from threepass.reach.module_source import Module

Kind = Literal["function", "class", "constant", "module"]
_Statements = list[ast.stmt]


@dataclass(frozen=True)
class Symbol:
    """A module, or a function, class or constant of one.

    Lines count from 1 and take decorators in; `source` is the text of these lines as it stands in the file; `signature`
    is a definition's head without decorators, colon and body. A string below a constant is its docstring.
    """

    module: str
    qualified_name: str
    path: Path
    first_line: int
    last_line: int
    source: str
    docstring: str | None
    signature: str
    kind: Kind

    @property
    def reference(self) -> str:
        """The name by which a note refers to it."""
        return f"{self.module}:{self.qualified_name}" if self.qualified_name else self.module


class SourceTree(Modules):
    """The source that notes may name: its modules, and what is in them."""

    def find(self, reference: str) -> Symbol | None:
        """Return what `package.module:qualified.name` or `package.module` names, or None.

        Aliases and re-exports lead to where the thing is defined, a method to the class that it is inherited from.
        """
        name, _, qualified = reference.partition(":")
        module = self.module(name)
        if module is None or (":" in reference and not qualified):
            return None
        if not qualified:
            return _module_symbol(module)
        first, *rest = qualified.split(".")
        return self._follow(module, first, tuple(rest), frozenset())

    def members(self, module: str) -> tuple[Symbol, ...]:
        """Return the public functions and classes that a module defines, in the order of the source."""
        source = self.module(module)
        if source is None:
            return ()
        if module not in self._members:
            self._members[module] = _members(source)
        return self._members[module]

    @cached_property
    def _members(self) -> dict[str, tuple[Symbol, ...]]:
        return {}

    def nearest(self, reference: str) -> str | None:
        """Return the existing reference that was most likely meant: the same name elsewhere, or one spelt alike."""
        name, colon, qualified = reference.partition(":")
        modules = [module for module, _ in self.modules()]
        if not colon:
            return _closest(name, modules)
        known = {module: list(self._names(module)) for module in modules}
        moved = [f"{module}:{qualified}" for module in modules if qualified in known[module]]
        beside = [f"{name}:{other}" for other in known.get(name, ())]
        everywhere = [f"{module}:{other}" for module in modules for other in known[module]]
        return _closest(reference, moved, 0) or _closest(reference, beside, 0.8) or _closest(reference, everywhere)

    def _names(self, module: str) -> Iterator[str]:
        source = self.module(module)
        for name, bindings in source.top_level.bindings.items() if source else ():
            if all(binding.target for binding in bindings):
                continue
            yield name
            for binding in bindings:
                if isinstance(binding.statement, ast.ClassDef):
                    inner = [each.name for each in binding.statement.body if isinstance(each, Function)]
                    yield from (f"{name}.{method}" for method in inner)

    def _follow(self, module: Module, name: str, rest: tuple[str, ...], seen: frozenset[str]) -> Symbol | None:
        for target in reversed(resolve(self, module, name, rest)):
            if isinstance(target, WholeModule) and (whole := self.module(target.module)):
                return _module_symbol(whole)
            if not isinstance(target, Definition) or (home := self.module(target.module)) is None:
                continue
            found = _defined(home, home.tree.body, (target.name, *target.attributes))
            found = found or self._inherited(home, target, seen)
            if found is not None:
                return found
        return None

    def _inherited(self, module: Module, target: Definition, seen: frozenset[str]) -> Symbol | None:
        here = f"{target.module}:{target.name}"
        if len(target.attributes) != 1 or here in seen:
            return None
        for statement in _statements_of(module.tree.body, target.name):
            for base in statement.bases if isinstance(statement, ast.ClassDef) else []:
                root, *attributes = ast.unparse(base).partition("[")[0].split(".")
                found = self._follow(module, root, (*attributes, *target.attributes), seen | {here})
                if found is not None:
                    return found
        return None


def _closest(word: str, known: list[str], cutoff: float = 0.6) -> str | None:
    return next(iter(difflib.get_close_matches(word, known, n=1, cutoff=cutoff)), None)


def _module_symbol(module: Module) -> Symbol:
    docstring = ast.get_docstring(module.tree)
    last = max(1, len(module.lines) - module.text.endswith("\n"))
    return Symbol(module.name, "", module.path, 1, last, module.text, docstring, module.name, "module")


def _members(module: Module) -> tuple[Symbol, ...]:
    names = [name for name in module.top_level.bindings if not name.startswith("_")]
    found = [_defined(module, module.tree.body, (name,)) for name in names]
    kinds = ("function", "class")
    return tuple(sorted((each for each in found if each and each.kind in kinds), key=lambda each: each.first_line))


def _defined(module: Module, body: _Statements, names: tuple[str, ...], outer: tuple[str, ...] = ()) -> Symbol | None:
    """Return the last definition of a qualified name in a body: it is the one that holds."""
    for statement in reversed(list(_statements_of(body, names[0]))):
        if len(names) == 1:
            return _symbol(module, statement, ".".join((*outer, names[0])), body)
        if isinstance(statement, Function | ast.ClassDef):
            found = _defined(module, statement.body, names[1:], (*outer, names[0]))
            if found is not None:
                return found
    return None


def _statements_of(body: _Statements, name: str) -> Iterator[ast.stmt]:
    """Yield the statements of a body, and of the `if`, `try` and `with` in it, that define a name."""
    for statement in body:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                if statement.name == name:
                    yield statement
            case ast.Assign(targets=targets):
                if any(name in _stored(target) for target in targets):
                    yield statement
            case ast.AnnAssign(target=target):
                if name in _stored(target):
                    yield statement
            case ast.If() | ast.Try() | ast.With() | ast.For() | ast.While():
                handlers = [inner for handler in getattr(statement, "handlers", []) for inner in handler.body]
                inner = [*statement.body, *handlers, *getattr(statement, "orelse", [])]
                yield from _statements_of([*inner, *getattr(statement, "finalbody", [])], name)


def _stored(target: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _symbol(module: Module, statement: ast.stmt, qualified_name: str, body: _Statements) -> Symbol:
    first, last = statement.lineno, statement.end_lineno or statement.lineno
    docstring: str | None
    kind: Kind
    if isinstance(statement, Function | ast.ClassDef):
        head = "\n".join(module.lines[first - 1 : last])
        signature, docstring = _signature(textwrap.dedent(head)), ast.get_docstring(statement)
        first = min([first, *(decorator.lineno for decorator in statement.decorator_list)])
        kind = "class" if isinstance(statement, ast.ClassDef) else "function"
    else:
        docstring, kind = _docstring_below(statement, body), "constant"
        head = textwrap.dedent(module.lines[first - 1])
        signature = head if first == last else head.partition("=")[0].rstrip() + " = …"
    source = "\n".join(module.lines[first - 1 : last]) + "\n"
    return Symbol(module.name, qualified_name, module.path, first, last, source, docstring, signature, kind)


def _docstring_below(statement: ast.stmt, body: _Statements) -> str | None:
    following = body[body.index(statement) + 1 :] if statement in body else []
    match following:
        case [ast.Expr(value=ast.Constant(value=str(text))), *_] if is_bare_constant(following[0]):
            return textwrap.dedent(text).strip()
    return None


def _signature(source: str) -> str:
    """Return the text of a definition up to the colon that ends its head."""
    depth = 0
    lines = source.split("\n")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.string in ("(", "[", "{"):
            depth += 1
        elif token.string in (")", "]", "}"):
            depth -= 1
        elif token.string == ":" and depth == 0 and token.type == tokenize.OP:
            row, column = token.start
            return "\n".join([*lines[: row - 1], lines[row - 1][:column]])
    return source
