"""For pytest: the Python in this project's pages is tests, too (`tests/snippets.py`), and Ctrl-C can be tested."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from snippets import collector, summary

ROOT = Path(__file__).resolve().parent

pytest_collect_file = collector(ROOT)


def pytest_configure() -> None:
    """Hear Ctrl-C, which a shell that runs us in its background has switched off: what it does is tested."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many blocks of code on pages ran, and how many their authors have marked not to."""
    if said := summary(terminalreporter, ROOT):
        terminalreporter.write_line(said)
