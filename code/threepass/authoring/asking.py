"""arXiv ids in; what arXiv says of each paper, asked where the library's settings say, out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from threepass.importers.arxiv import endpoint, fetch, oai_endpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from threepass.importers.arxiv import ArxivPaper, Failure
    from threepass.importers.arxiv_id import ArxivId
    from threepass.library import Library


def ask_arxiv(
    library: Library,
    ids: Sequence[ArxivId],
    *,
    tell: Callable[[str], None] = lambda _: None,
    done: Callable[[ArxivId], None] = lambda _: None,
) -> dict[ArxivId, ArxivPaper | Failure]:
    """Return each id's paper, or why there is none, as `importers.arxiv.fetch` does."""
    settings = library.settings.arxiv
    query = endpoint(settings.url)
    return fetch(ids, endpoint=query, oai=oai_endpoint(settings.oai, query=query), tell=tell, done=done)
