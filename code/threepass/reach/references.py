"""A statement of a module's top level in; every name it takes from outside, by Python's own rules of scope, out."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from threepass.reach.data_files import root_of
from threepass.reach.normal_form import Function, NestedTooDeeplyError, children, dump, parameters, parts, statements
from threepass.reach.scopes import Bound, Import, bound_by

if TYPE_CHECKING:
    from collections.abc import Iterable

    from threepass.reach.module_source import Module

_OF_AN_OBJECT = frozenset({"getattr", "hasattr", "setattr", "delattr"})
BUILTINS = _OF_AN_OBJECT | {"globals", "vars", "eval", "exec", "__import__"}
"""Builtin functions whose result depends on values."""
_ELSEWHERE = frozenset({"import_module", "modules", "run_module", "run_path", "spec_from_file_location"})
"""Of `importlib`, `sys` and `runpy`; whether the name is theirs is known only when it is resolved."""


@dataclass(frozen=True)
class Reference:
    """A name of the module, or an import inside the statement, with the attributes taken of it.

    `in_path` marks a name from which the path of a file is built.
    """

    root: str | Import
    attributes: tuple[str, ...] = ()
    in_path: bool = False


@dataclass(frozen=True)
class Dynamic:
    """A place where what is reached depends on values: the function used, and the object whose attribute is taken."""

    function: Reference
    subject: Reference | None
    line: int


@dataclass
class References:
    """What a statement takes from outside.

    `changed` are the names whose object it changes in place, `methods` those of which it calls a method; `imported`
    what it imports when it runs; `strings` its literals; `paths` expressions from which the path of a file is built.
    """

    names: set[Reference] = field(default_factory=set)
    changed: set[Reference] = field(default_factory=set)
    methods: set[Reference] = field(default_factory=set)
    dynamic: list[Dynamic] = field(default_factory=list)
    imported: set[Import] = field(default_factory=set)
    strings: set[str] = field(default_factory=set)
    paths: list[ast.expr] = field(default_factory=list)


def references(statement: ast.AST, *, package: str) -> References:
    """Return what a statement of the top level takes from outside; `package` is where relative imports start."""
    reader = _Reader(package)
    reader.visit(statement)
    return reader.found


class Readings:
    """What is known of the statements of a run, each read once; None where one is nested too deeply to be followed."""

    def __init__(self) -> None:
        self._references: dict[ast.stmt, References] = {}
        self._dumped: dict[ast.stmt, str | None] = {}

    def references(self, module: Module, statement: ast.stmt) -> References | None:
        """Return what a statement of a module's top level takes from outside."""
        if self._dump(statement) is None:
            return None
        if statement not in self._references:
            self._references[statement] = references(statement, package=module.package)
        return self._references[statement]

    def text(self, module: Module, statement: ast.stmt) -> str:
        """Return a statement without what makes no difference, or as it stands in the file."""
        dumped = self._dump(statement)
        return "\n".join(module.lines[statement.lineno - 1 : statement.end_lineno]) if dumped is None else dumped

    def _dump(self, statement: ast.stmt) -> str | None:
        if statement not in self._dumped:
            try:
                self._dumped[statement] = dump(statement)
            except NestedTooDeeplyError:
                self._dumped[statement] = None
        return self._dumped[statement]


@dataclass
class _Scope:
    bound: Bound
    is_class: bool = False
    self_name: str | None = None


class _Reader(ast.NodeVisitor):
    def __init__(self, package: str) -> None:
        self.found = References()
        self._package = package
        self._scopes: list[_Scope] = []
        self._path_roots: set[int] = set()

    def generic_visit(self, node: ast.AST) -> None:
        for child in children(node):
            self.visit(child)

    def _visit_all(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    # Names

    def _roots(self, name: str) -> list[Reference]:
        """Return what a name stands for outside the statement: nothing for a local variable."""
        innermost = True
        for scope in reversed(self._scopes):
            if scope.is_class and not innermost:
                continue  # a class's names are not seen from its methods
            innermost = False
            if name in scope.bound.declared_global:
                return [Reference(name)]
            if name in scope.bound.names:
                imports = [Reference(target) for target in scope.bound.names[name] if target is not None]
                return (
                    [*imports, Reference(name)] if scope.is_class else imports
                )  # the module's, until the class binds it
        return [Reference(name)]

    def _take(self, name: ast.Name, attributes: tuple[str, ...] = ()) -> list[Reference]:
        in_path = id(name) in self._path_roots
        taken = [Reference(root.root, attributes, in_path) for root in self._roots(name.id)]
        self.found.names.update(taken)
        return taken

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            for taken in self._take(node):
                self._note_dynamic(taken, None, node)
        elif self._scopes:
            self.found.changed.update(self._take(node))  # a `global`: all others are local

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._note_path(node)
        chain = _chain(node)
        if chain is None:
            self.visit(node.value)
            return
        for taken in self._take(*chain):
            self._note_dynamic(taken, None, node)
            if not isinstance(node.ctx, ast.Load):
                self.found.changed.add(taken)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self._note_path(node)
        chain = _chain(node.value)
        if chain is not None and not isinstance(node.ctx, ast.Load):
            self.found.changed.update(self._take(*chain))
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self._take(node.target)  # read as well as written
        self.generic_visit(node)

    # What cannot be followed

    def visit_Call(self, node: ast.Call) -> None:
        self._note_path(node)
        chain = _chain(node.func)
        if chain is None:
            self.generic_visit(node)
            return
        functions = self._take(*chain)
        name, attributes = chain[0].id, chain[1]
        if attributes:
            self.found.methods.update(functions)
        if name in _OF_AN_OBJECT and not attributes and functions and len(node.args) > 1:
            self._visit_getattr(functions[0], node)
        elif attributes[-1:] == ("import_module",) or (name == "import_module" and not attributes):
            self._visit_import_module(functions, node)
        else:
            if not (name == "vars" and node.args):  # `vars(x)` takes x, which is seen as an argument
                for function in functions:
                    self._note_dynamic(function, None, node)
            self._visit_all([*node.args, *node.keywords])

    def _visit_getattr(self, function: Reference, node: ast.Call) -> None:
        subject, attribute, *rest = node.args
        self._visit_all([attribute, *rest, *node.keywords])
        chain = _chain(subject)
        if chain is None:
            self.visit(subject)
        if isinstance(attribute, ast.Constant) and isinstance(attribute.value, str):
            if chain is not None:
                self._take(chain[0], (*chain[1], attribute.value))
        elif chain is None:
            self.found.dynamic.append(Dynamic(function, None, node.lineno))
        elif not self._is_self(chain[0].id):
            subjects: list[Reference | None] = [Reference(root.root, chain[1]) for root in self._roots(chain[0].id)]
            self.found.dynamic += [Dynamic(function, subject, node.lineno) for subject in (subjects or [None])]

    def _visit_import_module(self, functions: list[Reference], node: ast.Call) -> None:
        match node.args:
            case [ast.Constant(str(name)), *_] if not name.startswith("."):
                self.found.names.add(Reference(Import(name)))
            case [ast.Constant(str(name)), ast.Name("__package__" | "__name__")]:
                module = name.lstrip(".")
                above = self._package.split(".")[: len(self._package.split(".")) - (len(name) - len(module)) + 1]
                self.found.names.add(Reference(Import(".".join([*above, module]))))
            case _:
                for function in functions:
                    self._note_dynamic(function, None, node)
        self._visit_all([*node.args, *node.keywords])

    def _note_dynamic(self, taken: Reference, subject: Reference | None, node: ast.expr) -> None:
        builtin = isinstance(taken.root, str) and not taken.attributes and taken.root in BUILTINS
        imported = taken.root.name if isinstance(taken.root, Import) else taken.root
        last = taken.attributes[-1] if taken.attributes else imported
        if builtin or last in _ELSEWHERE or last == "__subclasses__":
            self.found.dynamic.append(Dynamic(taken, subject, node.lineno))

    def _is_self(self, name: str) -> bool:
        for scope in reversed(self._scopes):
            if not scope.is_class and name in scope.bound.names:
                return scope.self_name == name
        return False

    # Data files

    def visit_BinOp(self, node: ast.BinOp) -> None:
        self._note_path(node)
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self.found.strings.add(node.value)

    def _note_path(self, node: ast.expr) -> None:
        """Note an expression that may build a path, once, with all that is built upon it."""
        root = root_of(node)
        if root is None or id(root) in self._path_roots:
            return
        if not isinstance(root, ast.Name) or any(isinstance(found.root, str) for found in self._roots(root.id)):
            self._path_roots.add(id(root))
            self.found.paths.append(node)

    # Scopes

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        bound = bound_by([node], package=self._package)
        self.found.imported.update(bound.imported)
        for name in bound.names:
            self._define(name)

    def _define(self, name: str) -> None:
        """Note that a definition or an import, below a `global`, changes the module."""
        if self._scopes and name in self._scopes[-1].bound.declared_global:
            self.found.changed.add(Reference(name))

    visit_ImportFrom = visit_Import  # noqa: N815 - ast's name

    def visit_FunctionDef(self, node: Function) -> None:
        self._define(node.name)
        head = [part for name, part in parts(node) if name != "body"]
        for part in head:
            self._visit_all(part if isinstance(part, list) else [part] if isinstance(part, ast.AST) else [])
        arguments = parameters(node.args)
        static = any(isinstance(each, ast.Name) and each.id == "staticmethod" for each in node.decorator_list)
        is_method = bool(self._scopes) and self._scopes[-1].is_class and not static
        self._visit_scope(
            list(statements(node.body)), arguments, self_name=arguments[0] if is_method and arguments else None
        )

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815 - ast's name

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._visit_all([*node.args.defaults, *node.args.kw_defaults])
        self._visit_scope([node.body], parameters(node.args))

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._define(node.name)
        for name, part in parts(node):
            if name != "body" and isinstance(part, list):
                self._visit_all(part)
        self._visit_scope(list(statements(node.body)), is_class=True)

    def _visit_scope(
        self,
        body: list[ast.stmt] | list[ast.expr],
        names: Iterable[str] = (),
        *,
        is_class: bool = False,
        self_name: str | None = None,
    ) -> None:
        bound = bound_by(body, package=self._package)
        for name in names:
            bound.bind(name)
        self._scopes.append(_Scope(bound, is_class, self_name))
        self._visit_all(body)
        self._scopes.pop()

    def _visit_comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> None:
        first, *others = node.generators
        self.visit(first.iter)  # in the scope outside
        results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        bound = bound_by([generator.target for generator in node.generators], package=self._package)
        self._scopes.append(_Scope(bound))
        self._visit_all([first.target, *first.ifs, *others, *results])
        self._scopes.pop()

    visit_ListComp = visit_SetComp = _visit_comprehension  # noqa: N815 - ast's names
    visit_DictComp = visit_GeneratorExp = _visit_comprehension  # noqa: N815


def _chain(node: ast.expr) -> tuple[ast.Name, tuple[str, ...]] | None:
    """Return `x` and `("y", "z")` for `x.y.z`, and None for what does not begin with a name."""
    attributes: list[str] = []
    while isinstance(node, ast.Attribute):
        attributes.append(node.attr)
        node = node.value
    return (node, tuple(reversed(attributes))) if isinstance(node, ast.Name) else None
