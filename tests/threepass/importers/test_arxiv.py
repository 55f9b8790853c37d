"""Fetching from arXiv: what comes, what goes wrong, and how politely it is asked. No test waits for real."""

import gzip
import itertools
import json
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest
from filelock import FileLock

import threepass
from threepass.importers import arxiv
from threepass.importers.arxiv import ArxivPaper, Failure
from threepass.importers.arxiv_id import ArxivId

IG = ArxivId("1703.01365")
ATTENTION = ArxivId("1706.03762")
OLD = ArxivId("hep-th/9901001")
LOGIN = "<!DOCTYPE html><html><title>Log\n in</title><feed></html>"


@pytest.fixture
def known(arxiv_server):
    """The server, which knows three papers."""
    entry = arxiv_server.Entry
    arxiv_server.knows(
        entry("1703.01365v2", title="Axiomatic Attribution for Deep Networks", authors=("Mukund Sundararajan",)),
        entry("1706.03762v7", title="Attention Is All You Need", categories=("cs.CL", "cs.LG")),
        entry("hep-th/9901001v3", title="Strings", published="1999-01-01T00:00:00Z"),
    )  # fmt: skip
    return arxiv_server


@pytest.fixture
def fetch(arxiv_server, manners):
    def fetch(*ids, endpoint=arxiv_server.endpoint, tell=lambda _: None, **changes):
        return arxiv.fetch(ids, endpoint=endpoint, tell=tell, manners=replace(manners, **changes))

    return fetch


def why(outcome) -> str:
    assert isinstance(outcome, Failure), outcome
    assert "\n" not in outcome.reason + outcome.hint
    assert outcome.hint
    return outcome.reason


# What comes


def test_a_paper_comes_with_its_metadata(known, fetch):
    known.knows(
        known.Entry(
            "1703.01365v2",
            title="Axiomatic Attribution for Deep Networks",
            authors=("Mukund Sundararajan", "Ankur Taly", "Qiqi Yan"),
            summary="We study attribution.",
            categories=("cs.LG", "cs.AI", "68T05", "I.2.6; I.2.7"),
            extra="<arxiv:comment>ICML 2017</arxiv:comment><arxiv:journal_ref>PMLR 70</arxiv:journal_ref>"
            "<arxiv:doi>10.5555/3305890</arxiv:doi>",
        )
    )
    assert fetch(IG) == {
        IG: ArxivPaper(
            arxiv="1703.01365",
            version=2,
            title="Axiomatic Attribution for Deep Networks",
            authors=("Mukund Sundararajan", "Ankur Taly", "Qiqi Yan"),
            published=date(2017, 3, 4),
            updated=date(2017, 6, 13),
            categories=("cs.LG", "cs.AI"),
            abstract="We study attribution.",
            comment="ICML 2017",
            journal_ref="PMLR 70",
            doi="10.5555/3305890",
        )
    }


def test_what_a_paper_has_not_is_none(known, fetch):
    paper = fetch(IG)[IG]
    assert (paper.comment, paper.journal_ref, paper.doi) == (None, None, None)


def test_the_arxiv_package_itself_asks_and_parses(known, fetch):
    fetch(IG)
    (request,) = known.requests
    assert request.agent.startswith("threepass arxiv.py/4.")
    assert "max_results=100" in request.path


@pytest.mark.parametrize("dialect", ["atom_2026", "atom_before"])
def test_both_dialects_give_one_paper(known, fetch, dialect):
    known.dialect = getattr(known.Entry, dialect)
    paper = fetch(IG)[IG]
    assert (paper.title, paper.version, paper.authors[0]) == (
        "Axiomatic Attribution for Deep Networks",
        2,
        "Mukund Sundararajan",
    )
    assert (paper.published, paper.updated) == (date(2017, 3, 4), date(2017, 6, 13))
    assert paper.abstract == "An abstract."
    assert paper.categories == ("cs.LG", "cs.AI")


def test_dates_with_an_offset_are_turned_to_utc(known, fetch):
    known.knows(known.Entry("1703.01365v1", published="2017-03-03T21:36:07-05:00", updated="2017-03-04T00:00:00+02:00"))
    paper = fetch(IG)[IG]
    assert (paper.published, paper.updated) == (date(2017, 3, 4), date(2017, 3, 3))


def test_wrapped_lines_are_folded_and_paragraphs_stay(known, fetch):
    known.knows(
        known.Entry(
            "1703.01365v1",
            title="Axiomatic Attribution\n  for Deep Networks",
            authors=("Mukund\n Sundararajan",),
            summary="First line\nof one.\n  Second paragraph\nhere.\n\nThird.",
            extra="<arxiv:comment>10 pages,\n  3 figures</arxiv:comment>",
        )
    )
    paper = fetch(IG)[IG]
    assert paper.title == "Axiomatic Attribution for Deep Networks"
    assert paper.authors == ("Mukund Sundararajan",)
    assert paper.abstract == "First line of one.\n\nSecond paragraph here.\n\nThird."
    assert paper.comment == "10 pages, 3 figures"


def test_text_from_outside_is_stored_as_it_came(known, fetch):
    title = r"$\mathcal{O}(n)$ &lt;b&gt;bold&lt;/b&gt; {{ 1 }} שלום&#x200f; &amp;amp; {% x %}"
    known.knows(known.Entry("1703.01365v1", title=title))
    assert fetch(IG)[IG].title == "$\\mathcal{O}(n)$ <b>bold</b> {{ 1 }} שלום\u200f &amp; {% x %}"


def test_html_escaped_twice_is_undone_where_it_is_marked(known, fetch):
    known.knows(known.Entry("1703.01365v1", title="P &amp;lt; Q &amp;amp; R&amp;#27;", html=True))
    assert fetch(IG)[IG].title == "P < Q & R"


def test_markup_inside_a_title_does_not_cut_it_short(known, fetch):
    known.knows(known.Entry("1703.01365v1", title="All <i>of</i> it"))
    assert fetch(IG)[IG].title == "All of it"


def test_control_characters_are_removed(known, fetch):
    known.knows(
        known.Entry("1703.01365v1", title="Be\x07ll &#8;\x1b[31mred\x7f\u0085next", authors=("A\x00da Lovelace\u009b",))
    )
    paper = fetch(IG)[IG]
    assert (paper.title, paper.authors) == ("Bell [31mred next", ("Ada Lovelace",))


def test_three_hundred_authors_come_all(known, fetch):
    names = tuple(f"Author Number{n}" for n in range(300))
    known.knows(known.Entry("1703.01365v1", authors=names))
    assert fetch(IG)[IG].authors == names


# Many ids


def test_each_id_gets_its_own_outcome_whatever_the_order_of_the_answer(known, fetch):
    unknown = ArxivId("1703.99999")
    outcomes = fetch(OLD, unknown, ATTENTION, IG)
    assert list(outcomes) == [OLD, unknown, ATTENTION, IG]
    assert [outcomes[one].title for one in (OLD, ATTENTION, IG)] == [
        "Strings",
        "Attention Is All You Need",
        "Axiomatic Attribution for Deep Networks",
    ]
    assert why(outcomes[unknown]) == "arXiv knows no 1703.99999"
    assert len(known.requests) == 1


def test_a_version_that_is_named_is_the_one_that_comes(known, fetch):
    first = ArxivId("1703.01365", 1)
    outcomes = fetch(IG, first)
    assert (outcomes[IG].version, outcomes[first].version) == (2, 1)


def test_a_hundred_ids_are_one_request(known, fetch, clock):
    ids = [ArxivId(f"1703.{n:05d}") for n in range(1, 251)]
    known.knows(*(known.Entry(f"{one}v1", title=f"Paper {one}") for one in ids))
    outcomes = fetch(*ids, *ids)
    assert {one: paper.title for one, paper in outcomes.items()} == {one: f"Paper {one}" for one in ids}
    assert [len(asked) for asked in known.asked] == [100, 100, 50]
    assert clock.slept == [3.0, 3.0]


def test_nothing_asked_is_nothing_sent(known, fetch):
    assert fetch() == {}
    assert known.requests == []


def test_an_entry_that_is_broken_fails_alone(known, fetch):
    known.knows(known.Entry("1706.03762v7", title="AT&T has an ampersand"))
    outcomes = fetch(IG, ATTENTION, OLD)
    assert why(outcomes[ATTENTION]) == "arXiv's entry for it is broken XML"
    assert outcomes[IG].title == "Axiomatic Attribution for Deep Networks"
    assert outcomes[OLD].title == "Strings"
    assert len(known.requests) == 1


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"published": None}, "arXiv's entry for it has no date (published)"),
        ({"updated": None}, "arXiv's entry for it has no date (updated)"),
        ({"updated": "soon"}, "arXiv's entry for it has an impossible date (updated: soon)"),
        ({"published": "2016-02-30T00:00:00Z"}, "arXiv's entry for it has an impossible date (published: 2016-02-30T"),
        ({"published": "9999-12-31T23:59:59-05:00"}, "arXiv's entry for it has an impossible date (published: 9999"),
        ({"title": " "}, "arXiv's entry for it has no title"),
        ({"authors": ()}, "arXiv's entry for it has no authors"),
        ({"authors": ("Ada Lovelace", " ")}, "arXiv's entry for it has no authors"),
        ({"title": b"caf\xe9".decode("latin-1").encode("latin-1").decode("utf-8", "replace")}, None),
    ],
)
def test_an_entry_without_what_it_must_hold_fails_alone(known, fetch, fields, reason):
    known.knows(known.Entry("1706.03762v7", **fields))
    outcomes = fetch(IG, ATTENTION)
    assert outcomes[IG].title == "Axiomatic Attribution for Deep Networks"
    if reason:
        assert why(outcomes[ATTENTION]).startswith(reason)
    else:
        assert outcomes[ATTENTION].title == "caf\ufffd"
    assert len(known.requests) == 1


def test_an_entry_that_is_not_utf_8_fails_alone(known, fetch):
    entries = [known.Entry("1706.03762v7", title="CAFE").atom_2026(), known.Entry("1703.01365v2").atom_2026()]
    known.says(known.Reply(known.feed(*entries).encode().replace(b"CAFE", b"caf\xe9")))
    outcomes = fetch(IG, ATTENTION)
    assert why(outcomes[ATTENTION]) == "arXiv's entry for it is broken XML"
    assert outcomes[IG].title == "A Title"


def test_another_paper_than_was_asked_is_no_answer(known, fetch):
    known.says(known.Reply(known.feed(known.Entry("1706.03762v7").atom_2026())))
    assert why(fetch(IG)[IG]) == "arXiv answered about another paper than was asked: 1706.03762"


def test_a_stranger_in_the_answer_does_not_push_out_what_was_asked(known, fetch):
    entries = [known.Entry(name).atom_2026() for name in ("1706.03762v7", "1703.01365v2")]
    known.says(known.Reply(known.feed(*entries)))
    assert isinstance(fetch(IG)[IG], ArxivPaper)


def test_another_version_than_was_asked_is_no_answer(known, fetch):
    third = ArxivId("1703.01365", 3)
    known.says(known.Reply(known.feed(known.Entry("1703.01365v2").atom_2026())))
    assert why(fetch(third)[third]) == "arXiv answered with version 2, not 3"


def test_a_short_answer_is_asked_again_for_what_is_missing(known, fetch):
    known.says(known.Reply(known.feed(known.Entry("1703.01365v2").atom_2026(), total=2)))
    outcomes = fetch(IG, ATTENTION)
    assert {one: paper.arxiv for one, paper in outcomes.items()} == {IG: IG.id, ATTENTION: ATTENTION.id}
    assert known.asked == [("1703.01365", "1706.03762"), ("1706.03762",)]


def test_an_answer_that_stays_short_keeps_what_came(known, fetch):
    known.says(known.Reply(known.feed(known.Entry("1703.01365v2").atom_2026(), total=2)))
    known.says(*[known.Reply(known.feed(total=1))] * 3)
    outcomes = fetch(IG, ATTENTION)
    assert outcomes[IG].version == 2
    assert why(outcomes[ATTENTION]) == "arXiv's answer leaves some out"


def test_truncated_xml_is_asked_again_for_what_is_missing(known, fetch):
    whole = known.feed(*(known.Entry(name).atom_2026() for name in ("1703.01365v2", "1706.03762v7")))
    known.says(known.Reply(whole[: whole.rindex("<author>")]))
    outcomes = fetch(IG, ATTENTION)
    assert outcomes[ATTENTION].authors == ("Ada Lovelace",)
    assert known.asked[1:] == [("1706.03762",)]


def test_truncated_xml_that_stays_so_is_said(known, fetch):
    known.says(*[known.Reply(known.feed()[:-9])] * 4)
    assert why(fetch(IG)[IG]) == "arXiv's answer breaks off"


def test_an_answer_cut_on_its_way_is_said(known, fetch):
    known.says(*[known.Reply(known.feed(known.Entry("1703.01365v2").atom_2026()), cut=50)] * 4)
    host = known.endpoint.split("/")[2]
    assert why(fetch(IG)[IG]) == f"the connection to {host} broke off"


# What goes wrong as a whole: one line each, and asked again only where that may help


@pytest.mark.parametrize(
    ("status", "body", "headers", "reason", "requests"),
    [
        (400, "", {}, "arXiv refuses the question (HTTP 400)", 1),
        (403, "<html>Forbidden</html>", {}, "arXiv has shut this machine out (HTTP 403)", 1),
        (404, "Not Found", {}, "there is no query interface at {endpoint} (HTTP 404)", 1),
        (418, "", {}, "arXiv's answer makes no sense (HTTP 418)", 1),
        (204, "", {}, "arXiv's answer makes no sense (HTTP 204)", 1),
        (429, "", {}, "arXiv asks for fewer requests (HTTP 429)", 4),
        (429, "", {"Retry-After": "7"}, "arXiv asks for fewer requests (HTTP 429), the next in 7 seconds", 4),
        (500, "", {}, "arXiv is out of order (HTTP 500)", 4),
        (503, "<html>Maintenance</html>", {}, "arXiv is out of order (HTTP 503)", 4),
        (200, "", {}, "arXiv's answer is empty", 4),
        (200, "Rate exceeded.", {}, "arXiv asks for fewer requests (Rate exceeded.)", 4),
        (200, LOGIN, {}, "a web page came instead of arXiv's answer: Log in", 1),
        (200, "<html><body>down</body></html>", {}, "a web page came instead of arXiv's answer", 1),
        (200, '{"error": "no"}', {}, 'what came is not an answer of arXiv: {{"error": "no"}}', 1),
        (200, "<?xml version='1.0'?><rss/>", {}, "what came is not an answer of arXiv: <?xml version='1.0'?><rss/>", 1),
        (200, "\x1b[31m" + "x" * 500, {}, "what came is not an answer of arXiv: [31m" + "x" * 196 + "…", 1),
    ],
)  # fmt: skip
def test_an_answer_that_is_none_is_one_clear_line(known, fetch, status, body, headers, reason, requests):
    known.says(*[known.Reply(body, status, headers)] * 4)
    outcomes = fetch(IG, ATTENTION)
    expected = reason.format(endpoint=known.endpoint)
    assert [why(outcome) for outcome in outcomes.values()] == [expected, expected]
    assert len(known.requests) == requests


def test_an_error_entry_with_status_400_is_quoted(known, fetch):
    known.says(known.Reply(known.error_feed("max_results must be non-negative"), status=400))
    assert why(fetch(IG)[IG]) == "arXiv refuses the question: max_results must be non-negative"
    assert len(known.requests) == 1


@pytest.mark.parametrize("status", [200, 400])
def test_an_id_that_arxiv_refuses_fails_alone(known, fetch, status):
    known.says(known.Reply(known.error_feed("incorrect id format for 1703.01365"), status=status))
    outcomes = fetch(IG, ATTENTION)
    assert why(outcomes[IG]) == "arXiv refuses the id: incorrect id format for 1703.01365"
    assert outcomes[ATTENTION].title == "Attention Is All You Need"
    assert known.asked[1:] == [("1706.03762",)]


def test_a_refused_question_leaves_the_next_hundred_alone(known, fetch):
    ids = [ArxivId(f"1703.{n:05d}") for n in range(1, 102)]
    known.knows(known.Entry(f"{ids[-1]}v1"))
    known.says(known.Reply(status=400))
    outcomes = fetch(*ids)
    assert why(outcomes[ids[0]]) == "arXiv refuses the question (HTTP 400)"
    assert outcomes[ids[-1]].version == 1


def test_after_a_403_nothing_more_is_asked(known, fetch):
    ids = [ArxivId(f"1703.{n:05d}") for n in range(1, 301)]
    known.says(known.Reply(status=403))
    assert {why(outcome) for outcome in fetch(*ids).values()} == {"arXiv has shut this machine out (HTTP 403)"}
    assert len(known.requests) == 1


def test_an_unknown_host_is_no_network(fetch, clock):
    reason = why(fetch(IG, endpoint="http://arxiv.invalid/api/query")[IG])
    assert reason == "arxiv.invalid cannot be found: no network?"
    assert clock.slept == []


def test_a_refused_connection_is_said(fetch, clock):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{free.getsockname()[1]}"  # ours, so that nobody else listens there
        assert why(fetch(IG, endpoint=f"http://{host}/api/query")[IG]) == f"{host} refuses the connection"
    assert len(clock.slept) == 3


def test_a_network_that_leads_nowhere_is_said(fetch):
    reason = why(fetch(IG, endpoint="http://255.255.255.255/api/query", retries=0)[IG])
    assert reason == "255.255.255.255 cannot be reached"


def test_a_proxy_that_leads_nowhere_is_said(known, fetch, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://proxy.invalid:3128")
    assert why(fetch(IG, endpoint="http://arxiv.invalid/")[IG]) == "the proxy does not lead to arxiv.invalid"


def test_a_connection_that_is_not_safe_is_said(known, fetch):
    host = known.endpoint.split("/")[2]
    assert why(fetch(IG, endpoint=f"https://{host}/")[IG]) == f"no safe connection to {host} can be made (TLS)"


def test_an_answer_without_end_is_not_read_to_its_end(known, fetch, monkeypatch):
    monkeypatch.setattr("threepass.importers.arxiv_http._LARGEST", 1000)
    known.says(known.Reply("x" * 2000))
    assert why(fetch(IG)[IG]) == "arXiv's answer is too large to be one"


def comes_true(condition):
    """Wait for what the server, in a thread of its own, may do a moment after we gave it up."""
    for _ in range(6000):
        if condition():
            return
        time.sleep(0.01)
    pytest.fail("it did not come true")


def test_silence_longer_than_the_timeout_is_said(known, fetch):
    known.says(*[known.Reply(silent=True)] * 2)
    host = known.endpoint.split("/")[2]
    assert why(fetch(IG, timeout=0.2, retries=1)[IG]) == f"no answer from {host} within 0.2 seconds"
    comes_true(lambda: len(known.requests) >= 2)
    assert len(known.requests) == 2


def test_an_answer_that_trickles_longer_than_the_timeout_is_given_up(known, fetch):
    known.says(known.Reply(drip=3000))
    host = known.endpoint.split("/")[2]
    assert why(fetch(IG, timeout=0.2, retries=0)[IG]) == f"no answer from {host} within 0.2 seconds"
    assert known.dripped < 3000
    comes_true(lambda: known.dripped)


def test_a_connection_that_breaks_off_is_said(fetch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)

        def hang_up():
            server.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        host = f"127.0.0.1:{server.getsockname()[1]}"
        reason = why(fetch(IG, endpoint=f"http://{host}/", retries=0)[IG])
        thread.join()
    assert reason == f"the connection to {host} broke off"


@pytest.mark.parametrize(
    "address",
    [
        "nowhere",
        "file:///etc/passwd",
        "http://",
        "http://[::1",
        "{}",
        "ftp://arxiv.org/",
        "http://a..b/",
        f"http://{'a' * 64}.org/",
    ],
)
def test_an_address_that_is_none_is_said(fetch, address):
    assert why(fetch(IG, endpoint=address)[IG]).endswith("is no address")


def test_a_redirect_to_a_block_page_is_not_followed(known, fetch):
    elsewhere = known.endpoint.replace("127.0.0.1", "localhost").replace("/api/query", "/blocked?id=1")
    known.says(known.Reply(status=302, headers={"Location": elsewhere}))
    assert why(fetch(IG)[IG]) == f"arXiv's address leads elsewhere: {elsewhere.partition('?')[0]}"
    assert len(known.requests) == 1


def test_a_redirect_on_the_same_host_is_followed_in_its_turn(known, fetch, clock):
    known.says(known.Reply(status=301, headers={"Location": "/api/query?id_list=1703.01365"}))
    assert fetch(IG)[IG].version == 2
    assert clock.slept == [3.0]


def test_a_redirect_in_a_circle_is_said(known, fetch):
    known.says(*[known.Reply(status=302, headers={"Location": "/api/query"})] * 9)
    assert why(fetch(IG)[IG]) == "arXiv's address leads in a circle"
    assert len(known.requests) == 4


def test_a_redirect_to_a_block_page_of_the_same_host_is_a_web_page(known, fetch):
    known.says(known.Reply(status=302, headers={"Location": "/blocked"}))
    known.says(known.Reply("<html><title>Blocked</title></html>"))
    assert why(fetch(IG)[IG]) == "a web page came instead of arXiv's answer: Blocked"


def test_a_compressed_answer_is_read(known, fetch):
    body = gzip.compress(known.feed(known.Entry("1703.01365v2").atom_2026()).encode())
    known.says(known.Reply(body, headers={"Content-Encoding": "gzip"}))
    assert fetch(IG)[IG].version == 2


def test_a_compressed_answer_that_is_broken_is_said(known, fetch):
    known.says(known.Reply(b"no gzip", headers={"Content-Encoding": "gzip"}))
    assert why(fetch(IG, retries=0)[IG]).endswith("cannot be read (DecodeError)")


def test_an_entity_bomb_is_broken_xml(known, fetch):
    bomb = '<!DOCTYPE feed [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>\n'
    known.says(known.Reply(bomb + known.feed(known.Entry("1703.01365v2", title="&b;").atom_2026())))
    assert why(fetch(IG)[IG]) == "arXiv's entry for it is broken XML"


# How politely it is asked


def test_tries_back_off_with_jitter_and_say_so(known, fetch, clock):
    known.says(*[known.Reply(status=503)] * 3)
    said = []
    assert fetch(IG, jitter=lambda: 0.5, tell=said.append)[IG].version == 2
    assert clock.slept == [4.5, 9.0, 18.0]
    assert said[0] == "arXiv is out of order (HTTP 503); asking again in 4 seconds"


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_honoured(known, fetch, clock, form):
    wish = "20" if form == "seconds" else format_datetime(datetime.fromtimestamp(clock.time + 20, UTC), usegmt=True)
    known.says(known.Reply(status=429, headers={"Retry-After": wish}))
    assert fetch(IG)[IG].version == 2
    assert clock.slept == [23.0]


@pytest.mark.parametrize("wish", ["-1", "soon", "99999999999999999999", "1e9"])
def test_a_retry_after_that_makes_no_sense_is_ignored(known, fetch, clock, wish):
    known.says(known.Reply(status=429, headers={"Retry-After": wish}))
    assert fetch(IG)[IG].version == 2
    assert clock.slept == [3.0]


def test_a_long_retry_after_is_not_waited_for_and_not_forgotten(known, fetch, clock):
    known.says(known.Reply(status=429, headers={"Retry-After": "3600"}))
    assert why(fetch(IG)[IG]) == "arXiv asks for fewer requests (HTTP 429), the next in 3600 seconds"
    assert why(fetch(IG)[IG]) == "arXiv has asked for a longer pause"
    assert (len(known.requests), clock.slept) == (1, [])
    clock.time += 3600
    assert fetch(IG)[IG].version == 2


def test_two_calls_keep_the_pause_between_them(known, fetch, clock):
    fetch(IG)
    clock.time += 1
    fetch(ATTENTION)
    assert clock.slept == [2.0]


@pytest.mark.parametrize("hours", [1, 240])
def test_a_clock_that_was_set_back_does_not_stop_anything(known, fetch, clock, hours):
    fetch(IG)
    clock.time -= hours * 3600
    assert fetch(ATTENTION)[ATTENTION].version == 7
    assert clock.slept == []


@pytest.mark.parametrize("content", [b"", b"\xff\x00", b"1", b"nan nan", b"1 2 3"])
def test_a_state_that_is_garbage_is_as_good_as_none(known, fetch, tmp_path, content):
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "arxiv.not-before").write_bytes(content)
    assert fetch(IG)[IG].version == 2


def test_where_the_pause_cannot_be_kept_nothing_is_asked(known, fetch, tmp_path):
    (tmp_path / "file").touch()
    reason = why(fetch(IG, state=tmp_path / "file" / "state")[IG])
    assert reason == f"the pause between requests cannot be kept: {tmp_path}/file/state cannot be written"
    assert known.requests == []


def test_another_process_that_does_not_come_to_an_end_is_said(known, fetch, tmp_path, monkeypatch):
    monkeypatch.setattr("threepass.importers.arxiv_pace._QUEUE", 0.05)
    (tmp_path / "state").mkdir()
    with FileLock(tmp_path / "state" / "arxiv.lock"):
        assert why(fetch(IG)[IG]) == "another threepass is asking arXiv"
    assert known.requests == []


def test_processes_ask_one_after_the_other_with_the_pause_between(known, tmp_path):
    delay = 0.2
    code = f"""
import sys
from pathlib import Path
from threepass.importers import arxiv
from threepass.importers.arxiv_id import parse
ids = [parse(sys.argv[1])]
manners = arxiv.Manners(cache=Path(sys.argv[2]), state=Path("state"), delay={delay})
found = arxiv.fetch(ids, endpoint={known.endpoint!r}, manners=manners)
print(found[ids[0]].title)
"""
    source = str(Path(threepass.__file__).parent.parent)
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(one), f"cache{n}"],
            cwd=tmp_path,
            env={"PYTHONPATH": source},
            stdout=subprocess.PIPE,
            text=True,
        )
        for n, one in enumerate((IG, ATTENTION, OLD))
    ]
    titles = {run.communicate(timeout=60)[0].strip() for run in runs}
    assert titles == {"Axiomatic Attribution for Deep Networks", "Attention Is All You Need", "Strings"}
    requests = sorted(known.requests, key=lambda request: request.came)
    gaps = [later.came - earlier.left for earlier, later in itertools.pairwise(requests)]
    assert len(gaps) == 2
    assert min(gaps) >= delay * 0.9


# What is asked once a day


def test_an_answer_is_kept_for_a_day(known, fetch, clock):
    first = fetch(IG, ATTENTION)
    clock.time += 24 * 3600 - 60
    assert fetch(IG, ATTENTION) == first
    assert len(known.requests) == 1
    clock.time += 60
    fetch(IG)
    assert known.asked[1:] == [("1703.01365",)]


def test_only_what_is_not_kept_is_asked_for(known, fetch):
    fetch(IG)
    fetch(IG, ATTENTION, ArxivId("1703.01365", 1))
    assert known.asked == [("1703.01365",), ("1706.03762", "1703.01365v1")]


def test_a_failure_is_not_kept(known, fetch):
    missing = ArxivId("1703.99999")
    fetch(missing)
    known.knows(known.Entry("1703.99999v1"))
    assert fetch(missing)[missing].version == 1


def test_an_answer_from_elsewhere_does_not_count(known, fetch):
    fetch(IG)
    fetch(IG, endpoint=known.endpoint + "?mirror=1")
    assert len(known.requests) == 2
    assert "/api/query?mirror=1&search_query=" in known.requests[1].path


def test_a_broken_cache_is_as_good_as_none(known, fetch, tmp_path):
    fetch(IG, OLD)
    (file,) = (tmp_path / "cache").glob("1703*")
    content = json.loads(file.read_text())
    content["paper"]["authors"] = 5
    for broken in (b"", b"\xff", file.read_bytes()[:40], json.dumps(content).encode()):
        file.write_bytes(broken)
        assert fetch(IG)[IG].version == 2
    assert len(known.requests) == 5
    assert not list((tmp_path / "cache").glob("*.tmp"))


def test_a_cache_that_cannot_be_written_is_done_without(known, fetch, tmp_path):
    (tmp_path / "file").touch()
    assert fetch(IG, cache=tmp_path / "file" / "cache")[IG].version == 2


# Where arXiv is


def test_the_address_is_the_variable_then_the_setting_then_arxivs(monkeypatch):
    monkeypatch.delenv("THREEPASS_ARXIV_URL", raising=False)
    assert arxiv.endpoint(None) == arxiv.endpoint(" ") == "https://export.arxiv.org/api/query"
    assert arxiv.endpoint("https://mirror.example/query") == "https://mirror.example/query"
    monkeypatch.setenv("THREEPASS_ARXIV_URL", "http://127.0.0.1:1/query")
    assert arxiv.endpoint("https://mirror.example/query") == "http://127.0.0.1:1/query"


def test_without_folders_the_users_cache_folder_is_used(known, clock, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    arxiv.fetch([OLD], endpoint=known.endpoint, manners=arxiv.Manners(sleep=clock.sleep, now=clock.now))
    found = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")}
    assert found >= {"threepass/arxiv/hep-th_9901001.json", "threepass/state/arxiv.not-before"}
