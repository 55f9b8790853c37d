"""A definition in; whether making it changes something else, out: `@register("x")`, a base class that lists its heirs.

Such a definition is reached by all who import its module, though none names it.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from threepass.reach.normal_form import Function
from threepass.reach.resolution import Definition, Foreign, Target, resolve

if TYPE_CHECKING:
    from threepass.reach.module_source import Module
    from threepass.reach.modules import Modules
    from threepass.reach.references import Readings


class Registration:
    """Answers for some modules."""

    def __init__(self, modules: Modules, readings: Readings) -> None:
        self._modules = modules
        self._readings = readings

    def registers_itself(self, module: Module, name: str) -> bool:
        """Whether defining a name changes something else: through a decorator, a base class or a metaclass."""
        for statement in module.statements(name):
            if not isinstance(statement, Function | ast.ClassDef):
                continue
            makers = list(statement.decorator_list)
            if isinstance(statement, ast.ClassDef):
                makers += [keyword.value for keyword in statement.keywords if keyword.arg == "metaclass"]
                if any(self._watches_heirs(module, base, frozenset()) for base in statement.bases):
                    return True
            if any(self._changes(target, frozenset()) for maker in makers for target in self._called(module, maker)):
                return True
        return False

    def _called(self, module: Module, node: ast.expr) -> list[Target]:
        while isinstance(node, ast.Call | ast.Subscript):
            node = node.func if isinstance(node, ast.Call) else node.value
        if not isinstance(node, ast.Name | ast.Attribute):
            return []
        root, *attributes = ast.unparse(node).split(".")
        return resolve(self._modules, module, root, tuple(attributes)) if root.isidentifier() else []

    def _changes(self, target: Target, seen: frozenset[Target]) -> bool:
        """Whether calling something may change an object of a module in place; of others' code the name must tell."""
        if isinstance(target, Foreign):
            return target.name.rpartition(".")[2].startswith("register")
        if not isinstance(target, Definition) or target in seen or not (home := self._modules.module(target.module)):
            return False
        defined = home.statements(target.name)
        if target.attributes and not all(isinstance(statement, ast.ClassDef) for statement in defined):
            return True  # a method of a module's object: `REGISTRY.add`, `f.register`
        for statement in defined:
            found = self._readings.references(home, statement)
            if found is None or found.changed or not isinstance(statement, Function | ast.ClassDef):
                return True
            for reference in found.names:
                for each in resolve(self._modules, home, reference.root, reference.attributes):
                    asked = reference in found.methods or self._is_code(each)
                    if asked and isinstance(each, Definition) and self._changes(each, seen | {target}):
                        return True
        return False

    def _watches_heirs(self, module: Module, base: ast.expr, seen: frozenset[Target]) -> bool:
        """Whether a base class, or one above it, is told of each class that inherits from it."""
        for target in self._called(module, base):
            home = self._modules.module(target.module) if isinstance(target, Definition) else None
            if not isinstance(target, Definition) or home is None or target in seen:
                continue
            for statement in home.statements(target.name):
                if isinstance(statement, ast.ClassDef) and (
                    any(keyword.arg == "metaclass" for keyword in statement.keywords)
                    or any(isinstance(each, Function) and each.name == "__init_subclass__" for each in statement.body)
                    or any(self._watches_heirs(home, above, seen | {target}) for above in statement.bases)
                ):
                    return True
        return False

    def _is_code(self, target: Target) -> bool:
        if not isinstance(target, Definition) or not (home := self._modules.module(target.module)):
            return False
        return any(isinstance(statement, Function | ast.ClassDef) for statement in home.statements(target.name))
