"""Metadata from arXiv: ids come in, and for each of them its paper or one line that says why not goes out.

A hundred ids are one request to the query interface (`arxiv_query`). A try asks only for what is still missing, so that
an answer that breaks off costs nothing that came; a broken entry fails alone. What the query interface does not give is
asked of OAI-PMH (`arxiv_oai`), a paper a request. Where arXiv itself is at fault, the rest is not asked for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace

from threepass.importers.arxiv_http import NoAnswerError
from threepass.importers.arxiv_id import ArxivId
from threepass.importers.arxiv_manners import Manners
from threepass.importers.arxiv_oai import open_oai
from threepass.importers.arxiv_paper import ArxivPaper, Failure, Outcomes
from threepass.importers.arxiv_query import MOST, open_query, query_of

__all__ = ["MOST", "ArxivPaper", "Failure", "Manners", "endpoint", "fetch", "oai_endpoint", "search"]

ARXIV = "https://export.arxiv.org/api/query"
"""arXiv's query interface; https://info.arxiv.org/help/api/user-manual.html."""
OAI_PMH = "https://oaipmh.arxiv.org/oai"
"""arXiv's OAI-PMH; https://info.arxiv.org/help/oa/index.html."""

_USUAL = Manners()

Ask = Callable[[Sequence[ArxivId]], tuple[Outcomes, NoAnswerError | None]]
"""One request to a source."""


def endpoint(settings_value: str | None) -> str:
    """Return the address of the query interface: `THREEPASS_ARXIV_URL`, else the setting, else arXiv's own."""
    return os.environ.get("THREEPASS_ARXIV_URL", "").strip() or (settings_value or "").strip() or ARXIV


def oai_endpoint(settings_value: str | None, *, query: str) -> str | None:
    """Return the address of OAI-PMH: `THREEPASS_OAI_URL`, else the setting, else arXiv's own.

    None where the query interface is not arXiv's own either: who asks a mirror does not mean to ask arXiv.
    """
    named = os.environ.get("THREEPASS_OAI_URL", "").strip() or (settings_value or "").strip()
    return named or (OAI_PMH if query == ARXIV else None)


def fetch(
    ids: Sequence[ArxivId],
    *,
    endpoint: str,
    oai: str | None = None,
    manners: Manners = _USUAL,
    tell: Callable[[str], None] = lambda _: None,
    done: Callable[[ArxivId], None] = lambda _: None,
) -> dict[ArxivId, ArxivPaper | Failure]:
    """Return each id's paper, or why there is none, in the order of `ids`.

    An id without version gives the latest one. `oai` is asked for what `endpoint` does not give; where it is left to
    ask, a request to `endpoint` is tried again only once. `tell` gets one line before each wait for another try and
    each change to another source, `done` each id that has its outcome. Nothing is raised for what arXiv or the network
    does.
    """
    known = manners.answers(endpoint)
    outcomes: Outcomes = {}

    def settled(found: Outcomes) -> None:
        for one, outcome in found.items():
            if isinstance(outcome, ArxivPaper):
                known.put(one, outcome)
            done(one)
        outcomes.update(found)  # in place: it belongs to the caller

    wanted = list(dict.fromkeys(ids))
    kept = {one: paper for one in wanted if (paper := known.get(one))}
    for one in kept:
        done(one)
    outcomes |= kept
    missing = [one for one in wanted if one not in outcomes]
    hasty = replace(manners, retries=min(manners.retries, 1)) if oai else manners
    with open_query(endpoint, pace=manners.pace("query"), timeout=manners.timeout) as query:
        failures = _ask_for(missing, query.fetch, size=MOST, manners=hasty, tell=tell, settled=settled)
    again = [one for one, failure in failures.items() if failure.elsewhere]
    if oai and again:
        tell(f"{failures[again[0]].reason}; asking OAI-PMH")
        with open_oai(oai, pace=manners.pace("oai"), timeout=manners.timeout) as second:
            left = _ask_for(again, second.fetch, size=1, manners=manners, tell=tell, settled=settled)
        for one, failure in left.items():
            first = failures[one]
            same = failure.reason == first.reason
            reason = first.reason if same else f"{first.reason}; OAI-PMH: {failure.reason}"
            failures[one] = Failure(first.arxiv, reason, first.hint)
    settled({one: failure for one, failure in failures.items() if one not in outcomes})
    return {one: outcomes[one] for one in ids}


def search(
    words: str,
    *,
    most: int,
    endpoint: str,
    manners: Manners = _USUAL,
    tell: Callable[[str], None] = lambda _: None,
) -> tuple[ArxivPaper, ...] | Failure:
    """Return the papers that match, the most relevant first, at most `most`; the options are those of `fetch`.

    Each paper found is kept as an answer about its id too, so that adding it asks nothing more.
    """
    query = query_of(words)
    if not query:
        return Failure(words, "there is nothing to search for", "name a word of the title, or an author: au:bengio")
    known = manners.answers(endpoint)
    if (found := known.get_search(query, most)) is not None:
        return found
    waits = manners.waits()
    with open_query(endpoint, pace=manners.pace("query"), timeout=manners.timeout) as asked:
        while True:
            try:
                found = asked.search(query, most=most)
                break
            except NoAnswerError as error:
                if not manners.pause(error, waits, tell):
                    return Failure(words, error.reason, error.hint)
    known.put_search(query, most, found)
    for paper in found:
        known.put(ArxivId(paper.arxiv), paper)
    return found


def _ask_for(
    ids: Sequence[ArxivId],
    ask: Ask,
    *,
    size: int,
    manners: Manners,
    tell: Callable[[str], None],
    settled: Callable[[Outcomes], None],
) -> dict[ArxivId, Failure]:
    """Ask a source for all ids, `size` a request; return why the rest has no outcome, which is not settled yet."""
    failures: dict[ArxivId, Failure] = {}
    trouble: NoAnswerError | None = None
    for start in range(0, len(ids), size):
        left = ids[start : start + size]
        if trouble is None or trouble.only_this:
            found, trouble = _fetch_batch(left, ask, manners, tell)
            left = [one for one in left if one not in found]
            unsure = {one: outcome for one, outcome in found.items() if isinstance(outcome, Failure)}
            failures |= {one: failure for one, failure in unsure.items() if failure.elsewhere}
            settled({one: outcome for one, outcome in found.items() if one not in failures})
        if trouble is not None:
            elsewhere = not trouble.stop
            failures |= {one: Failure(str(one), trouble.reason, trouble.hint, elsewhere) for one in left}
    return failures


def _fetch_batch(
    batch: Sequence[ArxivId], ask: Ask, manners: Manners, tell: Callable[[str], None]
) -> tuple[Outcomes, NoAnswerError | None]:
    """Ask until each id has its outcome or another try is no use; then also say why the others have none."""
    outcomes: Outcomes = {}
    waits = manners.waits()
    while True:
        try:
            found, trouble = ask([one for one in batch if one not in outcomes])
        except NoAnswerError as error:
            found, trouble = {}, error
        outcomes |= found
        if trouble is None or not manners.pause(trouble, waits, tell):
            return outcomes, trouble
