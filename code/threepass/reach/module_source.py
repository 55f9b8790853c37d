"""A Python file in; what its top level binds, imports and does, out. The file is parsed, never imported."""

from __future__ import annotations

import ast
import importlib.util
import warnings
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from threepass.reach.normal_form import statements
from threepass.reach.scopes import Import, bound_by

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class BrokenSource:
    """A file that is no Python: where it breaks (counted from 1), and why."""

    path: Path
    line: int
    column: int
    message: str


@dataclass(frozen=True)
class Binding:
    """One way in which a module's top level binds a name: by an import (`target`), or by another statement.

    A `try` or `if` around an import binds in both ways. `order` counts the statements before this one that may change
    what it sees when it runs.
    """

    statement: ast.stmt
    target: Import | None
    order: int


@dataclass
class TopLevel:
    """What a module's own statements do when it is imported; `effects` are those that do more than bind names."""

    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    effects: list[ast.stmt] = field(default_factory=list)
    imported: list[Import] = field(default_factory=list)
    stars: list[str] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Module:
    """A module's source; a folder without `__init__.py` is one with no text, and `broken` says what cannot be read."""

    name: str
    path: Path
    is_package: bool
    text: str = ""
    tree: ast.Module = field(default_factory=lambda: ast.Module([], []))
    broken: BrokenSource | None = None

    @property
    def package(self) -> str:
        """The package from which its relative imports start."""
        return self.name if self.is_package else self.name.rpartition(".")[0]

    @property
    def folder(self) -> Path:
        """The folder that it stands in."""
        return self.path if self.path.suffix != ".py" else self.path.parent

    @cached_property
    def lines(self) -> list[str]:
        """The text's lines as Python counts them."""
        return self.text.split("\n")

    def statements(self, name: str) -> list[ast.stmt]:
        """Return the statements of the top level, other than imports, that bind a name."""
        return [binding.statement for binding in self.top_level.bindings.get(name, ()) if binding.target is None]

    @cached_property
    def top_level(self) -> TopLevel:
        """What its statements bind, import and do."""
        top = TopLevel()
        order = 0
        for statement in statements(self.tree.body):
            if _is_main_guard(statement) or (isinstance(statement, ast.AnnAssign) and statement.value is None):
                continue  # the first is never true in a module that is imported, the second binds nothing
            bound = bound_by([statement], package=self.package)
            rebinds = any(name in top.bindings for name in bound.names)
            for name, targets in bound.names.items():
                if not isinstance(statement, ast.Import | ast.ImportFrom):
                    targets = [*filter(None, targets), None]
                top.bindings.setdefault(name, []).extend(Binding(statement, target, order) for target in targets)
            top.imported += bound.imported
            top.stars += bound.stars
            if not _only_binds(statement):
                top.effects.append(statement)
                order += 1
            elif rebinds:
                order += 1
        return top


def read_module(name: str, path: Path) -> Module:
    """Read and parse one file; nothing raises, `Module.broken` says what is wrong."""
    is_package = path.name == "__init__.py" or path.suffix != ".py"
    if path.suffix != ".py":
        return Module(name, path, is_package)
    text = ""
    try:
        text = importlib.util.decode_source(path.read_bytes())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a file's own deprecated escapes are no concern of ours
            return Module(name, path, is_package, text, ast.parse(text))
    except SyntaxError as error:
        broken = BrokenSource(path, error.lineno or 1, error.offset or 1, error.msg)
    except (OSError, ValueError) as error:
        broken = BrokenSource(path, 1, 1, str(error))
    except (RecursionError, MemoryError):
        broken = BrokenSource(path, 1, 1, "nested too deeply")
    return Module(name, path, is_package, text, broken=broken)


def _only_binds(statement: ast.stmt) -> bool:
    """Whether a statement binds names and, as far as its form can tell, does nothing else."""
    match statement:
        case ast.Import() | ast.ImportFrom() | ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
            return True
        case ast.Assign(targets=targets):
            return all(_is_name(target) for target in targets)
        case ast.AnnAssign(target=target):
            return _is_name(target)
        case ast.If(body=body, orelse=orelse):
            return all(map(_only_binds, statements([*body, *orelse])))
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
            caught = [inner for handler in handlers for inner in handler.body]
            return all(map(_only_binds, statements([*body, *caught, *orelse, *finalbody])))
    return type(statement).__name__ == "TypeAlias"  # Python 3.12


def _is_name(target: ast.expr) -> bool:
    if isinstance(target, ast.Tuple | ast.List):
        return all(_is_name(element) for element in target.elts)
    if isinstance(target, ast.Starred):
        return _is_name(target.value)
    return isinstance(target, ast.Name) and target.id != "_"  # `_ = f()` is called for what it does


def _is_main_guard(statement: ast.stmt) -> bool:
    match statement:
        case ast.If(
            test=ast.Compare(left=ast.Name("__name__"), ops=[ast.Eq()], comparators=[ast.Constant("__main__")]),
            orelse=[],
        ):
            return True
    return False
