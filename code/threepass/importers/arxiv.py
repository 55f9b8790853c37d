"""Metadata from arXiv: ids come in, and for each of them its paper or one line that says why not goes out.

The question is put, and the answer parsed, by the `arxiv` package: its `Client` builds the address from a `Search` and
makes `Result`s of the Atom feed. What it cannot do happens below it, in the adapter of its session (`arxiv_http`): the
timeout, the pause between requests across processes (`arxiv_pace`), `Retry-After`, redirects, and a strict check of
what came (`arxiv_feed`). The package's own retries and pause are switched off, for they repeat a 400 and a 403 too.

A hundred ids are one request. A try asks only for what is still missing, so that an answer that breaks off costs
nothing that came; a broken entry fails alone. Where arXiv itself is at fault, the rest of the ids is not asked for.

All interpretation of an answer happens in `_settle`; a second source of metadata would be asked in `fetch`, for the
ids that `_fetch_batch` leaves over.
"""

from __future__ import annotations

import contextlib
import os
import random
import re
import time
from typing import TYPE_CHECKING

import arxiv  # type: ignore[import-untyped]  # the package carries annotations but no py.typed
import requests
from platformdirs import user_cache_path

from threepass.importers import arxiv_id
from threepass.importers.arxiv_cache import Cache
from threepass.importers.arxiv_feed import Feed, fold, fold_paragraphs
from threepass.importers.arxiv_http import Line, NoAnswerError
from threepass.importers.arxiv_pace import NotNowError, Pace
from threepass.importers.arxiv_paper import ArxivPaper, Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from threepass.importers.arxiv_id import ArxivId

__all__ = ["ArxivPaper", "Failure", "endpoint", "fetch"]

ARXIV = "https://export.arxiv.org/api/query"
"""arXiv's query interface; https://info.arxiv.org/help/api/user-manual.html."""

_BATCH = 100
_PATIENCE = 60.0
"""Seconds; a longer pause that arXiv asks for is not sat out: the ids fail, and nothing is asked until it is over."""
_CATEGORY = re.compile(r"[a-z-]+(\.[A-Za-z-]+)?")
_LATER = "try again later"


def endpoint(settings_value: str | None) -> str:
    """Return the address of the query interface: `THREEPASS_ARXIV_URL`, else the setting, else arXiv's own."""
    return os.environ.get("THREEPASS_ARXIV_URL", "").strip() or (settings_value or "").strip() or ARXIV


def fetch(
    ids: Sequence[ArxivId],
    *,
    endpoint: str,
    cache: Path | None = None,
    state: Path | None = None,
    timeout: float = 20.0,
    retries: int = 3,
    delay: float = 3.0,
    sleep: Callable[[float], None] = time.sleep,
    now: Callable[[], float] = time.time,
    jitter: Callable[[], float] = random.random,
    tell: Callable[[str], None] = lambda _: None,
) -> dict[ArxivId, ArxivPaper | Failure]:
    """Return each id's paper, or why there is none, in the order of `ids`.

    An id without version gives the latest one. Answers are kept in `cache` for a day; `state` holds the pause between
    requests, which all processes share; both are in the user's cache folder unless named. `timeout` (seconds) counts
    for a whole answer; a request is tried again up to `retries` times, after `delay`, twice that, … plus a random
    part, or after what arXiv asks for. `tell` gets one line before each wait for another try. Nothing is raised for
    what arXiv or the network does.
    """
    home = user_cache_path("threepass", appauthor=False)
    pace = Pace(folder=state or home / "state", delay=delay, patience=_PATIENCE, sleep=sleep, now=now)
    known = Cache(cache or home / "arxiv", endpoint, now)
    outcomes: dict[ArxivId, ArxivPaper | Failure] = {}
    for one in ids:
        if one not in outcomes and (paper := known.get(one)):
            outcomes[one] = paper
    missing = [one for one in dict.fromkeys(ids) if one not in outcomes]
    trouble: NoAnswerError | None = None
    with _client(endpoint, line := Line(pace=pace, timeout=timeout)) as client:
        for batch in _batches(missing):
            if trouble is None or trouble.only_this:
                waits = _waits(retries, delay=delay, jitter=jitter)
                found, trouble = _fetch_batch(batch, client, line, waits=waits, sleep=sleep, tell=tell)
                for one, outcome in found.items():
                    if isinstance(outcome, ArxivPaper):
                        known.put(one, outcome)
                outcomes |= found
            if trouble is not None:
                left_over = [one for one in batch if one not in outcomes]
                outcomes |= {one: Failure(str(one), trouble.reason, trouble.hint) for one in left_over}
    return {one: outcomes[one] for one in ids}


def _fetch_batch(
    batch: Sequence[ArxivId],
    client: arxiv.Client,
    line: Line,
    *,
    waits: Iterator[float],
    sleep: Callable[[float], None],
    tell: Callable[[str], None],
) -> tuple[dict[ArxivId, ArxivPaper | Failure], NoAnswerError | None]:
    """Ask until each id has its outcome or another try is no use; then also say why the others have none."""
    outcomes: dict[ArxivId, ArxivPaper | Failure] = {}
    while True:
        left = [one for one in batch if one not in outcomes]
        try:
            found, trouble = _settle(left, *_ask(left, client, line))
        except NoAnswerError as error:
            found, trouble = {}, error
        outcomes |= found
        if trouble is None or not trouble.again:
            return outcomes, trouble
        if trouble.after > _PATIENCE or (wait := next(waits, None)) is None:
            return outcomes, trouble
        wait += trouble.after  # the random part too: others have been told the same number
        tell(f"{trouble.reason}; asking again in {wait:.0f} seconds")
        sleep(wait)


def _ask(ids: Sequence[ArxivId], client: arxiv.Client, line: Line) -> tuple[list[arxiv.Result], Feed]:
    """Put one question. Raises `NoAnswerError`."""
    search = arxiv.Search(id_list=[str(one) for one in ids], max_results=None)  # all that the answer holds
    try:
        requests.Request("GET", client.query_url_format).prepare()
    except ValueError as error:
        raise _no_address(client) from error
    try:
        results = list(client.results(search))
    except NotNowError as error:
        raise NoAnswerError(error.reason, error.hint, again=False) from error
    except requests.TooManyRedirects as error:
        raise NoAnswerError("arXiv's address leads in a circle", _LATER, again=False) from error
    except requests.RequestException as error:  # before anything was sent: no line leads to such an address
        raise _no_address(client) from error
    if line.feed is None:
        raise NoAnswerError("arXiv has not been asked", _LATER, again=False)
    return results, line.feed


def _no_address(client: arxiv.Client) -> NoAnswerError:
    address = fold(client.query_url_format.partition("?")[0])
    return NoAnswerError(f"'{address}' is no address", "look at THREEPASS_ARXIV_URL and mkdocs.yml", again=False)


def _settle(
    asked: Sequence[ArxivId], results: Sequence[arxiv.Result], feed: Feed
) -> tuple[dict[ArxivId, ArxivPaper | Failure], NoAnswerError | None]:
    """Give each id its outcome as far as this answer goes, and say what is wrong with it where it does not."""
    papers = [_paper(result) for result in results]
    others = sorted(({paper.arxiv for paper in papers} | set(feed.faults)) - {one.id for one in asked})
    outcomes: dict[ArxivId, ArxivPaper | Failure] = {}
    for one in asked:
        versions = {paper.version: paper for paper in papers if paper.arxiv == one.id}
        if versions and one.version in (None, *versions):
            outcomes[one] = versions[one.version or max(versions)]
        elif one.id in feed.faults:
            outcomes[one] = Failure(str(one), feed.faults[one.id], "tell arXiv's help desk, or write the note by hand")
        elif versions:
            reason = f"arXiv answered with version {max(versions)}, not {one.version}"
            outcomes[one] = Failure(str(one), reason, "is there such a version?")
        elif feed.error and _names(feed.error, one):
            outcomes[one] = Failure(str(one), f"arXiv refuses the id: {feed.error}", "is the id right?")
        elif feed.error:
            continue
        elif others:
            reason = f"arXiv answered about another paper than was asked: {', '.join(others[:3])}"
            outcomes[one] = Failure(str(one), reason, _LATER)
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
    return ArxivPaper(
        arxiv=found.id,
        version=found.version,
        title=fold(result.title),
        authors=tuple(fold(author.name) for author in result.authors),
        published=result.published.date(),
        updated=result.updated.date(),
        categories=tuple(categories),
        abstract=fold_paragraphs(result.summary),
        comment=fold(result.comment or "") or None,
        journal_ref=fold(result.journal_ref or "") or None,
        doi=fold(result.doi or "") or None,
    )


@contextlib.contextmanager
def _client(address: str, line: Line) -> Iterator[arxiv.Client]:
    """Return the package's client with our line under it, and its own pause and retries off."""
    client = arxiv.Client(page_size=_BATCH, delay_seconds=0, num_retries=0)
    joint = "&" if "?" in address else "?"
    client.query_url_format = address.replace("{", "{{").replace("}", "}}") + joint + "{}"
    with client._session as session:
        session.max_redirects = 3
        session.mount("https://", line)
        session.mount("http://", line)
        yield client


def _batches(ids: Sequence[ArxivId]) -> Iterator[Sequence[ArxivId]]:
    return (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))


def _waits(retries: int, *, delay: float, jitter: Callable[[], float]) -> Iterator[float]:
    """Yield the seconds before each further try: doubling, and a random part more, so that machines keep apart."""
    return (delay * 2**n * (1 + jitter()) for n in range(retries))
