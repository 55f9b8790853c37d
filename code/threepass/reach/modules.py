"""A folder and the packages in it in; their modules by name, each parsed once and never imported, out."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from threepass.reach.module_source import BrokenSource, Module, read_module

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Modules:
    """The modules of `packages` under the folder `root`, as they are when first read; each file is parsed at most once.

    Make one a run: it holds what it has read, and sees no later change of a file.
    """

    def __init__(self, root: Path, packages: tuple[str, ...]) -> None:
        self.root = Path(os.path.abspath(root))  # noqa: PTH100 - links stay as the author wrote them
        self.packages = packages
        self._read: dict[str, Module] = {}
        self._made: dict[Callable[[Modules], Any], Any] = {}

    def modules(self) -> list[tuple[str, Path]]:
        """Return every module with its file, sorted by name."""
        return sorted((name, path) for name, path in self._paths.items() if path.suffix == ".py")

    def module(self, name: str) -> Module | None:
        """Return a module by its dotted name."""
        if name not in self._read:
            if name not in self._paths:
                return None
            self._read[name] = read_module(name, self._paths[name])
        return self._read[name]

    def owns(self, module: str) -> bool:
        """Whether a module of this name, there or not, belongs to the packages."""
        return module.startswith(".") or any(module == ours or module.startswith(f"{ours}.") for ours in self.packages)

    def broken(self) -> list[BrokenSource]:
        """Return every file that cannot be parsed, and why."""
        read = (self.module(name) for name, _ in self.modules())
        return [module.broken for module in read if module is not None and module.broken is not None]

    def once(self, make: Callable[[Modules], T]) -> T:
        """Return `make(self)`, made at the first call and kept as long as the modules."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast("T", self._made[make])

    @cached_property
    def _paths(self) -> dict[str, Path]:
        """The file of each module by its name, and the folder of each package without `__init__.py`."""
        found: dict[str, Path] = {}
        for package in self.packages:
            base = self.root.joinpath(*package.split("."))
            if base.with_suffix(".py").is_file():
                found[package] = base.with_suffix(".py")
            for folder, below, files in os.walk(base):
                below[:] = [name for name in below if name.isidentifier() and name != "__pycache__"]
                name = ".".join((package, *Path(folder).relative_to(base).parts))
                stems = [file.removesuffix(".py") for file in files if file.endswith(".py") and file != "__init__.py"]
                if "__init__.py" in files:
                    found[name] = Path(folder, "__init__.py")
                else:
                    found.setdefault(name, Path(folder))
                for stem in filter(str.isidentifier, stems):
                    found[f"{name}.{stem}"] = Path(folder, f"{stem}.py")
        return found
