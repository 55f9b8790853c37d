"""What addresses answered, one JSON file an address: answers come in, and come out while they are fresh.

The files may be lost at any time: one that cannot be read, or written, is as good as none.
"""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable

_HOUR = 60.0 * 60.0


class Verdict(StrEnum):
    """What an answer says of a link."""

    ALIVE = "alive"
    DEAD = "dead"
    UNCHECKED = "unchecked"


LIFETIMES = {Verdict.ALIVE: 7 * 24 * _HOUR, Verdict.DEAD: _HOUR, Verdict.UNCHECKED: _HOUR}
"""Seconds; short where somebody may be mending the link, or asking us to come again later."""


class Answer(BaseModel):
    """What an address answered.

    `reason` says why it is not alive, in a line. `moved` is where it has moved for good, empty where it has not.
    `archived` is a copy of a dead page, empty where the archive has none, and None where the archive was not asked or
    did not answer. `reached` is whether any host answered at all.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    verdict: Verdict
    reason: str = ""
    moved: str = ""
    archived: str | None = None
    reached: bool = True


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid")

    address: str
    moment: float
    answer: Answer


@dataclass(frozen=True, slots=True)
class KnownAnswers:
    """The answers in a folder; `now` gives seconds since 1970."""

    folder: Path
    now: Callable[[], float]

    def get(self, address: str) -> Answer | None:
        """Return what the address answered, if that is fresh."""
        try:
            kept = _Kept.model_validate_json(self._file(address).read_bytes())
        except (OSError, ValidationError):
            return None
        fresh = 0 <= self.now() - kept.moment < LIFETIMES[kept.answer.verdict]
        return kept.answer if fresh and kept.address == address else None

    def put(self, address: str, answer: Answer) -> None:
        """Keep an answer; a whole file or none is written. What no host answered is not kept."""
        if not answer.reached:
            return
        kept = _Kept(address=address, moment=self.now(), answer=answer)
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile("w", dir=self.folder, suffix=".tmp", delete=False, encoding="utf-8") as file:
                file.write(kept.model_dump_json(indent=1))
            Path(file.name).replace(self._file(address))

    def _file(self, address: str) -> Path:
        return self.folder / f"{hashlib.sha256(address.encode('utf-8', 'surrogateescape')).hexdigest()[:32]}.json"
