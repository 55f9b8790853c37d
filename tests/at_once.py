"""Processes that print "ready" and wait for a line in; all of them run at once, out."""

from __future__ import annotations

from collections.abc import Sequence
from subprocess import Popen


def run_at_once(processes: Sequence[Popen[str]]) -> None:
    """Let them begin together when all are ready, and see each end well."""
    for each in processes:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in processes:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    for each in processes:
        each.communicate(timeout=120)
        assert each.returncode == 0
