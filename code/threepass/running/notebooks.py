"""A notebook and the library's code in; where its rendered page is kept, or which cell of it failed, out.

mkdocs-jupyter runs the notebooks and keeps their pages, by the notebook's own text only. Here a page is kept by all
that it comes from: the notebook, everything of our packages that it reaches (told from its source, without importing
it), the data files that it names, and the packages that compute, draw and render.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import shutil
from contextlib import chdir, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from threepass.fingerprint import fingerprint, minor_releases
from threepass.reach.module_source import Module, read_module
from threepass.reach.symbols import SourceTree
from threepass.running.drawing import STYLES
from threepass.running.measuring import VERSIONED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from threepass.fingerprint import Fingerprint

SUFFIXES = (".py", ".ipynb")
CACHE = Path(".cache", "threepass", "notebooks")
"""Of the library."""
KEPT = 4
"""Pages of one notebook: what was undone in an editor need not run again."""
PACKAGES = (*VERSIONED, "matplotlib", "ipykernel", "nbconvert", "mkdocs-jupyter")
"""Their minor releases count."""
JUPYTER = Path(__file__).parents[1] / "assets" / "jupyter"
"""Settings for the kernels: how they are started and ended."""
STYLE = STYLES["light"]
"""Settings for matplotlib in the kernels; a `matplotlibrc` in the library's folder goes before them."""
_MARKER = re.compile(r"# ?%%+(?!\S)(.*)")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class NotebookError(Exception):
    """A notebook that did not run to its end: in which cell and at which line of its file, and why."""


# What a notebook reaches


class _Beside(SourceTree):
    """The modules of a tree, and a notebook that stands beside them and may import them."""

    def __init__(self, tree: SourceTree, notebook: Module) -> None:
        super().__init__(notebook.folder, tree.packages)
        self._tree = tree
        self._notebook = notebook

    def modules(self) -> list[tuple[str, Path]]:
        return self._tree.modules()

    def module(self, name: str) -> Module | None:
        return self._notebook if name == self._notebook.name else self._tree.module(name)


def notebook_fingerprint(
    notebook: Path, tree: SourceTree, *, root: Path, environment: Mapping[str, str] | None = None
) -> Fingerprint:
    """Return the fingerprint of what a notebook computes, and of all of our packages that it reaches.

    `root` is the folder in which it runs: data files are named from there. What is no plain Python (an `.ipynb`, a line
    that begins with `%`) may reach anything: every module counts.
    """
    module = _as_module(notebook, root)
    if module is None:
        every = "\n".join(["import importlib", "importlib.import_module(__name__)"])
        module = Module(_NAME, root / notebook.name, False, every, ast.parse(every))
    return fingerprint(_NAME, _Beside(tree, module), environment=environment)


_NAME = "<notebook>"
"""No module that can be imported has it."""


def _as_module(notebook: Path, root: Path) -> Module | None:
    read = read_module(_NAME, notebook)
    if read.broken or notebook.suffix != ".py":
        return None
    return Module(_NAME, root / notebook.name, False, read.text, _unguarded(read.tree))


def _unguarded(tree: ast.Module) -> ast.Module:
    """Take out the `if __name__ == "__main__":` of what runs as a script: in a notebook it is true."""
    body: list[ast.stmt] = []
    for statement in tree.body:
        guards = isinstance(statement, ast.If) and ast.unparse(statement.test).startswith("__name__ ==")
        body += statement.body if guards and isinstance(statement, ast.If) else [statement]
    return ast.Module(body, tree.type_ignores)


# Where its page is kept


def cache_folder(notebook: Path, tree: SourceTree, *, root: Path) -> Path:
    """Return the folder in which a notebook's page as of now is kept, or is to be.

    Only what ran to its end is in there. The notebook's older pages are deleted, and so is what a build that was
    interrupted left behind.
    """
    root = root.absolute()
    code = notebook_fingerprint(notebook, tree, root=root, environment=minor_releases(PACKAGES)).digest
    digest = hashlib.sha256(notebook.read_bytes() + STYLE.read_bytes() + code.encode()).hexdigest()[:20]
    name = os.path.relpath(notebook, root).replace(os.sep, "-").replace("..", "")
    folder = root / CACHE / name / digest
    _tidy(folder)
    return folder


def _tidy(folder: Path) -> None:
    for page in folder.glob("*.json"):
        try:
            json.loads(page.read_bytes())
        except ValueError:
            page.unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    folder.touch()
    with suppress(FileNotFoundError):  # another build tidies up, too
        others = sorted(folder.parent.iterdir(), key=lambda each: each.stat().st_mtime_ns, reverse=True)
        for other in [each for each in others if each != folder][KEPT - 1 :]:
            shutil.rmtree(other, ignore_errors=True)


# How it runs


@contextmanager
def running(notebook: Path, *, root: Path, code: Path) -> Iterator[None]:
    """Run a notebook in the library's folder, with the library's packages to import; raise `NotebookError`.

    For whoever has mkdocs-jupyter render it: kernels take over the environment and the folder of this process.
    """
    from nbclient.exceptions import CellExecutionError

    root = root.absolute()
    try:
        settings = {
            "PYTHONPATH": _first(root / code, "PYTHONPATH"),
            "JUPYTER_CONFIG_PATH": _first(JUPYTER, "JUPYTER_CONFIG_PATH"),
            "MATPLOTLIBRC": str(STYLE),
        }
        with chdir(root), _environment(settings):
            yield
    except CellExecutionError as error:
        shown = os.path.relpath(notebook, root)
        plain, reason = _COLOURS.sub("", error.traceback), f"{error.ename}: {error.evalue}".removesuffix(": ")
        text = notebook.read_text("utf-8")
        raise NotebookError(failure(text, plain, reason, shown=shown, root=root)) from error
    except Exception as error:  # what is no notebook, a kernel that is not there or has died
        reason = f"{type(error).__name__}: {error}".partition("\n")[0]
        raise NotebookError(f"{os.path.relpath(notebook, root)}:1:1: {reason}") from error


def _first(folder: Path, variable: str) -> str:
    """Put a folder before those that a variable holds."""
    return os.pathsep.join(filter(None, (str(folder), os.environ.get(variable))))


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


# Where it failed


def failure(text: str, traceback: str, reason: str, *, shown: str, root: Path) -> str:
    """Return `file:line:1: cell 3: reason` for a notebook's text and IPython's traceback, without colours.

    Cells are counted as a reader does: those that hold code, from 1. Where code of the library raised it, its place
    stands in a second line.
    """
    frame = re.search(r"In ?\[(\d+)\], line (\d+)", traceback)
    starts = first_lines(text)
    if frame is None or int(frame[1]) > len(starts):
        return f"{shown}:1:1: {reason}"
    line = starts[int(frame[1]) - 1] + int(frame[2]) - 1
    called = re.findall(r"^File (.+?):(\d+)", traceback, re.MULTILINE)
    places = [(Path(path).expanduser(), number) for path, number in called]
    ours = [
        f"\n  raised in {path.relative_to(root)}:{number}"
        for path, number in places
        if path.is_relative_to(root) and "site-packages" not in path.parts
    ]
    return "".join([f"{shown}:{line}:1: cell {frame[1]}: {reason}", *ours[-1:]])


def first_lines(text: str) -> list[int]:
    """Return at which line of a py:percent script each of its code cells begins, empty ones left out."""
    lines = text.split("\n")
    starts: list[int] = []
    in_code, is_open = True, True
    header = _header(lines)
    for number, line in enumerate(lines[header:], header + 1):
        if marker := _MARKER.match(line):
            in_code = not re.search(r"\[(markdown|md|raw)\]", marker[1])
            is_open = True
        elif in_code and is_open and line.strip():
            starts.append(number)
            is_open = False
    return starts


def _header(lines: list[str]) -> int:
    """Return how many lines the notebook's metadata takes."""
    if not lines or lines[0].rstrip() != "# ---":
        return 0
    return next((number for number, line in enumerate(lines[1:], 2) if line.rstrip() == "# ---"), 0)
