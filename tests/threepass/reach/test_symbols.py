from __future__ import annotations

import ast
import textwrap
from pathlib import Path

import pytest

from threepass.reach.symbols import SourceTree

FILES = {
    "shapes/__init__.py": '''
        """Shapes."""
        from shapes.plane import area as surface
        from . import solid
        from .plane import *
    ''',
    "shapes/plane.py": '''
        """Flat shapes.

        With a second paragraph.
        """
        from __future__ import annotations

        from functools import cache
        from typing import TYPE_CHECKING

        if TYPE_CHECKING:
            from collections.abc import Callable

        SIDES = 4
        """How many sides a square has."""

        NAMES: dict[int, str] = {
            3: "triangle",
            4: "square",
        }

        @cache
        def area(
            side: float,
            *,
            scale: Callable[[float], float] = lambda x: x,  # a colon: and another
        ) -> dict[str, float]:
            """Return the area."""

            def inner():
                """Return twice the side."""
                return 2 * side

            return {"area": scale(side) ** 2}

        def _private(): return 1

        class Square:
            """A square."""

            sides = SIDES

            @property
            def area(self):
                """Its area."""
                return 1

            class Corner:
                def angle(self): ...

        class Small(Square):
            pass

        try:
            from fast import perimeter
        except ImportError:
            def perimeter(side):
                return 4 * side

        def twice(): return 1

        def twice():
            return 2

        async def waiting() -> None:
            pass
    ''',
    "shapes/solid.py": "from shapes.plane import Small as Base\n\n\nclass Cube(Base):\n    pass\n",
    "shapes/broken.py": "def f(:\n    pass\n",
    "shapes/nul.py": "x = 1\0\n",
    "shapes/round/circle.py": "\ufeffdef area(r): return r\n",
    "shapes/round/not-a-module.py": "def f(): pass\n",
    "alone.py": "def f(): pass\n",
    "elsewhere/secret.py": "def f(): pass\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> SourceTree:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(textwrap.dedent(text).lstrip("\n"), "utf-8")
    (tmp_path / "shapes" / "latin.py").write_bytes("# coding: latin-1\ndef straße(): pass\n".encode("latin-1"))
    (tmp_path / "shapes" / "bytes.py").write_bytes(b"x = '\xff'\n")
    return SourceTree(tmp_path, ("shapes", "alone"))


def test_a_function_is_found_with_its_text(tree: SourceTree) -> None:
    symbol = tree.find("shapes.plane:area")
    assert symbol is not None
    assert (symbol.module, symbol.qualified_name, symbol.kind) == ("shapes.plane", "area", "function")
    assert symbol.path == tree.root / "shapes" / "plane.py"
    assert symbol.docstring == "Return the area."
    assert symbol.source.startswith("@cache\ndef area(\n")
    assert symbol.source.endswith('    return {"area": scale(side) ** 2}\n')
    lines = symbol.path.read_text("utf-8").splitlines(keepends=True)
    assert "".join(lines[symbol.first_line - 1 : symbol.last_line]) == symbol.source
    assert symbol.signature == (
        "def area(\n    side: float,\n    *,\n"
        "    scale: Callable[[float], float] = lambda x: x,  # a colon: and another\n"
        ") -> dict[str, float]"
    )


@pytest.mark.parametrize(
    ("reference", "found", "kind"),
    [
        ("shapes.plane:Square", "shapes.plane:Square", "class"),
        ("shapes.plane:Square.area", "shapes.plane:Square.area", "function"),
        ("shapes.plane:Square.sides", "shapes.plane:Square.sides", "constant"),
        ("shapes.plane:Square.Corner.angle", "shapes.plane:Square.Corner.angle", "function"),
        ("shapes.plane:Small.area", "shapes.plane:Square.area", "function"),
        ("shapes.solid:Cube.area", "shapes.plane:Square.area", "function"),
        ("shapes.solid:Base", "shapes.plane:Small", "class"),
        ("shapes.plane:area.inner", "shapes.plane:area.inner", "function"),
        ("shapes.plane:_private", "shapes.plane:_private", "function"),
        ("shapes.plane:perimeter", "shapes.plane:perimeter", "function"),
        ("shapes.plane:waiting", "shapes.plane:waiting", "function"),
        ("shapes:surface", "shapes.plane:area", "function"),
        ("shapes:area", "shapes.plane:area", "function"),
        ("shapes:solid", "shapes.solid", "module"),
        ("shapes:solid.Cube", "shapes.solid:Cube", "class"),
        ("shapes:plane.SIDES", "shapes.plane:SIDES", "constant"),
        ("shapes.round.circle:area", "shapes.round.circle:area", "function"),
        ("shapes.latin:straße", "shapes.latin:straße", "function"),
        ("shapes.plane", "shapes.plane", "module"),
        ("shapes", "shapes", "module"),
        ("alone:f", "alone:f", "function"),
    ],
)
def test_references_lead_to_definitions(reference: str, found: str, kind: str, tree: SourceTree) -> None:
    symbol = tree.find(reference)
    assert symbol is not None
    assert (symbol.reference, symbol.kind) == (found, kind)


@pytest.mark.parametrize(
    "reference",
    [
        "shapes.plane:gone",
        "shapes.plane:Square.gone",
        "shapes.plane:Callable",
        "shapes.plane:cache",
        "shapes.gone:area",
        "shapes.broken:f",
        "shapes.round.not-a-module:f",
        "elsewhere.secret:f",
        "shapes..plane:area",
        "../elsewhere/secret:f",
        "shapes.plane:",
        ":area",
        ":",
        "",
    ],
)
def test_what_is_not_there_is_none(reference: str, tree: SourceTree) -> None:
    assert tree.find(reference) is None


def test_the_last_of_two_definitions_holds(tree: SourceTree) -> None:
    symbol = tree.find("shapes.plane:twice")
    assert symbol is not None
    assert symbol.source == "def twice():\n    return 2\n"


@pytest.mark.parametrize(
    ("reference", "signature", "docstring"),
    [
        ("shapes.plane:SIDES", "SIDES = 4", "How many sides a square has."),
        ("shapes.plane:NAMES", "NAMES: dict[int, str] = …", None),
        ("shapes.plane:_private", "def _private()", None),
        ("shapes.plane:Small", "class Small(Square)", None),
        ("shapes.plane:Square.area", "def area(self)", "Its area."),
        ("shapes.plane:waiting", "async def waiting() -> None", None),
        ("shapes.plane", "shapes.plane", "Flat shapes.\n\nWith a second paragraph."),
    ],
)
def test_signatures_and_docstrings(reference: str, signature: str, docstring: str | None, tree: SourceTree) -> None:
    symbol = tree.find(reference)
    assert symbol is not None
    assert (symbol.signature, symbol.docstring) == (signature, docstring)


def test_members_are_what_a_module_defines_for_others(tree: SourceTree) -> None:
    names = [symbol.qualified_name for symbol in tree.members("shapes.plane")]
    assert names == ["area", "Square", "Small", "perimeter", "twice", "waiting"]
    assert tree.members("shapes") == ()
    assert tree.members("shapes.broken") == ()
    assert tree.members("shapes.gone") == ()


def test_modules_are_those_of_the_packages(tree: SourceTree) -> None:
    assert [name for name, _ in tree.modules()] == [
        "alone",
        "shapes",
        "shapes.broken",
        "shapes.bytes",
        "shapes.latin",
        "shapes.nul",
        "shapes.plane",
        "shapes.round.circle",
        "shapes.solid",
    ]
    assert all(path.is_file() for _, path in tree.modules())


def test_a_broken_file_is_a_value(tree: SourceTree) -> None:
    broken = {each.path.name: each for each in tree.broken()}
    assert broken.keys() == {"broken.py", "bytes.py", "nul.py"}
    assert (broken["broken.py"].line, broken["broken.py"].column) == (1, 7)
    assert broken["broken.py"].message == "invalid syntax"


@pytest.mark.parametrize(
    ("reference", "near"),
    [
        ("shapes.plane:aera", "shapes.plane:area"),
        ("shapes.plane:Square.aera", "shapes.plane:Square.area"),
        ("shapes.plane:Cube", "shapes.solid:Cube"),
        ("shapes.solid:perimeter", "shapes.plane:perimeter"),
        ("shapes.plain:waiting", "shapes.plane:waiting"),
        ("shapes.plain", "shapes.plane"),
        ("something.else:entirely", None),
    ],
)
def test_the_nearest_name(reference: str, near: str | None, tree: SourceTree) -> None:
    assert tree.nearest(reference) == near


def test_a_file_is_parsed_once(tree: SourceTree, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = []
    parse = ast.parse
    monkeypatch.setattr(ast, "parse", lambda text: parsed.append(text) or parse(text))
    for _ in range(3):
        tree.find("shapes:surface")
        tree.members("shapes.plane")
        tree.nearest("shapes.plane:aera")
        tree.broken()
    assert len(parsed) == len(set(parsed))
    assert parsed


def test_a_folder_that_is_not_there_has_no_modules(tmp_path: Path) -> None:
    tree = SourceTree(tmp_path / "gone", ("shapes",))
    assert tree.modules() == []
    assert tree.find("shapes:area") is None
    assert tree.nearest("shapes:area") is None
