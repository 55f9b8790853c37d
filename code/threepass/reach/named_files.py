"""A statement in; the data files that it names, out: those of its path expressions, and plain strings beside it."""

from __future__ import annotations

import ast
import os
from pathlib import Path
from typing import TYPE_CHECKING

from threepass.reach.data_files import Place, files_at, place_of
from threepass.reach.resolution import Definition, WholeModule, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threepass.reach.module_source import Module
    from threepass.reach.modules import Modules
    from threepass.reach.references import Readings, References

_LONGEST = 200
"""Characters of a string that may still be a file's name."""


class NamedFiles:
    """Answers for some modules; files outside the folder that holds its root are none of ours."""

    def __init__(self, modules: Modules, readings: Readings) -> None:
        self._modules = modules
        self._readings = readings

    def beside(self, module: Module, strings: set[str]) -> Iterator[Path]:
        """Yield the files below a module's folder, and below those of modules named beside, that strings name."""
        named = (self._modules.module(text) for text in strings)
        folders = [module.folder, *(other.folder for other in named if other is not None)]
        for text in strings:
            if 0 < len(text) < _LONGEST and text.isprintable() and not text.endswith(("/", ".py")):
                paths = (Path(os.path.normpath(folder / text)) for folder in folders)
                yield from (path for path in paths if path.is_relative_to(self._modules.root) and path.is_file())

    def places(self, module: Module, statement: ast.stmt, found: References) -> Iterator[Place]:
        """Yield what a statement's path expressions name; a constant that holds a folder names no file yet."""
        value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
        for expression in found.paths:
            place = self._place(module, expression)
            if place is not None and (expression is not value or place.is_file):
                yield place

    def held(self, target: Definition) -> Place | None:
        """Return the file or folder that a module's constant holds, if it is given as a path."""
        module = self._modules.module(target.module)
        if module is None:
            return None
        match module.statements(target.name):
            case [(ast.Assign(targets=[ast.Name()]) | ast.AnnAssign(target=ast.Name())) as statement]:
                found = self._readings.references(module, statement)
                value = statement.value
                if found and value and any(expression is value for expression in found.paths):
                    return self._place(module, value)
        return None

    def files(self, place: Place) -> set[Path]:
        """Return the files of a place."""
        return set(files_at(place, within=self._modules.root.parent))

    def _place(self, module: Module, expression: ast.expr) -> Place | None:
        def folder(package: ast.expr) -> Path | None:
            match package:
                case ast.Constant(str(name)):
                    named = self._modules.module(name)
                    return named.folder if named else None
                case ast.Name("__package__" | "__name__" | "__spec__"):
                    return module.folder
                case ast.Name() | ast.Attribute():
                    root, *attributes = ast.unparse(package).split(".")
                    targets = resolve(self._modules, module, root, tuple(attributes))
                    there = [
                        self._modules.module(target.module) for target in targets if isinstance(target, WholeModule)
                    ]
                    return there[0].folder if there and there[0] else None
            return None

        def constant(name: str) -> Place | None:
            targets = resolve(self._modules, module, name)
            held = [self.held(target) for target in targets if isinstance(target, Definition)]
            return held[0] if len(held) == 1 else None

        try:
            return place_of(expression, module.path, constant=constant, folder=folder)
        except RecursionError:  # `A = B / "a"; B = A / "b"`
            return None
