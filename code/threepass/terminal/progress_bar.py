"""A number of things to do in; a bar on the terminal, while they take longer than a second, out.

Nothing is shown where standard error is no terminal.
"""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 1.0
"""Seconds before the bar appears."""


class Advance(Protocol):
    """Say that one of the things begins, or is done."""

    def __call__(self, name: str, *, done: bool) -> None:
        """Show the names of what has begun and is not done; count what is."""


@contextmanager
def progress_bar(total: int, doing: str) -> Iterator[Advance]:
    """Show how many of `total` things are done.

    Lines written meanwhile to `sys.stdout` appear above the bar (`typer.echo` goes past it).
    """
    if not sys.stderr.isatty():
        yield lambda name, *, done: None  # noqa: ARG005 - the protocol's names
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn(doing),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[name]}"),
    )
    bar = Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=sys.stdout.isatty())
    task = bar.add_task(doing, total=total, name="")
    appearance = threading.Timer(PATIENCE, bar.start)
    appearance.daemon = True
    appearance.start()

    begun: list[str] = []

    def advance(name: str, *, done: bool) -> None:
        if not done:
            begun.append(name)
        elif name in begun:
            begun.remove(name)
        bar.update(task, advance=int(done), name=", ".join(begun) or name)

    try:
        yield advance
    finally:
        appearance.cancel()
        appearance.join()
        bar.stop()
