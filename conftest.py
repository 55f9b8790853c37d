"""For pytest: the Python in this project's pages is tests, too (`tests/snippets.py`)."""

from __future__ import annotations

from pathlib import Path

import pytest
from snippets import collector, summary

ROOT = Path(__file__).resolve().parent

pytest_collect_file = collector(ROOT)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many blocks of code on pages ran, and how many their authors have marked not to."""
    if said := summary(terminalreporter, ROOT):
        terminalreporter.write_line(said)
