"""Modules in; the graph of what reaches what out: definitions, modules' own statements, data files.

Names of its nodes: `module:name` for a definition, `module` for what runs when the module is imported, `module:*` for
all that a module holds, and `*` for every module.
"""

from __future__ import annotations

import ast
import hashlib
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from threepass.reach.named_files import NamedFiles
from threepass.reach.normal_form import Function
from threepass.reach.references import BUILTINS, Dynamic, Readings, Reference
from threepass.reach.registration import Registration
from threepass.reach.resolution import Definition, Foreign, Target, WholeModule, resolve

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from threepass.reach.data_files import Place
    from threepass.reach.module_source import Module
    from threepass.reach.modules import Modules
    from threepass.reach.scopes import Import

EVERYTHING = "*"
_LOADERS = {
    "importlib.import_module": "imports a module by a computed name",
    "importlib.__import__": "imports a module by a computed name",
    "importlib.util.spec_from_file_location": "imports a file",
    "runpy.run_module": "runs a module by a computed name",
    "runpy.run_path": "runs a file",
}


class Widening(NamedTuple):
    """A place that cannot be followed (`module:name`, line), and what was taken in instead."""

    where: str
    reason: str


@dataclass
class Node:
    """What one definition, or the import of one module, runs; `digest` is empty where nothing of its own does."""

    digest: str = ""
    leads_to: set[str] = field(default_factory=set)
    widened: list[Widening] = field(default_factory=list)
    files: set[Path] = field(default_factory=set)


class Graph:
    """The nodes of some modules, each made when first asked for."""

    def __init__(self, modules: Modules) -> None:
        self._modules = modules
        self._nodes: dict[str, Node] = {}
        self._readings = Readings()
        self._registration = Registration(modules, self._readings)
        self._named = NamedFiles(modules, self._readings)
        self._digests: dict[Path, str] = {}

    def roots(self, reference: str) -> list[str]:
        """Return the nodes that a reference stands for: of its module alone where the name is gone."""
        name, _, qualified = reference.partition(":")
        module = self._modules.module(name)
        if module is None:
            return []
        if not qualified:
            return [f"{name}:{EVERYTHING}"]
        first, *rest = qualified.split(".")
        targets = resolve(self._modules, module, first, tuple(rest))
        return [name, *(node for target in targets for node in _nodes_of(target))]

    def reach(self, names: Iterable[str]) -> dict[str, Node]:
        """Return every node that can be reached from some, by name."""
        found: dict[str, Node] = {}
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found[name] = self.node(name)
                waiting += found[name].leads_to - found.keys()
        return found

    def node(self, name: str) -> Node:
        """Return a node by its name."""
        if name not in self._nodes:
            self._nodes[name] = self._make(name)
        return self._nodes[name]

    def file_digest(self, path: Path) -> str:
        """Return the digest of a data file's bytes."""
        if path not in self._digests:
            with path.open("rb") as file:
                self._digests[path] = hashlib.file_digest(file, "sha256").hexdigest()
        return self._digests[path]

    # Nodes

    def _make(self, name: str) -> Node:
        home, _, inner = name.partition(":")
        if name == EVERYTHING:
            return Node(leads_to={f"{module}:{EVERYTHING}" for module, _ in self._modules.modules()})
        module = self._modules.module(home)
        if module is None:
            return Node()
        if not inner:
            return self._import_of(module)
        if inner == EVERYTHING:
            return self._all_of(module)
        return self._definition(module, inner)

    def _definition(self, module: Module, name: str) -> Node:
        node = Node(leads_to={module.name})
        pieces = []
        for binding in module.top_level.bindings.get(name, ()):
            if binding.target is None:
                order = f"after {binding.order}" if _runs_at_once(binding.statement) else ""
                text = self._readings.text(module, binding.statement)
                pieces += [order, text, self._connect(node, module, name, binding.statement)]
            else:
                node.leads_to.update(*map(_nodes_of, resolve(self._modules, module, binding.target)))
        node.digest = _digest(pieces)
        return node

    def _all_of(self, module: Module) -> Node:
        """Return all that a module holds: what it defines and imports, and where it is a package, its modules."""
        node = Node(leads_to={module.name})
        said = []
        for name in module.top_level.bindings:
            for target in resolve(self._modules, module, name):
                said.append(f"{name}={target}")
                if isinstance(target, Definition):
                    node.leads_to |= _nodes_of(target)
        below = [name for name, _ in self._modules.modules() if name.rpartition(".")[0] == module.name]
        starred = [star for star in module.top_level.stars if self._modules.owns(star)]
        node.leads_to |= {f"{name}:{EVERYTHING}" for name in (*below, *starred)}
        node.digest = _digest(sorted(said))
        return node

    def _import_of(self, module: Module) -> Node:
        """Return what runs when a module is imported, its package and all that it imports included."""
        node = Node(leads_to={module.name.rpartition(".")[0]} - {""})
        if module.broken:
            node.digest = _digest(["broken", module.text])
            return node
        top = module.top_level
        self._load(node, module, top.imported)
        pieces = []
        for statement in top.effects:
            pieces += [self._readings.text(module, statement), self._connect(node, module, "", statement)]
        registered = [name for name in top.bindings if self._registration.registers_itself(module, name)]
        node.leads_to |= {f"{module.name}:{name}" for name in registered}
        node.digest = _digest([*pieces, *registered]) if pieces or registered else ""
        return node

    def _load(self, node: Node, module: Module, imported: Iterable[Import]) -> None:
        for target in imported:
            names = [target.module, f"{target.module}.{target.name}"] if target.name else [target.module]
            node.leads_to |= {name for name in names if name != module.name and self._modules.module(name)}

    # Edges

    def _connect(self, node: Node, module: Module, name: str, statement: ast.stmt) -> str:
        """Add to a node all that a statement reaches; return what its names stand for, as text."""
        where = f"{module.name}:{name}".removesuffix(":")
        found = self._readings.references(module, statement)
        if found is None:
            node.widened.append(Widening(where, f"it is nested too deeply to be followed: all of {module.name} counts"))
            node.leads_to.add(f"{module.name}:{EVERYTHING}")
            return ""
        self._load(node, module, found.imported)
        said = []
        for reference in found.names:
            targets = resolve(self._modules, module, reference.root, reference.attributes)
            for target in targets:
                said.append(f"{reference.root}.{'.'.join(reference.attributes)}={target}")
                self._lead(node, where, reference, target)
        for dynamic in found.dynamic:
            said += [f"{target}" for target in self._widen(node, module, where, dynamic)]
        node.files.update(self._named.beside(module, found.strings))
        for place in self._named.places(module, statement, found):
            self._add_files(node, where, place)
        return "\n".join(sorted(said))

    def _lead(self, node: Node, where: str, reference: Reference, target: Target) -> None:
        node.leads_to.update(_nodes_of(target))
        if isinstance(target, WholeModule):
            node.widened.append(Widening(where, f"{target.module} {target.reason}: all of it counts"))
        elif isinstance(target, Definition) and not reference.in_path and (place := self._named.held(target)):
            self._add_files(node, where, place)
        elif isinstance(target, Foreign) and target.name in _LOADERS and not _names(reference, target.name):
            node.leads_to.add(EVERYTHING)
            node.widened.append(Widening(where, f"{_LOADERS[target.name]}: all modules count"))

    def _add_files(self, node: Node, where: str, place: Place) -> None:
        shown = os.path.relpath(place.pattern, self._modules.root).replace(os.sep, "/")
        if shown.startswith("../../"):
            node.widened.append(Widening(where, f"{shown} lies outside the library: it does not count"))
            return
        node.files |= self._named.files(place)
        if not place.is_file:
            node.widened.append(Widening(where, f"it names no single data file: all of {shown} counts"))

    def _widen(self, node: Node, module: Module, where: str, dynamic: Dynamic) -> list[Target]:
        """Take in what a computed name may lead to; return the objects whose attribute it is, where known."""
        functions = resolve(self._modules, module, dynamic.function.root, dynamic.function.attributes)
        name = dynamic.function.attributes[-1] if dynamic.function.attributes else dynamic.function.root
        line = f"line {dynamic.line}"
        for function in functions:
            if isinstance(function, Foreign) and function.name in _LOADERS:
                node.leads_to.add(EVERYTHING)
                node.widened.append(Widening(where, f"{line} {_LOADERS[function.name]}: all modules count"))
                return []
        builtin = name in BUILTINS and name not in module.top_level.bindings
        ours = any(isinstance(function, Definition) for function in functions)
        if name != "__subclasses__" and Foreign("sys.modules") not in functions and (ours or not builtin):
            return []  # another function of the same name
        subject = dynamic.subject
        objects = resolve(self._modules, module, subject.root, subject.attributes) if subject else []
        wholes = {target.module for target in objects if isinstance(target, WholeModule)}
        known = [target for target in objects if isinstance(target, Definition) and self._is_class(target)]
        node.leads_to.update(*map(_nodes_of, objects))
        if objects and not wholes and all(isinstance(target, Foreign) or target in known for target in objects):
            return objects  # attributes of another package, or of a class, all of which counts
        for whole in sorted(wholes or {module.name}):
            node.leads_to.add(f"{whole}:{EVERYTHING}")
            reason = f"{line} uses `{name}` by a computed name: all of {whole} counts"
            node.widened.append(Widening(where, reason))
        return objects

    def _is_class(self, target: Definition) -> bool:
        module = self._modules.module(target.module)
        statements = module.statements(target.name) if module else []
        return not target.attributes and all(isinstance(statement, ast.ClassDef) for statement in statements)


def _nodes_of(target: Target) -> set[str]:
    if isinstance(target, Definition):
        return {f"{target.module}:{target.name}"}
    return {f"{target.module}:{EVERYTHING}"} if isinstance(target, WholeModule) else set()


def _runs_at_once(statement: ast.stmt) -> bool:
    """Whether what a statement does depends on when it runs: all but a plain function, whose body runs later."""
    if isinstance(statement, Function):
        defaults = [*statement.args.defaults, *statement.args.kw_defaults]
        return bool(statement.decorator_list) or any(not isinstance(each, ast.Constant | None) for each in defaults)
    return True


def _names(reference: Reference, function: str) -> bool:
    """Whether a reference shows the function's own name, so that the calls of it have been looked at."""
    shown = reference.attributes[-1] if reference.attributes else reference.root
    return shown == function.rpartition(".")[2]


def _digest(pieces: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(pieces).encode("utf-8", "surrogatepass")).hexdigest()
