"""A clock that only `sleep` moves."""

from __future__ import annotations


class Clock:
    """Time that passes only where somebody sleeps; seconds."""

    def __init__(self) -> None:
        self.time = 1_700_000_000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.time += seconds
