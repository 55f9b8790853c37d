"""arXiv's query interface: ids or words come in; for each id its paper or why not, or the papers found, go out.

The question is put, and the answer parsed, by the `arxiv` package: its `Client` builds the address from a `Search` and
makes `Result`s of the Atom feed. What it cannot do happens below it, in the adapter of its session (`arxiv_http`): the
timeout, the pause between requests across processes (`arxiv_pace`), `Retry-After`, redirects, and a strict check of
what came (`arxiv_feed`). The package's own retries and pause are switched off, for they repeat a 400 and a 403 too.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import arxiv  # type: ignore[import-untyped]  # the package carries annotations but no py.typed
import requests

from threepass.importers import arxiv_id
from threepass.importers.arxiv_answer import fold, fold_paragraphs
from threepass.importers.arxiv_feed import Feed, read_feed
from threepass.importers.arxiv_http import Line, NoAnswerError, Service
from threepass.importers.arxiv_pace import NotNowError
from threepass.importers.arxiv_paper import ArxivPaper, Failure, says_withdrawn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from threepass.importers.arxiv_id import ArxivId
    from threepass.importers.arxiv_pace import Pace
    from threepass.importers.arxiv_paper import Outcomes

QUERY = Service(name="query interface", variable="THREEPASS_ARXIV_URL", read=read_feed)
MOST = 100
"""Ids in a request, and papers of a search."""

_CATEGORY = re.compile(r"[a-z-]+(\.[A-Za-z-]+)?")
_FIELD = re.compile(r"\b(?:ti|au|abs|co|jr|cat|rn|id|all|submittedDate|lastUpdatedDate):")
_LATER = "try again later"


class Query:
    """A conversation with the query interface at an address."""

    def __init__(self, client: arxiv.Client, line: Line[Feed]) -> None:
        self._client = client
        self._line = line

    def fetch(self, ids: Sequence[ArxivId]) -> tuple[Outcomes, NoAnswerError | None]:
        """Ask once; give each id its outcome as far as the answer goes, and say what is wrong where it does not.

        Raises `NoAnswerError` where there is no answer at all.
        """
        search = arxiv.Search(id_list=[str(one) for one in ids], max_results=None)  # all that the answer holds
        return _settle(ids, *self._ask(search, size=MOST))

    def search(self, query: str, *, most: int) -> tuple[ArxivPaper, ...]:
        """Return the papers that match, the most relevant first. Raises `NoAnswerError`."""
        results, feed = self._ask(arxiv.Search(query=query, max_results=most), size=most)
        if feed.error:
            raise NoAnswerError(f"arXiv refuses the search: {feed.error}", "say it in plain words", again=False)
        if not feed.whole or (not results and feed.total != 0):
            raise NoAnswerError("arXiv's answer breaks off", _LATER, again=True)
        return tuple(map(_paper, results))

    def _ask(self, search: arxiv.Search, *, size: int) -> tuple[list[arxiv.Result], Feed]:
        """Put one question. Raises `NoAnswerError`."""
        client = self._client
        client.page_size = size
        try:
            requests.Request("GET", client.query_url_format).prepare()
        except ValueError as error:
            raise QUERY.no_address(client.query_url_format.partition("?")[0]) from error
        try:
            results = list(client.results(search))
        except NotNowError as error:
            raise NoAnswerError(error.reason, error.hint, again=False) from error
        except requests.TooManyRedirects as error:
            raise NoAnswerError("arXiv's address leads in a circle", _LATER, again=False) from error
        except requests.RequestException as error:  # before anything was sent: no line leads to such an address
            raise QUERY.no_address(client.query_url_format.partition("?")[0]) from error
        if self._line.answer is None:
            raise NoAnswerError("arXiv has not been asked", _LATER, again=False)
        return results, self._line.answer


@contextmanager
def open_query(address: str, *, pace: Pace, timeout: float) -> Iterator[Query]:
    """Begin a conversation: the package's client with our line under it, and its own pause and retries off."""
    line = Line(QUERY, pace=pace, timeout=timeout)
    client = arxiv.Client(page_size=MOST, delay_seconds=0, num_retries=0)
    joint = "&" if "?" in address else "?"
    client.query_url_format = address.replace("{", "{{").replace("}", "}}") + joint + "{}"
    with client._session as session:
        line.carry(session)
        yield Query(client, line)


def query_of(words: str) -> str:
    """Return what a person types as arXiv's query: all the words, a quoted phrase as one; its own syntax as it is."""
    if _FIELD.search(words):
        return words.strip()
    parts = re.findall(r'"[^"]*\w[^"]*"|[^\s"()]*\w[^\s"()]*', words)
    return " AND ".join(f"all:{part}" for part in parts)


def _settle(
    asked: Sequence[ArxivId], results: Sequence[arxiv.Result], feed: Feed
) -> tuple[Outcomes, NoAnswerError | None]:
    """Give each id its outcome as far as this answer goes, and say what is wrong with it where it does not."""
    papers = [_paper(result) for result in results]
    others = sorted(({paper.arxiv for paper in papers} | set(feed.faults)) - {one.id for one in asked})
    outcomes: Outcomes = {}
    for one in asked:
        versions = {paper.version: paper for paper in papers if paper.arxiv == one.id}
        if versions and one.version in (None, *versions):
            outcomes[one] = versions[one.version or max(versions)]
        elif one.id in feed.faults:
            hint = "tell arXiv's help desk, or write the note by hand"
            outcomes[one] = Failure(str(one), feed.faults[one.id], hint, elsewhere=True)
        elif versions:
            reason = f"arXiv answered with version {max(versions)}, not {one.version}"
            outcomes[one] = Failure(str(one), reason, "is there such a version?")
        elif feed.error and _names(feed.error, one):
            outcomes[one] = Failure(str(one), f"arXiv refuses the id: {feed.error}", "is the id right?")
        elif feed.error:
            continue
        elif others:
            reason = f"arXiv answered about another paper than was asked: {', '.join(others[:3])}"
            outcomes[one] = Failure(str(one), reason, _LATER, elsewhere=True)
        elif feed.complete:
            outcomes[one] = Failure(str(one), f"arXiv knows no {one}", "is the id right?")
    if len(outcomes) == len(asked):
        return outcomes, None
    if feed.error:
        # Where it names some of the ids, the others are asked for once more without them.
        reason = f"arXiv refuses the question: {feed.error}"
        return outcomes, NoAnswerError(reason, "are the ids right?", again=bool(outcomes), only_this=True)
    what = "leaves some out" if feed.whole else "breaks off"
    return outcomes, NoAnswerError(f"arXiv's answer {what}", _LATER, again=True)


def _names(error: str, one: ArxivId) -> bool:
    return re.search(rf"(?<![\w.-]){re.escape(str(one))}(?![\w-])", error) is not None


def _paper(result: arxiv.Result) -> ArxivPaper:
    """Read a result of the package; the feed's check has seen that it is whole."""
    found = arxiv_id.parse(result.entry_id)
    assert found is not None
    assert found.version is not None
    categories = dict.fromkeys(filter(_CATEGORY.fullmatch, [result.primary_category, *result.categories]))
    comment = fold(result.comment or "") or None
    abstract = fold_paragraphs(result.summary)
    return ArxivPaper(
        arxiv=found.id,
        version=found.version,
        title=fold(result.title),
        authors=tuple(fold(author.name) for author in result.authors),
        published=result.published.date(),
        updated=result.updated.date(),
        categories=tuple(categories),
        abstract=abstract,
        comment=comment,
        journal_ref=fold(result.journal_ref or "") or None,
        doi=fold(result.doi or "") or None,
        withdrawn=says_withdrawn(comment=comment, abstract=abstract),
    )
