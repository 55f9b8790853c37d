"""A name as a module uses it in; what it stands for out, through imports, aliases, re-exports and `import *`."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from threepass.reach.scopes import Import

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threepass.reach.module_source import Module
    from threepass.reach.modules import Modules


@dataclass(frozen=True)
class Definition:
    """A name that a module of ours defines, and the attributes taken of what it holds."""

    module: str
    name: str
    attributes: tuple[str, ...] = ()


@dataclass(frozen=True)
class WholeModule:
    """A module of ours itself, and how it comes that no more can be known."""

    module: str
    reason: str = "is used as a value"


@dataclass(frozen=True)
class Foreign:
    """A name of a package that is not ours."""

    name: str


@dataclass(frozen=True)
class Unbound:
    """A name that no module of ours binds: a builtin, or a name that is gone."""

    name: str


Target = Definition | WholeModule | Foreign | Unbound


def resolve(modules: Modules, module: Module, root: str | Import, attributes: tuple[str, ...] = ()) -> list[Target]:
    """Return all that `root.attributes` may stand for in a module; several where a name is bound more than once."""
    resolver = _Resolver(modules)
    found = (
        resolver.imported(root, attributes)
        if isinstance(root, Import)
        else resolver.name(module, root, attributes, of_module=False)
    )
    return list(dict.fromkeys(found))


def exported(modules: Modules, module: Module, seen: frozenset[str] = frozenset()) -> set[str] | None:
    """Return the names that `from module import *` takes, or None where `__all__` is computed."""
    listed = module.top_level.bindings.get("__all__", [])
    if not listed:
        names = {name for name in module.top_level.bindings if not name.startswith("_")}
        for star in module.top_level.stars:
            other = modules.module(star) if star not in seen else None
            more = exported(modules, other, seen | {module.name}) if other is not None else set()
            if more is None:
                return None
            names |= more
        return names
    match [binding.statement for binding in listed]:
        case [ast.Assign(value=ast.List(elts=elements) | ast.Tuple(elts=elements))]:
            names = {str(element.value) for element in elements if isinstance(element, ast.Constant)}
            return names if all(isinstance(element, ast.Constant) for element in elements) else None
    return None


class _Resolver:
    """One resolution; `seen` breaks imports that lead in a circle."""

    def __init__(self, modules: Modules) -> None:
        self._modules = modules
        self._seen: set[tuple[str, str, tuple[str, ...]]] = set()

    def name(self, module: Module, name: str, rest: tuple[str, ...], *, of_module: bool) -> Iterator[Target]:
        """Resolve a name in a module's own scope, or as its attribute (`of_module`)."""
        below = f"{module.name}.{name}"
        if (module.name, name, rest) in self._seen:
            if self._modules.module(below) is not None:  # `from . import name` in the package's own `__init__`
                yield from self.module(below, rest)
            return
        self._seen.add((module.name, name, rest))
        found = False
        for binding in module.top_level.bindings.get(name, ()):
            found = True
            if binding.target is None:
                yield Definition(module.name, name, rest)
            else:
                yield from self.imported(binding.target, rest)
        for star in module.top_level.stars:
            for target in self._starred(star, name, rest):
                found = True
                yield target
        if found:
            return
        if self._modules.module(below) is not None:
            yield from self.module(below, rest)
        elif of_module and name == "__dict__":
            yield WholeModule(module.name, "is used by its `__dict__`")
        elif of_module and "__getattr__" in module.top_level.bindings:
            yield WholeModule(module.name, "has a `__getattr__`")
        else:
            stars = [star for star in module.top_level.stars if not self._modules.owns(star)]
            yield Foreign(f"{stars[-1]}.{name}") if stars else Unbound(f"{module.name}:{name}")

    def imported(self, target: Import, rest: tuple[str, ...]) -> Iterator[Target]:
        """Resolve what an import leads to."""
        if not self._modules.owns(target.module):
            yield Foreign(".".join((target.module, *([target.name] if target.name else []), *rest)))
        elif target.name is None:
            yield from self.module(target.module, rest)
        elif (module := self._modules.module(target.module)) is None:
            yield Unbound(f"{target.module}:{target.name}")
        else:
            yield from self.name(module, target.name, rest, of_module=True)

    def module(self, name: str, rest: tuple[str, ...]) -> Iterator[Target]:
        """Resolve the attributes taken of a module."""
        module = self._modules.module(name)
        if module is None:
            yield Unbound(name)
        elif not rest:
            yield WholeModule(name)
        else:
            yield from self.name(module, rest[0], rest[1:], of_module=True)

    def _starred(self, star: str, name: str, rest: tuple[str, ...]) -> Iterator[Target]:
        """Resolve a name that `from star import *` may bring."""
        if not self._modules.owns(star):
            return
        module = self._modules.module(star)
        if module is None:
            return
        names = exported(self._modules, module)
        if names is None:
            yield WholeModule(star, "computes the `__all__` that `import *` takes")
        elif name in names:
            yield from self.name(module, name, rest, of_module=True)
