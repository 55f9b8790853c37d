"""The Python in pages: all of it is found, runs, and fails where it stands."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from snippets import LANGUAGES, blocks, is_page, reason_not_to_run

ROOT = Path(__file__).resolve().parents[1]
CONFTEST = """
from pathlib import Path
from snippets import collector, summary
pytest_collect_file = collector(Path(__file__).parent)
def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line(summary(terminalreporter, Path(__file__).parent))
"""
PAGE = """# A page

```python
import math
x = 2
```

- In a list, with a title:

    ```python title="square"
    assert x ** 2 == 4
    y = x + 1
    ```

```sh
exit 1
```

```python
# notest: takes a day
x = 3
```

```python
assert x == 2 and y == 3


def half(z):
    return z / 0


half(x)
```
"""
DAY = """date: 2021-08-27
notes: |
  Some words.

  ```python
  total = sum([1, 2])
  assert total == 4, "of a day"
  ```
"""


def run(root: Path, files: dict[str, str]) -> str:
    for name, text in {**files, "conftest.py": CONFTEST}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    paths = f"pythonpath={ROOT / 'tests'} {ROOT / 'code'}"
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "-o", paths, "--rootdir", str(root), "."]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False).stdout


def test_a_block_fails_with_the_line_of_its_page(tmp_path: Path) -> None:
    said = run(tmp_path, {"docs/page.md": PAGE, "journal/2021/2021-08-27.yml": DAY, "other/page.md": PAGE})
    rows = PAGE.split("\n")
    assert f"\ndocs/page.md:{rows.index('half(x)') + 1}: \n" in said
    assert f"docs/page.md:{rows.index('    return z / 0') + 1}: ZeroDivisionError" in said
    assert ">       return z / 0" in said
    assert "journal/2021/2021-08-27.yml:7: AssertionError" in said
    assert "of a day" in said
    assert "other" not in said
    assert re.search(r"2 failed, 2 passed, 1 skipped", said)
    assert "python blocks of pages: 4 ran, 1 marked notest (docs/page.md:19)" in said


def test_no_page_sees_what_another_defines(tmp_path: Path) -> None:
    said = run(tmp_path, {"docs/a.md": "```python\nx = 1\n```\n", "papers/b.md": "```python\nx\n```\n"})
    assert "papers/b.md:2: NameError" in said


def test_a_block_that_must_not_run_says_why(tmp_path: Path) -> None:
    said = run(tmp_path, {"README.md": "```python\n# notest:\nx = 1 / 0\n```\n"})
    assert "say why it must not run" in said
    assert "1 failed" in said


@pytest.mark.parametrize(
    ("code", "reason"),
    [("# notest: a\nb", "a"), ("\n# notest:  a b \n", "a b"), ("a  # notest: b", None), ("a\n# notest: b", None)],
)
def test_what_marks_a_block(code: str, reason: str | None) -> None:
    assert reason_not_to_run(code) == reason


def test_each_block_of_this_project_is_an_item() -> None:
    """Compared with pytest's own list, and counted in another way: by the marks that begin a block."""
    folders = [ROOT / name for name in ("docs", "papers", "journal")]
    pages = [path for folder in folders for path in folder.rglob("*") if is_page(path, ROOT)]
    pages += [path for path in ROOT.glob("*.md") if is_page(path, ROOT)]
    found = {path.relative_to(ROOT).as_posix(): len(blocks(path.read_text())) for path in pages}
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *sorted(found)]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    items = re.findall(r"^([\w./-]+)::line:", listed, re.MULTILINE)
    assert {name: count for name, count in found.items() if count} == {name: items.count(name) for name in items}
    assert len(items) >= 4
    begins = re.compile(rf"^[ \t>]*(?:```|~~~)[ {{.]*(?:{'|'.join(LANGUAGES)})\b", re.MULTILINE)
    marks = {path.relative_to(ROOT).as_posix(): len(begins.findall(path.read_text())) for path in pages}
    assert {name: count for name, count in marks.items() if count > found[name]} == {}
