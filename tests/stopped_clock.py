"""A clock that only `sleep` moves."""

from __future__ import annotations

import threading


class Clock:
    """Time that passes only where somebody sleeps, in whichever thread; seconds."""

    def __init__(self) -> None:
        self.time = 1_700_000_000.0
        self.slept: list[float] = []
        self._lock = threading.Lock()

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept.append(round(seconds, 3))
            self.time += seconds
