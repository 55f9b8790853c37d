"""No page holds a copy of code that the library keeps in code/: it shows it live, so that it cannot go stale."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from snippets import is_page

from threepass.markdown.fences import fences

ROOT = Path(__file__).resolve().parents[2]
LINES = 4
"""So many lines in a row, blank ones aside, are a copy."""


def runs(text: str) -> Iterator[tuple[str, ...]]:
    """Yield every run of so many lines that say something."""
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if any(map(str.isalnum, line)) and not line.startswith(("import ", "from "))]
    yield from zip(*(lines[start:] for start in range(LINES)), strict=False)


def copied(pages: dict[str, str], code: dict[str, str]) -> list[tuple[str, str]]:
    """Return the pages that hold a copy, with the file that it is of."""
    home = {run: name for name, text in code.items() for run in runs(text)}
    return sorted(
        {(name, home[run]) for name, text in pages.items() for f in fences(text) for run in runs(f.code) if run in home}
    )


def test_no_page_holds_a_copy_of_our_code() -> None:
    code = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in ROOT.glob("code/**/*.py")}
    texts = [
        *ROOT.glob("*.md"),
        *(path for name in ("docs", "papers", "journal") for path in ROOT.glob(f"{name}/**/*")),
    ]
    pages = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in texts if is_page(path, ROOT)}
    assert len(code) > 100
    assert sum(len(list(fences(text))) for text in pages.values()) > 50
    assert copied(pages, code) == []


def test_a_copy_is_found() -> None:
    code = {"code/a.py": "import x\n\ndef f(a):\n    b = a + 1\n\n    c = b * 2\n    return c\n"}
    block = "    ```python\n    def f(a):\n        b = a + 1\n        c = b * 2\n        return c\n    ```\n"
    page = f"# Page\n\n- here:\n\n{block}"
    assert copied({"docs/a.md": page}, code) == [("docs/a.md", "code/a.py")]
    assert copied({"docs/a.md": page.replace("b * 2", "b * 3")}, code) == []
