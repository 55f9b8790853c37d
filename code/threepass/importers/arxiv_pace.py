"""One request at a time, and a pause between two: arXiv's terms, held across all processes of a person on a machine.

The folder holds a lock, and a file with the time of the last request and the time before which nobody may ask. arXiv
counts the requests to all its interfaces together; a longer pause that one of them asks for (`Retry-After`) is kept in
a file of its own, so that another one may still be asked. https://info.arxiv.org/help/api/tou.html
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from threepass.hinted import HintedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_A_DAY = 24 * 60 * 60
_QUEUE = 300
"""Seconds to wait for other processes that ask; each takes its pause and one request."""


class NotNowError(HintedError):
    """No request may be sent now."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """The right to ask: `with pace.turn():` around each request. Times are in seconds."""

    folder: Path
    service: str
    """The interface that is asked; it names the file of its longer pauses."""
    delay: float
    """From one request to the next."""
    patience: float
    """The longest pause that is worth waiting for."""
    sleep: Callable[[float], None]
    now: Callable[[], float]
    """Seconds since 1970, since processes must agree on it."""

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn, and hold it while the request lasts. Raises `NotNowError` where it does not come."""
        with self._lock():
            pause = self._not_before() - self.now()
            if pause > self.patience:
                until = time.strftime("%Y-%m-%d %H:%M", time.localtime(self._not_before()))
                raise NotNowError("arXiv has asked for a longer pause", f"ask again after {until}")
            if pause > 0:
                self.sleep(pause)
            self._put_off(self._common, self.delay)  # before the request too: it counts even if this process dies in it
            try:
                yield
            finally:
                self._put_off(self._common, self.delay)

    def hold(self, seconds: float) -> None:
        """Let nobody ask this interface for so long from now, a day at most; a longer pause stays. Within a turn."""
        self._put_off(self._own, seconds)

    def _put_off(self, file: Path, seconds: float) -> None:
        until = max(self._time_in(file), self.now() + min(seconds, _A_DAY))
        try:
            file.write_text(f"{self.now():.3f} {until:.3f}\n", encoding="ascii")
        except OSError:
            raise self._unwritable() from None

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder / "arxiv.lock", timeout=_QUEUE)
            lock.acquire()
        except Timeout:
            raise NotNowError("another threepass is asking arXiv", "let it finish, then try again") from None
        except (OSError, NotImplementedError):
            raise self._unwritable() from None
        try:
            yield
        finally:
            lock.release()

    @property
    def _common(self) -> Path:
        return self.folder / "arxiv.not-before"

    @property
    def _own(self) -> Path:
        return self.folder / f"arxiv-{self.service}.not-before"

    def _not_before(self) -> float:
        return max(self._time_in(self._common), self._time_in(self._own))

    def _time_in(self, file: Path) -> float:
        try:
            written, until = map(float, file.read_text(encoding="ascii").split())
        except (OSError, ValueError):
            return 0.0
        # A file from the future: the clock has been set back, and what it says may lie arbitrarily far ahead.
        return until if written <= self.now() + self.delay else 0.0

    def _unwritable(self) -> NotNowError:
        reason = f"the pause between requests cannot be kept: {self.folder} cannot be written"
        return NotNowError(reason, "make the folder writable, or set XDG_CACHE_HOME to one that is")
