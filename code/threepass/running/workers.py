"""Claims to measure in; their outcomes out, whatever their code does.

A claim runs in a process of its own group (`measuring.py`), which is killed as a whole when the claim's time is up:
native code that hangs can be ended in no other way. A pool of `concurrent.futures` would be broken by one crash and
knows no time limit for a task. Answers and what a claim prints come by one pipe, so that they keep their order and a
claim that prints without end fills neither memory nor disk.
"""

from __future__ import annotations

import json
import os
import queue
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from threepass.running import measuring

if TYPE_CHECKING:
    from pathlib import Path
    from typing import IO

    from threepass.running.measuring import Outcome

FORKS = sys.platform == "linux"
"""Elsewhere a process that has imported numerical libraries must not go on after a fork."""
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""Libraries start their threads when they are imported, before torch could be told."""
LAST_LINES, LONGEST_LINE = 20, 500


@dataclass(frozen=True)
class Task:
    """The functions of one claim, and the seconds that they may take together, the import of their modules included."""

    check: str
    control: str | None
    timeout: float

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules that hold them."""
        names = (self.check, self.control) if self.control else (self.check,)
        return tuple(sorted({name.split(":")[0] for name in names}))


class Measured(NamedTuple):
    """What a task gave, and the last lines that it printed."""

    outcome: Outcome
    printed: str


class StoppedError(Exception):
    """The worker was told to stop before the task was done."""


class Crew:
    """A few workers, for as many threads: each task goes to an idle one, if possible one that has its modules."""

    def __init__(self, size: int, *, root: Path, code: Path, packages: tuple[str, ...], fork: bool = FORKS) -> None:
        self._all = [Worker(root=root, code=code, packages=packages, fork=fork) for _ in range(size)]
        self._idle = list(self._all)
        self._lock = threading.Lock()

    def measure(self, task: Task) -> Measured:
        """Return what a task gave; no more threads may call it at once than there are workers."""
        with self._lock:
            worker = next((one for one in self._idle if one.modules == task.modules), self._idle[0])
            self._idle.remove(worker)
        try:
            return worker.measure(task)
        finally:
            with self._lock:
                self._idle.append(worker)

    def stop(self) -> None:
        """End all workers at once."""
        for worker in self._all:
            worker.stop()


class Worker:
    """A process that measures one task after another, as long as they live in the same modules.

    Another module means another process, so that no claim sees what the modules of other claims did when they were
    imported: an outcome does not depend on what ran before it, nor on how many ran beside it.
    """

    def __init__(self, *, root: Path, code: Path, packages: tuple[str, ...], fork: bool = FORKS) -> None:
        self.root, self.code, self.packages, self.fork = root, code, packages, fork
        self.modules: tuple[str, ...] = ()
        self._process: _Process | None = None
        self._stopped = False
        self._lock = threading.Lock()

    def measure(self, task: Task) -> Measured:
        """Return what a task gave; raises `StoppedError` when `stop` was called meanwhile."""
        ends = time.monotonic() + task.timeout
        process = self._ready_for(task)
        process.printed.clear()
        process.send({"check": task.check, "control": task.control, "timeout": task.timeout})
        outcome: Outcome | None = None
        reason = ""
        while not reason:
            message = process.next_message(until=ends)
            if message is None:
                code = process.exit_code(until=ends)
                process.end()
                reason = _ended(code) if code is not None else f"did not end within {task.timeout:g} s"
            elif "exit" in message:
                reason = _ended(message["exit"])
            else:
                outcome = message  # type: ignore[assignment]  # what `measure` returned, by way of JSON
        if self._stopped:
            raise StoppedError
        return Measured(outcome or measuring.failed(reason), "".join(process.printed).strip())

    def stop(self) -> None:
        """End the process and all that it started, at once; called from any thread."""
        with self._lock:
            self._stopped = True
            if self._process:
                self._process.end()

    def _ready_for(self, task: Task) -> _Process:
        with self._lock:
            if self._stopped:
                raise StoppedError
            if self._process is None or not self._process.alive or task.modules != self.modules:
                if self._process:
                    self._process.end()
                setting = {"code": str(self.code), "packages": self.packages, "modules": task.modules}
                self._process = _Process(self.root, {**setting, "fork": self.fork, "timeout": task.timeout})
                self.modules = task.modules
            return self._process


class _Process:
    """A running `measuring.py`, with what it says split into messages and what claims print."""

    def __init__(self, root: Path, setting: dict[str, Any]) -> None:
        self.printed: deque[str] = deque(maxlen=LAST_LINES)
        self._ending = threading.Lock()
        self._token = secrets.token_hex(16)
        self._messages: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-u", measuring.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=root,
            env=_environment(),
            start_new_session=True,  # a Ctrl-C is ours alone; and one signal ends it with all that it started
        )
        assert self._process.stdin is not None  # both are pipes
        assert self._process.stdout is not None
        self._requests: IO[bytes] = self._process.stdin
        self._output: IO[bytes] = self._process.stdout
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.send({**setting, "token": self._token})

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def send(self, message: dict[str, Any]) -> None:
        with suppress(OSError, ValueError):  # it has ended; `next_message` finds out
            self._requests.write(json.dumps(message).encode() + b"\n")
            self._requests.flush()

    def next_message(self, *, until: float) -> dict[str, Any] | None:
        """Return the next message; None when there will be no more, or at the time `until`."""
        while True:
            try:
                return self._messages.get(timeout=max(0.0, min(until - time.monotonic(), 0.5)))
            except queue.Empty:
                if time.monotonic() >= until or not self.alive:  # a child of it may hold the pipe open
                    return None

    def exit_code(self, *, until: float) -> int | None:
        """Return how the process ended by itself; None when it has not at the time `until`."""
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(timeout=max(0.0, until - time.monotonic()))
        return None

    def end(self) -> None:
        """Kill what is left of the process and its group."""
        with self._ending:
            if self._output.closed:
                return
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            with suppress(OSError):
                self._requests.close()
            self._reader.join(timeout=1)
            if not self._reader.is_alive():  # else something fled into a group of its own, and holds the pipe
                self._output.close()

    def _read(self) -> None:
        token = self._token.encode()
        for line in iter(lambda: self._output.readline(1 << 20), b""):
            if line.startswith(token):
                self._messages.put(json.loads(line[len(token) :]))
            else:
                self.printed.append(line[:LONGEST_LINE].decode(errors="replace"))
        self._messages.put(None)


def _environment() -> dict[str, str]:
    """Return the variables of the process, with which it computes the same each time."""
    return {
        **os.environ,
        **dict.fromkeys(ONE_THREAD, "1"),
        "PYTHONHASHSEED": "0",
        "PYTHONIOENCODING": "utf-8:replace",
        "CUBLAS_WORKSPACE_CONFIG": ":4096:8",  # torch's deterministic algorithms on a GPU need it
        "MPLBACKEND": "agg",
    }


def _ended(code: int) -> str:
    if code >= 0:
        return f"its process ended with exit code {code}"
    with suppress(ValueError):
        return f"its process was ended by {signal.Signals(-code).name}"
    return f"its process was ended by signal {-code}"
