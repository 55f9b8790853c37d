"""What arXiv said today, one JSON file an id: papers come in, and come out for a day.

arXiv's answers change once a day at most, and its terms ask not to put one question twice. The cache may be lost at
any time: a file that cannot be read, or written, is as good as none.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from threepass.importers.arxiv_paper import ArxivPaper

if TYPE_CHECKING:
    from collections.abc import Callable

    from threepass.importers.arxiv_id import ArxivId

_A_DAY = 24 * 60 * 60


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    asked: str
    endpoint: str
    moment: float
    paper: ArxivPaper


@dataclass(frozen=True, slots=True)
class Cache:
    """The answers of one endpoint; `now` gives seconds since 1970."""

    folder: Path
    endpoint: str
    now: Callable[[], float]

    def get(self, asked: ArxivId) -> ArxivPaper | None:
        """Return what this endpoint said about the id in the last 24 hours."""
        try:
            answer = _Answer.model_validate_json(self._file(asked).read_bytes())
        except (OSError, ValidationError):
            return None
        fresh = 0 <= self.now() - answer.moment < _A_DAY
        return answer.paper if fresh and (answer.asked, answer.endpoint) == (str(asked), self.endpoint) else None

    def put(self, asked: ArxivId, paper: ArxivPaper) -> None:
        """Keep an answer; a whole file or none is written."""
        answer = _Answer(asked=str(asked), endpoint=self.endpoint, moment=self.now(), paper=paper)
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile("w", dir=self.folder, suffix=".tmp", delete=False, encoding="utf-8") as file:
                file.write(answer.model_dump_json(indent=1))
            Path(file.name).replace(self._file(asked))

    def _file(self, asked: ArxivId) -> Path:
        return self.folder / f"{str(asked).replace('/', '_')}.json"
