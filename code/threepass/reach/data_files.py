"""An expression that builds a path in; the files it may name out, without running it.

`Path(__file__).with_name("x.csv")`, `files("package") / "x.csv"`, `HERE.parent / "data" / f"{name}.npz"` and their like
in `os.path`. A part that is computed stands for any file.
"""

from __future__ import annotations

import ast
import glob
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_WRAPPERS = frozenset({"Path", "PurePath", "abspath", "realpath", "str", "fspath", "as_file", "join", "dirname"})
_PATH_ATTRIBUTES = frozenset(
    {"parent", "parents", "joinpath", "with_name", "with_suffix", "resolve", "open", "read_text", "read_bytes"}
    | {"glob", "rglob", "iterdir"}
)


@dataclass(frozen=True)
class Place:
    """A file, a folder or, with `computed`, a pattern of `glob` for what it may be."""

    pattern: str
    computed: bool = False

    @property
    def is_file(self) -> bool:
        """Whether it is one file, there or not."""
        return not self.computed and not any(Path(found).is_dir() for found in glob.glob(self.pattern))  # noqa: PTH207

    def parent(self, levels: int = 1) -> Place:
        """Return the folder `levels` above."""
        pattern = self.pattern
        for _ in range(levels):
            pattern = os.path.dirname(pattern)  # noqa: PTH120 - a pattern, not a path
        return Place(pattern, self.computed)

    def joined(self, parts: list[ast.expr]) -> Place:
        """Return the place that `parts` name below this one."""
        place = self
        for part in parts:
            text, computed = _part(part)
            place = Place(f"{place.pattern}/{text}", place.computed or computed)
        return place


def root_of(node: ast.expr) -> ast.Name | ast.Call | None:
    """Return what an expression that may build a path starts from: `files(…)` or a name; None for any other."""
    builds = False
    while True:
        match node:
            case ast.BinOp(op=ast.Div()):
                node, builds = node.left, True
            case ast.Call(args=[_, *_]) if _function(node) == "files":
                return node
            case ast.Call(args=[first, *_]) if _function(node) in _WRAPPERS:
                node, builds = first, True
            case ast.Call(func=ast.Attribute() as function):
                node = function
            case ast.Attribute(value=value, attr=attribute):
                node, builds = value, builds or attribute in _PATH_ATTRIBUTES
            case ast.Subscript():
                node = node.value
            case ast.Name():
                return node if builds else None
            case _:
                return None


def place_of(
    node: ast.expr, own: Path, *, constant: Callable[[str], Place | None], folder: Callable[[ast.expr], Path | None]
) -> Place | None:
    """Return the place that an expression names, or None where it builds no path.

    `own` is the file of the module it stands in; `constant` returns the place that a name of the module holds, `folder`
    the folder of the package that `files(…)` is given.
    """

    def place(node: ast.expr) -> Place | None:
        match node:
            case ast.Name("__file__"):
                return Place(glob.escape(str(own)))
            case ast.Name(name):
                return constant(name)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return base.joined([right]) if (base := place(left)) else None
            case ast.Call(args=[package, *_]) if _function(node) == "files":
                return Place(glob.escape(str(there))) if (there := folder(package)) else None
            case ast.Call(args=[first, *rest]) if (function := _function(node)) in _WRAPPERS:
                base = place(first)
                return base and (base.parent() if function == "dirname" else base.joined(rest))
            case ast.Call(func=ast.Attribute(value=value, attr=method), args=arguments):
                base = place(value)
                return base and _called(base, method, arguments)
            case ast.Attribute(value=value, attr=attribute):
                base = place(value)
                return base.parent() if base and attribute == "parent" else base
            case ast.Subscript(value=ast.Attribute(value=value, attr="parents"), slice=index):
                base = place(value)
                known = isinstance(index, ast.Constant) and isinstance(index.value, int)
                return base and base.parent(index.value + 1 if known else 1)  # type: ignore[attr-defined]  # known
            case ast.Subscript(value=value):
                return place(value)
        return None

    return place(node)


def files_at(place: Place, *, within: Path) -> Iterator[Path]:
    """Yield the files of a place, those of a folder with all below it; Python files are code, and no data."""
    for found in glob.glob(place.pattern):  # noqa: PTH207 - the pattern is absolute
        path = Path(os.path.normpath(found))
        if not path.is_relative_to(within):
            continue
        for file in [path] if path.is_file() else path.rglob("*"):
            if file.is_file() and file.suffix not in (".py", ".pyc") and "__pycache__" not in file.parts:
                yield file


def _called(base: Place, method: str, arguments: list[ast.expr]) -> Place:
    match method:
        case "joinpath":
            return base.joined(arguments)
        case "with_name":
            return base.parent().joined(arguments[:1])
        case "with_suffix":
            stem = os.path.splitext(base.pattern)[0]  # noqa: PTH122 - a pattern, not a path
            suffixes = [_part(argument) for argument in arguments[:1]]
            return Place(stem + "".join(text for text, _ in suffixes), base.computed or any(c for _, c in suffixes))
    return base  # resolve, open, read_text, iterdir, …: what it does, it does there


def _part(node: ast.expr) -> tuple[str, bool]:
    match node:
        case ast.Constant(str(text)):
            return glob.escape(text), False
        case ast.JoinedStr(values=values):
            return "".join(_part(value)[0] for value in values), True
    return "*", True


def _function(node: ast.Call) -> str:
    match node.func:
        case ast.Name(name) | ast.Attribute(attr=name):
            return name
    return ""
