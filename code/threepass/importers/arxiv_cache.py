"""What arXiv said today, one JSON file an id or a search: papers come in, and come out for a day.

arXiv's answers change once a day at most, and its terms ask not to put one question twice. The cache may be lost at
any time: a file that cannot be read, or written, is as good as none.
"""

from __future__ import annotations

import contextlib
import hashlib
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


class _Found(BaseModel):
    model_config = ConfigDict(extra="forbid")

    query: str
    most: int
    endpoint: str
    moment: float
    papers: tuple[ArxivPaper, ...]


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
        same = (answer.asked, answer.endpoint) == (str(asked), self.endpoint)
        return answer.paper if same and self._is_fresh(answer.moment) else None

    def put(self, asked: ArxivId, paper: ArxivPaper) -> None:
        """Keep an answer; a whole file or none is written."""
        answer = _Answer(asked=str(asked), endpoint=self.endpoint, moment=self.now(), paper=paper)
        self._write(self._file(asked), answer)

    def get_search(self, query: str, most: int) -> tuple[ArxivPaper, ...] | None:
        """Return what this endpoint found in the last 24 hours, `most` papers at most."""
        try:
            found = _Found.model_validate_json(self._file_of_search(query, most).read_bytes())
        except (OSError, ValidationError):
            return None
        same = (found.query, found.most, found.endpoint) == (query, most, self.endpoint)
        return found.papers if same and self._is_fresh(found.moment) else None

    def put_search(self, query: str, most: int, papers: tuple[ArxivPaper, ...]) -> None:
        """Keep what was found."""
        found = _Found(query=query, most=most, endpoint=self.endpoint, moment=self.now(), papers=papers)
        self._write(self._file_of_search(query, most), found)

    def _is_fresh(self, moment: float) -> bool:
        return 0 <= self.now() - moment < _A_DAY

    def _write(self, place: Path, answer: BaseModel) -> None:
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile("w", dir=self.folder, suffix=".tmp", delete=False, encoding="utf-8") as file:
                file.write(answer.model_dump_json(indent=1))
            Path(file.name).replace(place)

    def _file_of_search(self, query: str, most: int) -> Path:
        digest = hashlib.sha256(f"{most} {query}".encode()).hexdigest()
        return self.folder / f"search-{digest[:32]}.json"

    def _file(self, asked: ArxivId) -> Path:
        return self.folder / f"{str(asked).replace('/', '_')}.json"
