"""A page in; each of its fenced `python` blocks as a test, out.

A block sees what the blocks above it on its page have defined, and fails with the page's own line. One whose first line
is the comment `# notest: why` does not run; how many do so is said at the end of every run. Why it is done with Sybil:
docs/decisions/0001-python-in-pages-runs-with-sybil.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sybil import Document, Example, Region, Sybil

from threepass.markdown.fences import Fence, fences

LANGUAGES = {"python", "py", "python3", "pycon", "ipython"}
FOLDERS = {"docs", "papers", "journal"}
PAGES = {"README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md"}
MARK = "# notest:"


def is_page(path: Path, root: Path) -> bool:
    """Whether a file holds what an author wrote for readers: a page, a note or a day's entry."""
    parts = path.relative_to(root).parts if path.is_relative_to(root) else ()
    below = bool(parts) and parts[0] in FOLDERS and path.suffix in (".md", ".yml")
    return below or (len(parts) == 1 and parts[0] in PAGES)


def blocks(text: str) -> list[Fence]:
    """Return the blocks of a text that are Python."""
    return [fence for fence in fences(text) if fence.language in LANGUAGES]


def reason_not_to_run(code: str) -> str | None:
    """Return why a block must not run: what its first line says behind `# notest:`."""
    first = code.lstrip("\n").partition("\n")[0]
    return first.removeprefix(MARK).strip() if first.startswith(MARK) else None


def regions(document: Document) -> Iterator[Region]:
    """Yield the blocks of a page as Sybil takes them."""
    for fence in blocks(document.text):
        yield Region(fence.start, fence.end, fence, evaluate)


def evaluate(example: Example) -> None:
    """Run a block, its lines counted as its page counts them."""
    __tracebackhide__ = True
    fence: Fence = example.parsed
    reason = reason_not_to_run(fence.code)
    if reason is not None:
        assert reason, f"say why it must not run: `{MARK} needs a GPU`"
        pytest.skip(f"notest: {reason}")
    example.namespace.setdefault("__name__", "__page__")
    exec(compile("\n" * (fence.line - 1) + fence.code, example.path, "exec", dont_inherit=True), example.namespace)


def collector(root: Path) -> object:
    """Return pytest's hook that collects the pages of a project."""
    collect = Sybil(parsers=[regions], patterns=["*.md", "*.yml"], path=str(root)).pytest()

    def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        return collect(file_path, parent) if is_page(file_path, root) else None

    return pytest_collect_file


def summary(reporter: pytest.TerminalReporter, root: Path) -> str:
    """Return how many blocks of pages ran and how many must not, for the end of a run; nothing where none was met."""
    reports = [report for outcome in ("passed", "failed", "skipped") for report in reporter.stats.get(outcome, ())]
    ours = [report for report in reports if is_page(root / report.nodeid.partition("::")[0], root)]
    skipped = [report for report in ours if report.skipped]
    places = ", ".join(sorted(report.nodeid.replace("::line:", ":").partition(",")[0] for report in skipped))
    said = f"python blocks of pages: {len(ours) - len(skipped)} ran, {len(skipped)} marked notest"
    return (f"{said} ({places})" if places else said) if ours else ""
