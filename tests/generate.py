"""Writes the pages that are made from the code: `python tests/generate.py`. A test fails when one is stale."""

from __future__ import annotations

import ast
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path

import yaml

from threepass.checks import check, check_claims, check_dates, check_leftovers
from threepass.github.issue_form import check_form
from threepass.ledger import ledger, source_tree
from threepass.library import load
from threepass.problems import CODES, Problem
from threepass.running.figures import draw_figures, figure_problems

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "threepass" / "problems"
BASE = CASES / "library"

MADE = {
    "P001-not-utf-8": lambda root: _day(root).write_bytes("date: 2021-08-27\ntitle: Café\n".encode("latin-1")),
    "P002-too-large": lambda root: _day(root).write_text("date: 2021-08-27\nnotes: " + "word " * 200_001),
}
"""Cases whose file would be no text, or too large to keep."""

GROUPS = {
    "P00": "Reading a file",
    "P01": "The shape of a record",
    "P02": "Days",
    "P03": "Papers, links, topics",
    "P04": "Equations and claims",
    "P05": "What the code measured",
    "P06": "Configuration",
    "P07": "Links to the web: `threepass check --links`",
    "P08": "What was imported",
}


INTRODUCTION = """# Problem codes

A mistake in a file is said in one line, with its file, line and column, a code and a hint:

```text
papers/x.md:12:5: P031 unknown topic 'nlq'
hint: did you mean 'nlp'?
```

`threepass check` prints all of them in one run and exits with 1; stale and unmeasured claims are said and do not fail
it. Inside GitHub Actions they are annotations, and `--json` gives them to programs. Each code stands here with an
example, which is also its test.
"""


def _day(root: Path) -> Path:
    path = root / "journal" / "2021" / "2021-08-27.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def case_names() -> list[str]:
    """Return every example of a problem: a folder with files, or one of those made here."""
    folders = [path.name for path in CASES.iterdir() if path.is_dir() and path != BASE]
    return sorted([*folders, *MADE])


def problems_of(case: str, root: Path) -> list[Problem]:
    """Lay a case's files over the small library that is right, and check it."""
    shutil.copytree(BASE, root, dirs_exist_ok=True)
    if case in MADE:
        MADE[case](root)
    else:
        shutil.copytree(CASES / case, root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("expected.txt"))
    library = load(root)
    tree = source_tree(library)
    drawings = draw_figures(library, tree)
    found = [*check(library, tree), *figure_problems(library, drawings)]
    return [
        *found,
        *check_claims(ledger(library, tree)),
        *check_dates(library),
        *check_leftovers(library),
        *check_form(root, library.settings),
    ]


def problems_page() -> str:
    """Return the reference page of problem codes, with what each example's files hold and what is said of them."""
    parts = [INTRODUCTION]
    group = ""
    for code, meaning in CODES.items():
        if GROUPS[code[:3]] != group:
            group = GROUPS[code[:3]]
            parts.append(f"## {group}\n")
        parts.append(f"### {code}: {meaning} {{ #{code.lower()} }}\n")
        parts += [_example(case) for case in case_names() if case.startswith(code)]
    return "\n".join(parts)


def _example(case: str) -> str:
    expected = (CASES / f"{case}.txt" if case in MADE else CASES / case / "expected.txt").read_text()
    shown = []
    if case not in MADE:
        for path in sorted((CASES / case).rglob("*")):
            if path.is_file() and path.name != "expected.txt":
                kind = {".md": "markdown", ".json": "json", ".py": "text"}.get(path.suffix, "yaml")
                name = path.relative_to(CASES / case).as_posix()
                shown.append(f'````{kind} title="{name}"\n{path.read_text().rstrip()}\n````\n')
    said = f"```text\n{expected.rstrip()}\n```\n"
    # an example speaks of whatever a library may speak of: the search is not to lead here for its words
    return "\n".join(['<div data-search-exclude markdown="1">\n', *shown, said, "</div>\n"])


def architecture() -> str:
    """Return ARCHITECTURE.md with its list of modules, a line each from their docstrings, and its table of edits."""
    text = (ROOT / "ARCHITECTURE.md").read_text()
    for name, made in (("modules", _modules()), ("edits", _edits())):
        head, mark, rest = text.partition(f"<!-- {name}: written by tests/generate.py -->\n")
        _, end, tail = rest.partition("<!-- end -->")
        text = "".join([head, mark, made, end, tail])
    return text


def _edits() -> str:
    """Return what `tests/library/test_edits.py` tests, as a table."""
    lines = ["", "| edit | in | claims that it makes stale |", "|---|---|---|"]
    for edit in yaml.safe_load((ROOT / "tests" / "library" / "edits.yml").read_text()):
        of: dict[str, list[str]] = {}
        for name in edit["stale"]:
            of.setdefault(name.partition("/")[0], []).append(name.partition("/")[2])
        stale = "; ".join(f"{key}: {', '.join(ids)}" for key, ids in of.items()) or "none"
        lines.append(f"| {edit['edit']} | `{edit['file']}` | {stale} |")
    return "\n".join([*lines, "", ""])


def _modules() -> str:
    """Return what every module is for: first those that stand alone, then package by package."""
    code = ROOT / "code" / "threepass"
    lines = ["", *(_module(path, path.name) for path in sorted(code.glob("*.py")) if path.name != "__init__.py")]
    for package in sorted(code.glob("*/__init__.py")):
        inside = sorted(path for path in package.parent.rglob("*.py") if path != package)
        lines += ["", f"**`{package.parent.name}/`** – {_purpose(package)}"]
        if inside:
            lines += ["", *(_module(path, path.relative_to(package.parent).as_posix()) for path in inside)]
    return "\n".join([*lines, "", ""])


def _module(path: Path, name: str) -> str:
    return f"- `{name}`: {_purpose(path)}"


def _purpose(path: Path) -> str:
    """Return the first paragraph of a module's docstring."""
    docstring = ast.get_docstring(ast.parse(path.read_text())) or ""
    return docstring.partition("\n\n")[0].replace("\n", " ")


WORKFLOWS = {
    "day.yml": {
        "cache-dependency-path: requirements.txt": "cache-dependency-path: requirements.lock",
        "pip install --quiet --requirement requirements.txt": "pip install --quiet --constraint requirements.lock .",
    },
    "publish.yml": {
        "cache-dependency-path: requirements.txt": "cache-dependency-path: requirements.lock",
        "run: pip install --quiet --requirement requirements.txt\n": "run: make .venv/.ready\n"
        "        env:\n"
        "          # A repository variable that names an index of torch without GPU packages: CONTRIBUTING.md.\n"
        "          TORCH_FLAGS: ${{ vars.TORCH_FLAGS }}\n",
        "run: threepass verify --check": "run: make verify ARGS=--check",
        "run: threepass build": "run: make site",
    },
}
"""What differs in this repository, which holds the tool, from the workflows that `threepass init --github` writes."""


def workflow(name: str) -> str:
    """Return a workflow of this repository, made from that of a library."""
    text = (ROOT / "code" / "threepass" / "scaffold" / "github" / "workflows" / name).read_text()
    for theirs, ours in WORKFLOWS[name].items():
        if text.count(theirs) != 1:
            raise ValueError(f"{name} does not hold once: {theirs}")
        text = text.replace(theirs, ours)
    return text


PAGES = {
    ROOT / "docs" / "guide" / "problems.md": problems_page,
    ROOT / "ARCHITECTURE.md": architecture,
    **{ROOT / ".github" / "workflows" / name: partial(workflow, name) for name in WORKFLOWS},
}


def main() -> None:
    """Write every generated file, and with `--cases` what the examples say."""
    if "--cases" in sys.argv:
        for case in case_names():
            with tempfile.TemporaryDirectory() as folder:
                said = "\n".join(str(problem) for problem in problems_of(case, Path(folder))) + "\n"
            target = CASES / f"{case}.txt" if case in MADE else CASES / case / "expected.txt"
            target.write_text(said)
    for path, make in PAGES.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(make())


if __name__ == "__main__":
    main()
