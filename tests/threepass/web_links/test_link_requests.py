"""Asking a real server on this machine; a clock that only `sleep` moves stands in for the pauses."""

from __future__ import annotations

import datetime as dt
import json
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from email.utils import format_datetime
from pathlib import Path

import pytest
from stopped_clock import Clock
from web_server import Reply, Web, serving

from threepass.web_links.host_requests import Manners, is_private
from threepass.web_links.link_answers import Answer, Verdict
from threepass.web_links.link_requests import MOST_REDIRECTS, ask

DAY = dt.date(2021, 8, 27)
ALIVE, DEAD, UNCHECKED = Verdict.ALIVE, Verdict.DEAD, Verdict.UNCHECKED


@pytest.fixture
def web(no_proxy: None) -> Iterator[Web]:
    with serving() as web:
        yield web


def manners(clock: Clock, **more) -> Manners:
    return Manners(**{"agent": "tests", "clock": clock.now, "sleep": clock.sleep, "timeout": 60.0, **more})


def asked(
    *addresses: str, clock: Clock | None = None, archive: str = "http://127.0.0.1:9/", **more
) -> dict[str, Answer]:
    wanted = dict.fromkeys(addresses, DAY)
    return dict(ask(wanted, manners=manners(clock or Clock(), **more), archive=archive))


def answer(address: str, **more) -> Answer:
    return asked(address, **more)[address]


@pytest.fixture
def nobody() -> Iterator[int]:
    """A port at which nobody listens: it is ours."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        yield int(one.getsockname()[1])


PROGRAMS = "which is for programs and says nothing of the page"


@pytest.mark.parametrize(
    ("status", "verdict", "reason", "requests"),
    [
        (200, ALIVE, "", ["HEAD"]),
        (204, ALIVE, "", ["HEAD"]),
        (404, DEAD, "404 Not Found", ["HEAD", "GET"]),
        (410, DEAD, "410 Gone", ["HEAD", "GET"]),
        (400, UNCHECKED, f"400 Bad Request, {PROGRAMS}", ["HEAD", "GET"]),
        (401, UNCHECKED, f"401 Unauthorized, {PROGRAMS}", ["HEAD", "GET"]),
        (403, UNCHECKED, f"403 Forbidden, {PROGRAMS}", ["HEAD", "GET"]),
        (429, UNCHECKED, f"429 Too Many Requests, {PROGRAMS}", ["HEAD", "GET", "GET"]),
        (501, UNCHECKED, f"501 Not Implemented, {PROGRAMS}", ["HEAD", "GET"]),
        (999, UNCHECKED, f"HTTP 999, {PROGRAMS}", ["HEAD", "GET"]),
        (500, DEAD, "500 Internal Server Error, 3 times", ["HEAD", "GET", "GET"]),
        (503, DEAD, "503 Service Unavailable, 3 times", ["HEAD", "GET", "GET"]),
    ],
)
def test_what_a_status_says(web: Web, status: int, verdict: Verdict, reason: str, requests: list[str]) -> None:
    found = answer(web.page("/a", Reply(status)))
    assert (found.verdict, found.reason, found.reached) == (verdict, reason, True)
    assert [request.method for request in web.requests] == requests


@pytest.mark.parametrize("refusal", [Reply(405), Reply(404), Reply(403), Reply(501), Reply(drop=True)])
def test_a_page_that_refuses_head_is_asked_by_get(web: Web, refusal: Reply) -> None:
    web.page("HEAD /a", refusal)
    assert answer(web.page("/a", Reply(200, body="A page."))).verdict is ALIVE
    assert web.asked == ["HEAD /a", "GET /a"]


def test_a_host_that_wants_to_see_a_person_is_not_called_dead(web: Web) -> None:
    found = answer(web.page("/a", Reply(503, {"cf-mitigated": "challenge"})))
    assert found.verdict is UNCHECKED
    assert web.asked == ["HEAD /a", "GET /a"]


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [([301], 1), ([308], 1), ([302], 0), ([307], 0), ([301, 308], 2), ([301, 302, 301], 1), ([302, 301], 0)],
)
def test_redirects_are_followed_and_those_for_good_said(web: Web, statuses: list[int], moved: int) -> None:
    for number, status in enumerate(statuses):
        web.page(f"/{number}", Reply(status, {"Location": f"/{number + 1}"}))
    web.page(f"/{len(statuses)}", Reply(200))
    found = answer(web.url("/0#part"))
    assert (found.verdict, found.moved) == (ALIVE, web.url(f"/{moved}") if moved else "")
    assert web.asked == [f"HEAD /{number}" for number in range(len(statuses) + 1)]


def test_what_has_moved_to_a_dead_page_is_dead(web: Web) -> None:
    found = answer(web.page("/a", Reply(301, {"Location": "/b"})))
    assert (found.verdict, found.reason, found.moved) == (DEAD, "404 Not Found", "")


def test_a_circle_is_dead(web: Web) -> None:
    web.page("/b", Reply(308, {"Location": "/a"}))
    found = answer(web.page("/a", Reply(308, {"Location": "/b"})))
    assert (found.verdict, found.reason) == (DEAD, "it redirects in a circle")
    assert web.asked == ["HEAD /a", "HEAD /b"]


def test_a_page_that_sets_a_cookie_and_comes_back_is_no_circle(web: Web) -> None:
    welcome = Reply(302, {"Location": "/a", "Set-Cookie": "seen=yes"})
    address = web.page("/a", welcome, Reply(200))
    web.page("/b", Reply(200))
    assert asked(address, web.url("/b"))[address].verdict is ALIVE
    cookies = {request.path: request.headers.get("Cookie") for request in web.requests}
    assert cookies == {"/a": "seen=yes", "/b": None}


def test_a_redirect_without_end_is_dead(web: Web) -> None:
    for number in range(MOST_REDIRECTS + 5):
        web.page(f"/{number}", Reply(302, {"Location": f"/{number + 1}"}))
    found = answer(web.url("/0"))
    assert (found.verdict, found.reason) == (DEAD, f"it redirects more than {MOST_REDIRECTS} times")
    assert len(web.requests) == MOST_REDIRECTS + 1


@pytest.mark.parametrize("location", ["mailto:ann@example.org", "javascript:alert(1)"])
def test_a_redirect_that_leaves_the_web_is_not_followed(web: Web, location: str) -> None:
    found = answer(web.page("/a", Reply(302, {"Location": location})))
    assert (found.verdict, found.reason) == (UNCHECKED, f"it leads to '{location}'")


def test_a_pause_that_is_asked_for_is_made(web: Web, clock: Clock) -> None:
    assert answer(web.page("/a", Reply(429, {"Retry-After": "7"}), Reply(200)), clock=clock).verdict is ALIVE
    assert clock.slept == [7.0]


def test_a_pause_until_a_date_is_made(web: Web, clock: Clock) -> None:
    until = format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=30), usegmt=True)
    assert answer(web.page("/a", Reply(503, {"Retry-After": until}), Reply(200)), clock=clock).verdict is ALIVE
    assert 20 < clock.slept[0] <= 30


@pytest.mark.parametrize("status", [429, 503])
def test_a_pause_that_is_too_long_is_not_waited_for(web: Web, clock: Clock, status: int) -> None:
    found = answer(web.page("/a", Reply(status, {"Retry-After": "3600"}), Reply(200)), clock=clock)
    assert found.verdict is UNCHECKED
    assert found.reason.endswith("and to come again in 3600 s")
    assert clock.slept == []


def test_a_host_in_trouble_is_asked_again_later_and_later(web: Web, clock: Clock) -> None:
    assert answer(web.page("/a", Reply(500), Reply(502), Reply(200)), clock=clock).verdict is ALIVE
    assert clock.slept == [2.0, 4.0]


def test_a_silent_host_is_not_called_dead(web: Web, clock: Clock) -> None:
    address = web.page("/a", Reply(then=lambda: web.over.wait(10)))
    found = answer(address, clock=clock, timeout=0.1, tries=2)
    assert (found.verdict, found.reason) == (UNCHECKED, "no answer within 0.1 s")
    assert clock.slept == [2.0]


def test_a_connection_that_breaks_off_is_not_called_dead(web: Web) -> None:
    found = answer(web.page("/a", Reply(drop=True)))
    assert (found.verdict, found.reason) == (UNCHECKED, "the connection to 127.0.0.1 broke off")
    assert web.asked == ["HEAD /a", "GET /a", "GET /a"]


def test_a_refused_connection_is_dead(clock: Clock, web: Web, nobody: int) -> None:
    found = answer(f"http://127.0.0.1:{nobody}/", clock=clock, archive=web.url("/archive"))
    assert (found.verdict, found.reason, found.reached) == (DEAD, "127.0.0.1 refuses the connection", True)
    assert clock.slept[:2] == [2.0, 4.0]


@pytest.mark.parametrize("address", ["http://", "http://[", "http://a..b/", f"http://{'a' * 70}.org/"])
def test_what_is_no_address_is_dead(address: str) -> None:
    found = answer(address)
    assert (found.verdict, found.reason) == (DEAD, "it is no web address")


@pytest.mark.parametrize(
    ("number", "verdict", "reason"),
    [
        (socket.EAI_NONAME, DEAD, "there is no host one.example"),
        (socket.EAI_AGAIN, UNCHECKED, "one.example cannot be looked up"),
    ],
)
def test_a_host_that_is_not_found_is_looked_for_once(
    web: Web, monkeypatch: pytest.MonkeyPatch, number: int, verdict: Verdict, reason: str
) -> None:
    looked_for: Counter[str] = Counter()

    def no_such_host(host: str, *_: object, **__: object) -> None:
        looked_for[host] += 1
        raise socket.gaierror(number, "")

    monkeypatch.setattr(socket, "getaddrinfo", no_such_host)
    found = asked("http://one.example/a", "http://one.example/b", archive="http://archive.example/")
    assert {(one.verdict, one.reason, one.reached) for one in found.values()} == {(verdict, reason, False)}
    assert looked_for["one.example"] == 1
    assert looked_for["archive.example"] == (verdict is DEAD)


def test_a_host_is_asked_one_thing_at_a_time_with_a_pause(web: Web, clock: Clock) -> None:
    running, most = [], []

    def busy() -> None:
        running.append(1)
        most.append(len(running))
        web.over.wait(0.02)
        running.pop()

    pages = [web.page(f"/{number}", Reply(then=busy)) for number in range(4)]
    # another host whose pages lead to the first one
    others = [web.url(f"/to/{number}", host="localhost") for number in range(4)]
    for number in range(4):
        web.page(f"/to/{number}", Reply(302, {"Location": pages[number]}))
    begun = clock.time
    found = asked(*pages, *others, clock=clock, pause=5.0)
    assert {one.verdict for one in found.values()} >= {ALIVE}
    times = sum(request.host == "127.0.0.1" for request in web.requests)
    assert times >= 4
    assert set(most) == {1}
    assert max(clock.slept) == 5.0
    assert clock.time - begun >= 5.0 * (times - 1)  # the first question needs no pause


def test_arxiv_gets_the_pause_that_it_asks_for(web: Web, clock: Clock) -> None:
    pages = [web.page(f"/{number}", Reply()) for number in range(3)]
    asked(*pages, clock=clock, pauses={"127.0.0.1": 3.0})
    assert clock.slept == [3.0, 3.0]
    assert Manners(agent="").pauses["arxiv.org"] == 3.0


def test_hosts_are_asked_beside_each_other(web: Web) -> None:
    both = threading.Barrier(2, timeout=60)
    page = Reply(then=both.wait)
    web.page("/a", page)
    found = asked(web.url("/a"), web.url("/a", host="localhost"))
    assert [one.verdict for one in found.values()] == [ALIVE, ALIVE]


def test_who_asks_is_said_and_passwords_are_not(web: Web, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login ann password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    asked(web.page("/a", Reply()), agent="threepass/1")
    assert web.requests[0].headers["User-Agent"] == "threepass/1"
    assert "Authorization" not in web.requests[0].headers


def test_nobody_else_sends_us_into_the_private_network(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", web.url(""))  # stands in for the host of a public name
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    inside = web.page("/inside", Reply())
    web.page("http://public.example/a", Reply(302, {"Location": inside}))
    found = answer("http://public.example/a")
    assert (found.verdict, found.reason) == (UNCHECKED, f"it leads into a private network: {inside}")
    assert web.asked == ["HEAD http://public.example/a"]
    assert answer(inside).verdict is ALIVE  # what the author has written is asked


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("127.0.0.1", True),
        ("10.1.2.3", True),
        ("169.254.169.254", True),
        ("::1", True),
        ("localhost", True),
        ("printer.local", True),
        ("8.8.8.8", False),
        ("2001:4860:4860::8888", False),
        ("example.org", False),
    ],
)
def test_which_hosts_are_private(host: str, private: bool) -> None:
    assert is_private(host) is private


def test_a_name_for_this_machine_is_private() -> None:
    assert is_private("127.1", look_up=True)


def archived(web: Web, copy: object, *, status: int = 200) -> str:
    return web.page("/archive", Reply(status, body=json.dumps(copy)))


def test_a_dead_page_has_its_archived_copy(web: Web) -> None:
    copy = {"available": True, "status": "200", "url": "http://web.archive.org/web/20210827000000/http://example.org/"}
    archive = archived(web, {"url": "x", "archived_snapshots": {"closest": copy}})
    found = answer(web.url("/gone?a=b&c"), archive=archive)
    assert found.archived == "https://web.archive.org/web/20210827000000/http://example.org/"
    gone = f"http%3A%2F%2F127.0.0.1%3A{web.port}%2Fgone%3Fa%3Db%26c"
    assert web.asked[-1] == f"GET /archive?url={gone}&timestamp=20210827"


@pytest.mark.parametrize(
    ("said", "status", "copy"),
    [
        ({"archived_snapshots": {}}, 200, ""),
        ({"archived_snapshots": {"closest": {"available": False, "url": "https://x.org"}}}, 200, ""),
        ({"archived_snapshots": {"closest": {"available": True, "url": "javascript:x"}}}, 200, ""),
        ({"archived_snapshots": {}}, 503, None),
        (["nonsense"], 200, None),
    ],
)
def test_an_archive_without_a_copy(web: Web, said: object, status: int, copy: str | None) -> None:
    found = answer(web.url("/gone"), archive=archived(web, said, status=status))
    assert (found.verdict, found.archived) == (DEAD, copy)


def test_no_archive_is_asked_for_what_is_alive(web: Web) -> None:
    assert answer(web.page("/a", Reply()), archive=archived(web, {})).archived is None
    assert web.asked == ["HEAD /a"]


def test_no_public_archive_is_told_of_private_addresses(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", web.url(""))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert answer(web.url("/gone"), archive="http://archive.example/").archived is None
    assert web.asked == ["HEAD /gone", "GET /gone"]


def test_a_mistake_of_ours_reaches_the_caller(web: Web) -> None:
    def broken(seconds: float) -> None:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        asked(web.url("/a"), web.url("/b"), sleep=broken)
