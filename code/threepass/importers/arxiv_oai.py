"""arXiv's OAI-PMH: an id comes in; its paper, with the dates of all its versions, or why there is none, goes out.

It is asked where the query interface fails. One request gives one paper, in its latest version.
"""

from __future__ import annotations

import dataclasses
from contextlib import contextmanager
from typing import TYPE_CHECKING

import requests

from threepass.importers.arxiv_http import Line, NoAnswerError, Service
from threepass.importers.arxiv_pace import NotNowError
from threepass.importers.arxiv_paper import Failure
from threepass.importers.arxiv_raw import Record, read_record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from threepass.importers.arxiv_id import ArxivId
    from threepass.importers.arxiv_pace import Pace
    from threepass.importers.arxiv_paper import ArxivPaper, Outcomes

OAI = Service(name="OAI-PMH", variable="THREEPASS_OAI_URL", read=read_record)

_LATER = "try again later"


class Oai:
    """A conversation with OAI-PMH at an address."""

    def __init__(self, address: str, session: requests.Session, line: Line[Record]) -> None:
        self._address = address
        self._session = session
        self._line = line

    def fetch(self, ids: Sequence[ArxivId]) -> tuple[Outcomes, NoAnswerError | None]:
        """Ask for one paper, as the query interface is asked for many. Raises `NoAnswerError`."""
        (one,) = ids
        return {one: _outcome(one, self._ask(one))}, None

    def _ask(self, one: ArxivId) -> Record:
        parameters = {"verb": "GetRecord", "identifier": f"oai:arXiv.org:{one.id}", "metadataPrefix": "arXivRaw"}
        try:
            self._session.get(self._address, params=parameters)
        except NotNowError as error:
            raise NoAnswerError(error.reason, error.hint, again=False) from error
        except requests.TooManyRedirects as error:
            raise NoAnswerError("arXiv's address leads in a circle", _LATER, again=False) from error
        except (requests.RequestException, ValueError) as error:  # before anything was sent
            raise OAI.no_address(self._address) from error
        if self._line.answer is None:
            raise OAI.no_address(self._address)
        return self._line.answer


@contextmanager
def open_oai(address: str, *, pace: Pace, timeout: float) -> Iterator[Oai]:
    """Begin a conversation."""
    line = Line(OAI, pace=pace, timeout=timeout)
    with requests.Session() as session:
        line.carry(session)
        yield Oai(address, session, line)


def _outcome(one: ArxivId, record: Record) -> ArxivPaper | Failure:
    """Return what a record says of the paper that was asked for."""
    paper = record.paper
    if record.unknown:
        return Failure(str(one), f"arXiv knows no {one}", "is the id right?")
    if record.error:
        return Failure(str(one), f"arXiv refuses the question: {record.error}", "is the id right?")
    if paper is None:
        return Failure(str(one), record.fault or "arXiv's record of it is empty", "write the note by hand")
    if paper.arxiv != one.id:
        return Failure(str(one), f"arXiv answered about another paper than was asked: {paper.arxiv}", _LATER)
    if one.version is None or one.version == paper.version:
        return paper
    if one.version > paper.version:
        return Failure(str(one), f"arXiv has {paper.version} versions of it, not {one.version}", "is the number right?")
    # The words are those of the latest version, which is all that OAI-PMH has; a withdrawal concerns it alone.
    return dataclasses.replace(paper, version=one.version, updated=paper.versions[one.version - 1], withdrawn=False)
