"""OAI-PMH: asked where the query interface fails, and only there. The server is on this machine."""

from dataclasses import replace
from datetime import date

import pytest

from threepass.importers import arxiv
from threepass.importers.arxiv import ArxivPaper, Failure
from threepass.importers.arxiv_id import ArxivId
from threepass.importers.arxiv_raw import authors_of

IG = ArxivId("1703.01365")
ATTENTION = ArxivId("1706.03762")
OLD = ArxivId("hep-th/9901001")
MISSING = ArxivId("1703.99999")


@pytest.fixture
def known(arxiv_server):
    entry = arxiv_server.Entry
    arxiv_server.knows(
        entry("1703.01365v3", title="Axiomatic Attribution", authors=("Mukund Sundararajan", "Ankur Taly"),
              extra="<arxiv:comment>ICML</arxiv:comment><arxiv:journal_ref>PMLR 70</arxiv:journal_ref>"
                    "<arxiv:doi>10.5555/3305890</arxiv:doi>", summary="We study it.\n  In two paragraphs."),
        entry("1706.03762v7", title="Attention Is All You Need"),
        entry("hep-th/9901001v1", title="Strings"),
    )  # fmt: skip
    return arxiv_server


@pytest.fixture
def fetch(arxiv_server, manners):
    def fetch(*ids, endpoint=arxiv_server.endpoint, oai=arxiv_server.oai, tell=lambda _: None, **changes):
        return arxiv.fetch(ids, endpoint=endpoint, oai=oai, tell=tell, manners=replace(manners, **changes))

    return fetch


def out_of_order(server, times=9):
    server.says(*[server.Reply(status=503)] * times)


def test_where_the_query_interface_answers_it_is_not_asked(known, fetch):
    fetch(IG, ATTENTION, MISSING)
    assert known.oai_asked == []


def test_a_paper_is_the_same_from_either_but_for_the_dates_of_its_versions(known, fetch, tmp_path):
    known.dialect = known.Entry.atom_before
    first = fetch(IG)[IG]
    out_of_order(known)
    second = fetch(IG, cache=tmp_path / "other")[IG]
    assert second.versions == (date(2017, 3, 4), date(2016, 6, 13), date(2017, 6, 13))
    assert first.versions == ()
    assert second == ArxivPaper(**{name: getattr(first, name) for name in ArxivPaper.__slots__} | {
        "versions": second.versions})  # fmt: skip


@pytest.mark.parametrize(
    "reply",
    [
        {"status": 500},
        {"status": 503},
        {"status": 429, "headers": {"Retry-After": "3600"}},
        {"status": 404},
        {"status": 400},
        {"body": "Rate exceeded."},
        {"body": "<html><title>Log in</title></html>"},
        {"body": ""},
        {"body": "<feed>"},
        {"status": 302, "headers": {"Location": "http://localhost/blocked"}},
    ],
)
def test_whatever_is_wrong_with_the_query_interface_it_is_asked(known, fetch, reply):
    known.says(*[known.Reply(**reply)] * 4)
    said = []
    assert fetch(IG, OLD, tell=said.append)[OLD].title == "Strings"
    assert known.oai_asked == ["1703.01365", "hep-th/9901001"]
    assert said[-1].endswith("; asking OAI-PMH")


def test_a_query_interface_that_refuses_the_connection_is_done_without(known, fetch):
    assert fetch(IG, endpoint="http://127.0.0.1:9/api/query")[IG].title == "Axiomatic Attribution"


def test_after_a_403_it_is_not_asked_either(known, fetch):
    known.says(known.Reply(status=403))
    assert fetch(IG)[IG].reason == "arXiv has shut this machine out (HTTP 403)"
    assert known.oai_asked == []


def test_only_what_the_query_interface_leaves_open_is_asked_for(known, fetch):
    whole, broken = known.Entry("1703.01365v3").atom_2026(), known.Entry("1706.03762v7", published=None).atom_2026()
    known.says(known.Reply(known.feed(whole, broken)))
    outcomes = fetch(IG, ATTENTION)
    assert known.oai_asked == ["1706.03762"]
    assert outcomes[IG].title == "A Title"
    assert outcomes[ATTENTION].title == "Attention Is All You Need"


def test_what_the_query_interface_leaves_out_is_asked_for(known, fetch):
    short = known.feed(known.Entry("1703.01365v3").atom_2026(), total=2)
    known.says(*[known.Reply(short), known.Reply(known.feed(total=1))])
    assert fetch(IG, ATTENTION)[ATTENTION].version == 7
    assert known.oai_asked == ["1706.03762"]


def test_each_id_has_its_own_outcome(known, fetch):
    out_of_order(known)
    outcomes = fetch(IG, MISSING, ArxivId("1706.03762", 9), ArxivId("1706.03762", 2))
    assert list(outcomes) == [IG, MISSING, ArxivId("1706.03762", 9), ArxivId("1706.03762", 2)]
    assert outcomes[IG].version == 3
    assert outcomes[MISSING] == Failure("1703.99999", "arXiv knows no 1703.99999", "is the id right?")
    assert "arXiv has 7 versions of it, not 9" in outcomes[ArxivId("1706.03762", 9)].reason
    earlier = outcomes[ArxivId("1706.03762", 2)]
    assert (earlier.version, earlier.updated, earlier.published) == (2, date(2012, 6, 13), date(2017, 3, 4))


def test_requests_keep_the_pause_between_them(known, fetch, clock):
    out_of_order(known)
    fetch(IG, ATTENTION, OLD)
    # a try more, then a paper a request: three seconds each
    assert clock.slept == [3.0, 3.0, 3.0, 3.0]


def test_a_pause_that_the_query_interface_asks_for_concerns_it_alone(known, fetch, clock):
    known.says(known.Reply(status=429, headers={"Retry-After": "3600"}))
    assert fetch(IG)[IG].version == 3
    assert fetch(ATTENTION)[ATTENTION].version == 7
    assert (len(known.asked), known.oai_asked) == (1, ["1703.01365", "1706.03762"])
    clock.time += 3600
    fetch(OLD)
    assert len(known.asked) == 2


def test_its_answer_is_kept_for_a_day(known, fetch):
    out_of_order(known)
    assert fetch(IG) == fetch(IG)
    assert known.oai_asked == ["1703.01365"]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ({"status": 503}, "arXiv is out of order (HTTP 503)"),
        ({"status": 404}, "arXiv is out of order (HTTP 503); OAI-PMH: there is no OAI-PMH at {oai} (HTTP 404)"),
        ({"body": "Rate exceeded."},
         "arXiv is out of order (HTTP 503); OAI-PMH: arXiv asks for fewer requests (Rate exceeded.)"),
        ({"body": "<html><title>Log in</title></html>"},
         "arXiv is out of order (HTTP 503); OAI-PMH: a web page came instead of arXiv's answer: Log in"),
        ({"body": "<?xml version='1.0'?><OAI-PMH><GetRecord>"},
         "arXiv is out of order (HTTP 503); OAI-PMH: arXiv's answer breaks off"),
    ],
)  # fmt: skip
def test_where_both_fail_both_are_said_in_one_line_and_no_more_is_asked(known, fetch, reply, reason):
    out_of_order(known)
    known.oai_says(*[known.Reply(**reply)] * 4)
    outcomes = fetch(IG, ATTENTION)
    assert {outcome.reason for outcome in outcomes.values()} == {reason.format(oai=known.oai)}
    assert set(known.oai_asked) == {"1703.01365"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda s: s.oai_record(s.papers["1703.01365"].raw().replace("Sat, 04 Mar", "Soon")), "version without a date"),
        (lambda s: s.oai_record(s.papers["1703.01365"].raw().replace("Axiomatic Attribution", "")), "no title"),
        (lambda s: s.oai_record(s.papers["1706.03762"].raw()), "another paper than was asked: 1706.03762"),
        (lambda s: s.oai_answer("<GetRecord/>"), "arXiv's record of it is empty"),
        (lambda s: s.oai_answer('<error code="badArgument">no verb</error>'), "refuses the question: badArgument: no"),
        (lambda s: s.oai_answer('<GetRecord><record><header status="deleted"/></record></GetRecord>'), "deleted it"),
    ],
)  # fmt: skip
def test_a_record_that_is_broken_fails_alone(known, fetch, change, reason):
    out_of_order(known)
    known.oai_says(known.Reply(change(known)))
    outcomes = fetch(IG, OLD)
    assert reason in outcomes[IG].reason
    assert "\n" not in outcomes[IG].reason
    assert outcomes[OLD].title == "Strings"


def test_an_entity_bomb_is_not_expanded(known, fetch):
    out_of_order(known)
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n'
    known.oai_says(*[known.Reply(known.oai_record(known.papers["1703.01365"].raw()).replace("\n", f"\n{bomb}", 1))] * 4)
    assert fetch(IG)[IG].reason.endswith("OAI-PMH: arXiv's answer breaks off")


def test_text_as_typed_becomes_what_the_query_interface_says(known, fetch):
    known.knows(known.Entry(
        "1703.01365v1", title=r"Schr\"odinger's $\alpha$ &amp; \emph{so} on", author_line=r"Sch\"utze, {\L}ukasz Kaiser"
    ))  # fmt: skip
    out_of_order(known)
    paper = fetch(IG)[IG]
    assert paper.title == r"Schrödinger's $\alpha$ & \emph{so} on"
    assert paper.authors == ("Schütze", "Łukasz Kaiser")


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ada Lovelace", ["Ada Lovelace"]),
        ("A. One, B. Two and C. Three", ["A. One", "B. Two", "C. Three"]),
        ("A. One (1), B. Two (1 and 2), and C. Three ((1) Here, (2) There)", ["A. One", "B. Two", "C. Three"]),
        ("Sammy Davis, Jr., Ken Griffey Jr. & Louis, III", ["Sammy Davis Jr.", "Ken Griffey Jr.", "Louis III"]),
        ("ATLAS Collaboration: G. Aad, Andy Anderson", ["ATLAS Collaboration", "G. Aad", "Andy Anderson"]),
        ("Wolfgang\n  Sand", ["Wolfgang Sand"]),
    ],
)
def test_a_line_of_authors_is_read(line, names):
    assert list(authors_of(line)) == names


@pytest.mark.parametrize(
    ("entry", "withdrawn"),
    [
        ({"source_type": "I"}, True),
        ({"extra": "<arxiv:comment>This paper has been withdrawn by the author</arxiv:comment>"}, True),
        ({"extra": "<arxiv:comment>Withdrawn: an error in Lemma 2</arxiv:comment>"}, True),
        ({"summary": "This paper has been withdrawn due to an error."}, True),
        ({"summary": "We ask when a drug is withdrawn from the market. This paper was written later."}, False),
        ({"extra": "<arxiv:comment>10 pages; money was withdrawn in 3 figures</arxiv:comment>"}, False),
    ],
)
@pytest.mark.parametrize("source", ["query", "oai"])
def test_a_withdrawn_paper_is_known_as_one(known, fetch, entry, withdrawn, source):
    known.knows(known.Entry("1703.01365v2", **entry))
    if source == "oai":
        out_of_order(known)
    elif "source_type" in entry:
        return  # the query interface has no such field
    assert fetch(IG)[IG].withdrawn is withdrawn


def test_an_earlier_version_of_a_withdrawn_paper_is_none(known, fetch):
    known.knows(known.Entry("1703.01365v2", source_type="I"))
    out_of_order(known)
    assert not fetch(ArxivId("1703.01365", 1))[ArxivId("1703.01365", 1)].withdrawn


@pytest.mark.parametrize("address", ["nowhere", "http://", "ftp://arxiv.org/", "http://[::1"])
def test_an_address_that_is_none_is_said(known, fetch, address):
    out_of_order(known)
    assert fetch(IG, oai=address)[IG].reason.endswith("is no address")


def test_the_address_is_the_variable_then_the_setting_then_arxivs(monkeypatch):
    monkeypatch.delenv("THREEPASS_OAI_URL", raising=False)
    assert arxiv.oai_endpoint(None, query=arxiv.ARXIV) == "https://oaipmh.arxiv.org/oai"
    assert arxiv.oai_endpoint("https://mirror.example/oai", query=arxiv.ARXIV) == "https://mirror.example/oai"
    monkeypatch.setenv("THREEPASS_OAI_URL", "http://127.0.0.1:1/oai")
    assert arxiv.oai_endpoint("https://mirror.example/oai", query="http://x/") == "http://127.0.0.1:1/oai"


def test_who_asks_a_mirror_does_not_ask_arxiv_behind_its_back(monkeypatch):
    monkeypatch.delenv("THREEPASS_OAI_URL", raising=False)
    assert arxiv.oai_endpoint(None, query="https://mirror.example/query") is None
