"""A folder of tests in; which of them exercise a definition of the library's code, out. Nothing is run or imported."""

from __future__ import annotations

import ast
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from threepass.reach.module_source import read_module
from threepass.reach.normal_form import Function, parameters
from threepass.reach.references import references
from threepass.reach.resolution import Definition, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from threepass.reach.module_source import Module
    from threepass.reach.symbols import SourceTree, Symbol


class Exercise(NamedTuple):
    """A test function (`TestClass.test_name` where it is a method), and where it stands."""

    path: Path
    line: int
    name: str


@dataclass(frozen=True)
class TestFolder:
    """The tests under a folder, read when they are first asked for."""

    folder: Path
    tree: SourceTree

    __test__ = False  # for pytest, which would take the class for one of tests

    def of(self, symbol: Symbol) -> tuple[Exercise, ...]:
        """Return the tests that name a symbol, a method's class, or a method of the symbol.

        A test names what its own body, its decorators and its fixtures and helpers in the same file name; what those
        call in turn is not followed.
        """
        return self._by_name.get((symbol.module, symbol.qualified_name), ())

    @cached_property
    def _by_name(self) -> Mapping[tuple[str, str], tuple[Exercise, ...]]:
        found: defaultdict[tuple[str, str], list[Exercise]] = defaultdict(list)
        for path in sorted(self.folder.rglob("test_*.py")):
            module = read_module(path.stem, path)
            if not any(package in module.text for package in self.tree.packages):
                continue
            for exercise, node in _tests(module):
                for name in sorted(self._named_by(node, module)):
                    found[name].append(exercise)
        return {name: tuple(exercises) for name, exercises in found.items()}

    def _named_by(self, test: ast.AST, module: Module) -> set[tuple[str, str]]:
        """Return the definitions of the library that a test names, itself or by what its file defines."""
        named: set[tuple[str, str]] = set()
        waiting, seen = [test], {test}
        while waiting:
            node = waiting.pop()
            local = {name for name in _fixtures(node) if name in module.top_level.bindings}
            for reference in references(node, package=module.package).names:
                for target in resolve(self.tree, module, reference.root, reference.attributes):
                    if not isinstance(target, Definition):
                        continue
                    if target.module == module.name and self.tree.module(target.module) is None:
                        local.add(target.name)
                    else:
                        steps = (target.name, *target.attributes)
                        named |= {(target.module, ".".join(steps[:end])) for end in range(1, len(steps) + 1)}
            more = [each for name in local for each in module.statements(name) if each not in seen]
            seen |= set(more)
            waiting += more
        return named


def _tests(module: Module) -> Iterator[tuple[Exercise, ast.AST]]:
    for statement in module.tree.body:
        if isinstance(statement, Function) and statement.name.startswith("test"):
            yield Exercise(module.path, statement.lineno, statement.name), statement
        elif isinstance(statement, ast.ClassDef) and statement.name.startswith("Test"):
            for method in statement.body:
                if isinstance(method, Function) and method.name.startswith("test"):
                    yield Exercise(module.path, method.lineno, f"{statement.name}.{method.name}"), method


def _fixtures(node: ast.AST) -> list[str]:
    return parameters(node.args) if isinstance(node, Function) else []
