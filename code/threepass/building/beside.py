"""Work in; its beginning, in a process of its own, out: what it writes is there when it is waited for."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.connection import Connection


def processors() -> int:
    """Return among how many processes work can be divided: one where threads run, or nothing can be forked."""
    if not sys.platform.startswith("linux") or threading.active_count() > 1:
        return 1
    return len(os.sched_getaffinity(0))


class Beside:
    """Work whose results are files, by a process that begins at once: it imports, then waits for what it works on.

    Where there is no other processor, or the work fails, nothing is done: who needs the files makes them.
    """

    def __init__(self, work: Callable[..., object], *, imports: Sequence[str] = ()) -> None:
        self._pipes: tuple[Connection, Connection] | None = None
        if processors() < 2:
            return
        fork = multiprocessing.get_context("fork")
        (given, give), (ended, end) = fork.Pipe(duplex=False), fork.Pipe(duplex=False)
        fork.Process(target=_quietly, args=(work, imports, given, give, end), daemon=True).start()
        given.close()
        end.close()
        self._pipes = give, ended

    def give(self, *given: object) -> None:
        """Say what the work is done on, once."""
        if self._pipes:
            with suppress(OSError):  # it has ended already
                self._pipes[0].send(given)

    def wait(self) -> None:
        """Wait until the work has ended; a process that was forked meanwhile can do so as well."""
        if self._pipes:
            self._pipes[1].poll(None)


def _quietly(
    work: Callable[..., object], imports: Sequence[str], given: Connection, give: Connection, _end: Connection
) -> None:
    """Work; one end of a pipe closes with the process."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # by which it is ended when nobody waits for it
    give.close()  # or it would wait for itself, should who gives be gone
    with suppress(Exception, KeyboardInterrupt):
        for name in imports:
            import_module(name)
        work(*given.recv())
