"""Work in; its beginning, in a process of its own, out: what it writes is there when it is waited for."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection


def processors() -> int:
    """Return among how many processes work can be divided: one where threads run, or nothing can be forked."""
    if not sys.platform.startswith("linux") or threading.active_count() > 1:
        return 1
    return len(os.sched_getaffinity(0))


def beside(work: Callable[[], object]) -> Callable[[], None]:
    """Begin work whose results are files; return what waits until it has ended.

    Where there is no other processor, or the work fails, nothing is done: who needs the files makes them.
    """
    if processors() < 2:
        return lambda: None
    fork = multiprocessing.get_context("fork")
    ended, end = fork.Pipe(duplex=False)
    fork.Process(target=_quietly, args=(work, end), daemon=True).start()
    end.close()

    def wait() -> None:  # in whichever process: one that is forked later cannot join its sibling
        ended.poll(None)

    return wait


def _quietly(work: Callable[[], object], _end: Connection) -> None:
    """Work; the end of the pipe closes with the process."""
    with suppress(Exception):
        work()
