"""What a notebook's page is kept by, and what is said of a cell that fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jupytext
import pytest

from threepass.reach.symbols import SourceTree
from threepass.running.notebooks import KEPT, STYLE, cache_folder, failure, first_lines, notebook_fingerprint, running

CODE = Path(__file__).resolve().parents[3] / "code"
NOTEBOOKS = sorted((CODE.parent / "docs" / "notebooks").glob("*.py"))

NOTEBOOK = """\
# ---
# jupyter:
#   kernelspec:
#     {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # Waves

# %%
import atexit, pathlib
from mine.top import height
import mine.tables as tables
atexit.register(pathlib.Path("ended.txt").touch)

# %%


def twice(x):
    return 2 * height(x)


print("the height is", twice(3) + tables.FIRST)
with open("".join(["ra", "n.txt"]), "a") as file:  # which no reader of source can know
    file.write(".")
"""
LIBRARY = {
    "mkdocs.yml": "site_name: Waves\nplugins:\n"
    '  - mkdocs-jupyter: {include: ["notebooks/*.py"], execute: true, allow_errors: false, ignore_h1_titles: true}\n'
    "  - threepass:\n      claims: {code: code, packages: [mine]}\n"
    "nav:\n  - Waves: notebooks/waves.py\n",
    "docs/notebooks/waves.py": NOTEBOOK,
    "code/mine/__init__.py": '"""Ours."""\n',
    "code/mine/top.py": "from mine.middle import step\n\n\ndef height(x):\n    return step(x)\n",
    "code/mine/middle.py": "from mine import deep\n\n\ndef step(x):\n    return deep.sink(x)\n",
    "code/mine/deep.py": '"""Deep."""\n\n\ndef sink(x):\n    return x + 1\n\n\ndef other(x):\n    return x - 1\n',
    "code/mine/tables.py": "FIRST = 1\nSECOND = 2\n",
}


@pytest.fixture
def library(tmp_path: Path) -> Path:
    for name, text in LIBRARY.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


def notebook(library: Path, text: str | None = None, *, name: str = "waves.py") -> Path:
    path = library / "docs" / "notebooks" / name
    if text is not None:
        path.write_text(text, "utf-8")
    return path


def digest(library: Path, name: str = "waves.py") -> str:
    tree = SourceTree(library / "code", ("mine",))
    return notebook_fingerprint(notebook(library, name=name), tree, root=library).digest


def edit(library: Path, file: str, old: str, new: str) -> None:
    path = library / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


# What it reaches


def test_it_reaches_what_it_calls_however_deep_and_nothing_else(library: Path) -> None:
    tree = SourceTree(library / "code", ("mine",))
    reached = notebook_fingerprint(notebook(library), tree, root=library).reached
    ours = {name for name in reached if ":" in name and not name.startswith("<")}
    assert ours == {"mine.top:height", "mine.middle:step", "mine.deep:sink", "mine.tables:FIRST"}


@pytest.mark.parametrize(
    ("file", "old", "new", "counts"),
    [
        ("code/mine/deep.py", "x + 1", "x + 2", True),
        ("code/mine/deep.py", "x - 1", "x - 2", False),
        ("code/mine/deep.py", '"""Deep."""', '"""Deeper."""', False),
        ("code/mine/tables.py", "FIRST = 1", "FIRST = 3", True),
        ("code/mine/tables.py", "SECOND = 2", "SECOND = 3", False),
        ("code/mine/middle.py", "from mine import deep", "from mine import top as deep", True),
        ("code/mine/__init__.py", '"""Ours."""', "print('hello')", True),
        ("docs/notebooks/waves.py", "twice(3)", "twice(4)", True),
        ("docs/notebooks/waves.py", "    return 2 * height(x)", "    return 2 * tables.SECOND", True),
    ],
)
def test_an_edit_counts_when_the_notebook_reaches_it(
    library: Path, file: str, old: str, new: str, counts: bool
) -> None:
    before = digest(library)
    edit(library, file, old, new)
    assert (digest(library) != before) is counts


def test_what_is_imported_inside_a_function_or_below_a_main_guard_is_reached(library: Path) -> None:
    for text in (
        "def f():\n    from mine.deep import other\n    return other(1)\n",
        'if __name__ == "__main__":\n    from mine.deep import other\n    other(1)\n',
    ):
        notebook(library, f"# %%\n{text}")
        before = digest(library)
        edit(library, "code/mine/deep.py", "x - 1", "x - 2")
        assert digest(library) != before
        edit(library, "code/mine/deep.py", "x - 2", "x - 1")


@pytest.mark.parametrize(("name", "text"), [("waves.ipynb", '{"cells": []}'), ("magic.py", "# %%\n%time height(1)\n")])
def test_what_cannot_be_read_as_python_may_reach_anything(library: Path, name: str, text: str) -> None:
    notebook(library, text, name=name)
    before = digest(library, name)
    edit(library, "code/mine/deep.py", "x - 1", "x - 2")
    assert digest(library, name) != before


def test_a_data_file_is_named_from_where_the_notebook_runs(library: Path) -> None:
    notebook(library, '# %%\nprint(open("heights.csv").read())\n')
    (library / "heights.csv").write_text("1,2\n")
    before = digest(library)
    (library / "heights.csv").write_text("1,3\n")
    assert digest(library) != before


# Where its page is kept


def folder(library: Path) -> Path:
    return cache_folder(notebook(library), SourceTree(library / "code", ("mine",)), root=library)


def test_each_notebook_keeps_its_newest_pages(library: Path) -> None:
    found = []
    for number in range(KEPT + 2):
        notebook(library, f"# %%\nprint({number})\n")
        found.append(folder(library))
        os.utime(found[-1], (number, number))  # within a tick of the clock, folders are of one age
    assert len(set(found)) == KEPT + 2
    assert [path.exists() for path in found] == [False, False, *[True] * KEPT]
    assert found[-1].is_relative_to(library / ".cache" / "threepass" / "notebooks")
    notebook(library, f"# %%\nprint({KEPT})\n")
    assert folder(library) == found[-2]


def test_what_an_interrupted_build_left_behind_is_deleted(library: Path) -> None:
    kept, broken = folder(library) / "whole.json", folder(library) / "broken.json"
    kept.write_text('{"content": ""}')
    broken.write_text('{"content": "')
    folder(library)
    assert kept.exists()
    assert not broken.exists()


def test_markdown_counts_though_it_is_no_code(library: Path) -> None:
    before = folder(library)
    edit(library, "docs/notebooks/waves.py", "# # Waves", "# # Tides")
    assert folder(library) != before


# Where it failed


@pytest.mark.parametrize("path", [*NOTEBOOKS, None], ids=[*(path.name for path in NOTEBOOKS), "by hand"])
def test_cells_begin_where_jupytext_finds_them(path: Path | None) -> None:
    text = (
        path.read_text("utf-8") if path else f"{NOTEBOOK}\n# %%\n\n# %% [raw]\n# x\n\n#%% tags=['a']\n\n# why\n1 / 0\n"
    )
    cells = [cell.source.strip() for cell in jupytext.reads(text, fmt="py:percent").cells if cell.cell_type == "code"]
    lines = text.split("\n")
    starts = first_lines(text)
    assert [lines[start - 1] for start in starts] == [cell.split("\n")[0] for cell in cells if cell]


def test_a_failure_is_placed_in_the_notebook_and_in_the_code_that_raised_it(tmp_path: Path) -> None:
    said = (
        "Cell In[2], line 5\n----> 5 print(twice(0))\n\nCell In[2], line 2, in twice(x)\n\n"
        f"File {tmp_path}/code/mine/deep.py:5, in sink(x)\n----> 5     return 1 / x\n\n"
        "File /usr/lib/python3/site-packages/torch/nn.py:7, in call()\n\nZeroDivisionError: division by zero\n"
    )
    place = failure(NOTEBOOK, said, "ZeroDivisionError: division by zero", shown="docs/waves.py", root=tmp_path)
    assert NOTEBOOK.split("\n")[22].startswith('print("the height')
    assert place == ("docs/waves.py:23:1: cell 2: ZeroDivisionError: division by zero\n  raised in code/mine/deep.py:5")
    assert failure(NOTEBOOK, "Kernel died", "gone", shown="docs/waves.py", root=tmp_path) == "docs/waves.py:1:1: gone"


# In a build

BUILDS = """
import json, sys
from pathlib import Path
from threepass.building.site import build

library = Path(sys.argv[1])
for file, old, new in json.loads(sys.argv[2]):
    path = library / file
    text = path.read_text("utf-8")
    assert old in text, (file, old)
    path.write_text(text.replace(old, new), "utf-8")
    code = build(library, strict=True)
    page = library / "site" / "notebooks" / "waves" / "index.html"
    shown = page.read_text("utf-8").partition("the height is ")[2].partition("\\n")[0] if page.exists() else ""
    print(code, len((library / "ran.txt").read_text()), shown)
"""


@pytest.mark.long
def test_a_build_runs_a_notebook_when_what_it_comes_from_has_changed_and_only_then(library: Path) -> None:
    page, deep = "docs/notebooks/waves.py", "code/mine/deep.py"
    steps = [
        (page, "", ""),
        (page, "", ""),
        (deep, "x - 1", "x - 20"),  # not called
        (deep, "x + 1", "x + 10"),  # three calls down
        (page, "2 * height", "3 * height"),
        (deep, "x + 10", "x / (x - 3)"),
        (page, "", ""),  # what failed is run again
        (deep, "x / (x - 3)", "x + 10"),  # and what was undone is still there
        (page, "display_name: Python 3, ", ""),  # no notebook by Jupyter's rules
    ]
    environment = os.environ | {"PYTHONPATH": str(CODE)}
    run = subprocess.run(
        [sys.executable, "-c", BUILDS, str(library), json.dumps(steps)],
        capture_output=True, text=True, env=environment, check=False, cwd="/",
    )  # fmt: skip
    assert run.stdout.splitlines() == [
        "0 1 9", "0 1 9", "0 1 9", "0 2 27", "0 3 40", "1 3 ", "1 3 ", "0 3 40", "1 3 ",
    ], run.stdout + run.stderr  # fmt: skip
    said = f"{page}:23:1: cell 2: ZeroDivisionError: division by zero\n  raised in {deep}:5\n"
    assert run.stderr.count(said) == 2, run.stderr
    assert f"{page}:1:1: NotebookValidationError: 'display_name' is a required property\n" in run.stderr
    assert "Traceback" not in run.stderr
    assert not (library / "ended.txt").exists()  # a kernel that is asked to stop may print a traceback of its own
    assert "without encryption" not in run.stderr


# How it runs


def test_its_figures_are_drawn_as_the_site_draws_its_own(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MATPLOTLIBRC", raising=False)
    monkeypatch.setenv("PYTHONPATH", "before")
    with running(notebook(library), root=library, code=Path("code")):
        assert os.environ["MATPLOTLIBRC"] == str(STYLE)
        assert os.environ["PYTHONPATH"] == os.pathsep.join([str(library / "code"), "before"])
    assert "MATPLOTLIBRC" not in os.environ
    assert os.environ["PYTHONPATH"] == "before"


def test_another_style_is_another_page(library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = folder(library)
    other = tmp_path / "other.mplstyle"
    other.write_text("font.size: 12\n")
    monkeypatch.setattr("threepass.running.notebooks.STYLE", other)
    assert folder(library) != before
