"""Searching arXiv: words in, papers out. The server is on this machine."""

import pytest

from threepass.importers import arxiv
from threepass.importers.arxiv import Failure
from threepass.importers.arxiv_id import ArxivId
from threepass.importers.arxiv_query import query_of


@pytest.fixture
def known(arxiv_server):
    entry = arxiv_server.Entry
    arxiv_server.knows(
        entry("1703.01365v2", title="Integrated Gradients"), entry("1706.03762v7", title="Attention"),
        entry("2002.00001v1", title="Smoothed and Integrated Gradients"),
    )  # fmt: skip
    return arxiv_server


@pytest.fixture
def options(arxiv_server, manners):
    return {"endpoint": arxiv_server.endpoint, "manners": manners}


@pytest.mark.parametrize(
    ("words", "query"),
    [
        ("integrated gradients", "all:integrated AND all:gradients"),
        ('"integrated gradients" axioms', 'all:"integrated gradients" AND all:axioms'),
        ("au:bengio AND ti:attention", "au:bengio AND ti:attention"),
        ("a (b) -- c", "all:a AND all:b AND all:c"),
        ('"', ""),
    ],
)
def test_words_become_a_query(words, query):
    assert query_of(words) == query


def test_papers_come_in_arxivs_order_and_not_more_than_wanted(known, options):
    found = arxiv.search("integrated gradients", most=20, **options)
    assert [paper.arxiv for paper in found] == ["1703.01365", "2002.00001"]
    assert len(arxiv.search("integrated", most=1, **options)) == 1
    assert "sortBy=relevance" in known.requests[0].path
    assert "max_results=20" in known.requests[0].path


def test_nothing_found_is_no_failure(known, options):
    assert arxiv.search("nothing", most=20, **options) == ()


def test_what_was_found_is_not_asked_for_again(known, options):
    first = arxiv.search("attention", most=20, **options)
    assert arxiv.search("attention", most=20, **options) == first
    assert arxiv.fetch([ArxivId("1706.03762")], **options)[ArxivId("1706.03762")] == first[0]
    assert len(known.requests) == 1


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ({"status": 503}, "arXiv is out of order (HTTP 503)"),
        ({"body": "Rate exceeded."}, "arXiv asks for fewer requests (Rate exceeded.)"),
        ({"body": "<html/>"}, "a web page came instead of arXiv's answer"),
    ],
)
def test_what_goes_wrong_is_one_line(known, options, reply, reason):
    known.says(*[known.Reply(**reply)] * 4)
    outcome = arxiv.search("attention", most=20, **options)
    assert isinstance(outcome, Failure)
    assert outcome.reason == reason


def test_an_answer_that_breaks_off_is_asked_for_again(known, options):
    known.says(known.Reply(known.feed(known.Entry("1706.03762v7").atom_2026())[:-20]))
    assert [paper.title for paper in arxiv.search("attention", most=20, **options)] == ["Attention"]


def test_a_search_that_arxiv_refuses_is_quoted(known, options):
    known.says(known.Reply(known.error_feed("unexpected token"), status=400))
    assert arxiv.search("ti:(", most=20, **options).reason == "arXiv refuses the search: unexpected token"


def test_no_words_are_not_asked_for(known, options):
    assert isinstance(arxiv.search(" ", most=20, **options), Failure)
    assert known.requests == []
