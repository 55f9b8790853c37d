"""The bar names what runs now, and nothing else."""

import io
import sys
import time

import pytest

from threepass.terminal import progress_bar as module
from threepass.terminal.progress_bar import progress_bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_it_names_what_has_begun_and_is_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")

    def shown() -> str:
        """Return the end of the bar, once it has been drawn again and again."""
        before = len(terminal.getvalue())
        for _ in range(1000):
            if terminal.getvalue().count("/3", before) > 2:
                break
            time.sleep(0.01)
        return terminal.getvalue()[before:].rpartition("/3")[2]

    with progress_bar(3, "measuring") as advance:
        for name in ("one", "other"):
            advance(name, done=False)
        assert "one, other" in shown()
        advance("other", done=True)
        now = shown()
        assert "one" in now
        assert "other" not in now
