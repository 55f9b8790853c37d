"""How arXiv is asked, and where its answers are kept: the pauses, the tries, and the folders, as one value."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from platformdirs import user_cache_path

from threepass.importers.arxiv_cache import Cache
from threepass.importers.arxiv_pace import Pace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from threepass.importers.arxiv_http import NoAnswerError

_PATIENCE = 60.0
"""Seconds; a longer pause that arXiv asks for is not sat out: the ids fail, and nothing is asked until it is over."""


@dataclass(frozen=True, kw_only=True)
class Manners:
    """How arXiv is asked; times in seconds.

    Answers are kept in `cache` for a day; `state` holds the pause between requests, which all processes share; both are
    in the user's cache folder unless named. `timeout` counts for a whole answer; a request is tried again up to
    `retries` times, after `delay`, twice that, … plus a random part, or after what arXiv asks for.
    """

    cache: Path | None = None
    state: Path | None = None
    timeout: float = 20.0
    retries: int = 3
    delay: float = 3.0
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.time
    jitter: Callable[[], float] = random.random

    def answers(self, endpoint: str) -> Cache:
        """Return the answers that are kept of this address."""
        return Cache(self.cache or _home() / "arxiv", endpoint, self.now)

    def pace(self, service: str) -> Pace:
        """Return the right to ask one of arXiv's interfaces."""
        folder = self.state or _home() / "state"
        return Pace(
            folder=folder, service=service, delay=self.delay, patience=_PATIENCE, sleep=self.sleep, now=self.now
        )

    def waits(self) -> Iterator[float]:
        """Yield the seconds before each further try: doubling, and a random part more: machines keep apart."""
        return (self.delay * 2**n * (1 + self.jitter()) for n in range(self.retries))

    def pause(self, trouble: NoAnswerError, waits: Iterator[float], tell: Callable[[str], None]) -> bool:
        """Wait until the question may be put again, and say so; False where it is no use."""
        if not trouble.again or trouble.after > _PATIENCE or (wait := next(waits, None)) is None:
            return False
        wait += trouble.after  # the random part too: others have been told the same number
        tell(f"{trouble.reason}; asking again in {wait:.0f} seconds")
        self.sleep(wait)
        return True


def _home() -> Path:
    return user_cache_path("threepass", appauthor=False)
