"""The form's server, over real HTTP: what our own page sends is answered, and nothing else."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from example_library import write_example
from serving import COMMAND, ENVIRONMENT, Served, free_port

from threepass.building.site import build
from threepass.library import load


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Client:
    """Sends what our page sends, unless a test says otherwise; a header of None is not sent."""

    served: Served
    headers: dict[str, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        token = re.search(rb'data-token="([^"]+)"', self.get("/write/").body)
        assert token is not None
        self.headers = {
            "Content-Type": "application/json",
            "Origin": self.served.address.rstrip("/"),
            "X-Threepass-Token": token[1].decode(),
        }

    def get(self, path: str, method: str = "GET", **headers: str | None) -> Reply:
        return self.send(method, path, b"", headers)

    def post(self, name: str, data: Any, **headers: str | None) -> Reply:
        body = data if isinstance(data, bytes) else json.dumps(data).encode()
        given = {each.replace("_", "-"): value for each, value in headers.items()}
        return self.send("POST", f"/write/{name}", body, {**self.headers, **given})

    def send(self, method: str, path: str, body: bytes, headers: dict[str, str | None]) -> Reply:
        connection = HTTPConnection("127.0.0.1", self.served.port, timeout=60)
        sent = {"Host": f"127.0.0.1:{self.served.port}", "Content-Length": str(len(body)), **headers}
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in sent.items():
            if value is not None:
                connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        reply = Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        connection.close()
        return reply


@pytest.fixture(scope="session")
def client(served: Served) -> Client:
    return Client(served)


def files(root: Path) -> dict[str, bytes]:
    """The library as it is on disk, without what the tool keeps for itself."""
    found = (path for path in root.parent.rglob("*") if path.is_file() and path.name != "serve.log")
    return {str(path): path.read_bytes() for path in found if not {".threepass", ".cache"} & {*path.parts}}


def test_the_form_is_in_the_frame_of_the_site(client: Client) -> None:
    reply = client.get("/write/")
    page = reply.body.decode()
    assert reply.status == 200
    assert "<title>Write a day</title>" in page
    assert page.count('id="write"') == page.count("<h1") == 1
    assert 'href="/journal/"' in page
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]
    assert "access-control-allow-origin" not in reply.headers
    assert client.get("/write").headers["location"] == "/write/"
    head = client.get("/write/", method="HEAD")
    assert (head.status, head.body) == (200, b"")


def test_every_page_that_is_served_leads_to_the_form(client: Client) -> None:
    assert '<a class="tp-write-link" href="/write/">' in client.get("/").body.decode()
    assert (
        '<a class="tp-write-link" href="/write/?date=2024-10-21">' in client.get("/journal/2024-10-21/").body.decode()
    )


def test_a_server_that_is_told_to_end_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "temporary").mkdir()
    running = Served(write_example(tmp_path / "library"), free_port(), {"TMPDIR": str(tmp_path / "temporary")})
    running.start()
    assert any((tmp_path / "temporary").iterdir())
    running.stop(signal.SIGTERM)
    assert not any((tmp_path / "temporary").iterdir())


def test_nothing_of_the_form_is_in_a_site_that_is_built(served: Served, tmp_path: Path) -> None:
    site = tmp_path / "site"
    assert build(served.root, strict=False, to=site) == 0
    marks = ("tp-write", "write.js", "write.css", "data-token", "X-Threepass-Token")
    assert (site / "index.html").is_file()
    assert not (site / "write").exists()
    for path in site.rglob("*"):
        if path.suffix in (".html", ".js", ".css", ".json", ".xml"):
            text = path.read_text("utf-8")
            assert [mark for mark in marks if mark in text] == [], path
    page = Client(served).get("/write/").body.decode()
    assert [mark for mark in marks if mark not in page and mark != "X-Threepass-Token"] == []


@pytest.mark.parametrize("name", ["look", "save"])
@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (403, {"X_Threepass_Token": None}),
        (403, {"X_Threepass_Token": ""}),
        (403, {"X_Threepass_Token": "guessed"}),
        (403, {"X_Threepass_Token": "ß"}),
        (403, {"Origin": None}),
        (403, {"Origin": "null"}),
        (403, {"Origin": "https://evil.example"}),
        (403, {"Origin": "http://127.0.0.1"}),
        (403, {"Origin": "http://127.0.0.1.evil.example:{port}"}),
        (403, {"Origin": "https://127.0.0.1:{port}"}),
        (403, {"Sec_Fetch_Site": "cross-site"}),
        (403, {"Sec_Fetch_Site": "same-site"}),
        (403, {"Host": "evil.example"}),
        (403, {"Host": "evil.example:{port}"}),
        (403, {"Host": "127.0.0.1"}),
        (403, {"Host": None}),
        (415, {"Content_Type": None}),
        (415, {"Content_Type": "text/plain"}),
        (415, {"Content_Type": "text/plain; application/json"}),
        (415, {"Content_Type": "application/x-www-form-urlencoded"}),
        (415, {"Content_Type": "multipart/form-data; boundary=x"}),
        (411, {"Content_Length": None}),
        (411, {"Content_Length": "-1"}),
        (411, {"Content_Length": "١"}),
        (413, {"Content_Length": "9999999999"}),
        (413, {"Content_Length": "9" * 5000}),
    ],
    ids=str,
)
def test_what_another_site_could_send_is_refused(
    client: Client, name: str, status: int, headers: dict[str, str | None]
) -> None:
    before = files(client.served.root)
    given = {key: value and value.replace("{port}", str(client.served.port)) for key, value in headers.items()}
    encoded = {key: value and value.encode().decode("latin-1") for key, value in given.items()}
    reply = client.post(name, {"date": "2024-10-01", "title": "Evil"}, **encoded)
    assert reply.status == status
    assert reply.json["message"]
    assert files(client.served.root) == before


def test_the_same_request_from_our_page_is_answered(client: Client) -> None:
    """The control of the test above."""
    data = {"date": "2024-10-01", "title": "Ours"}
    for headers in ({}, {"Content_Type": "application/json; charset=utf-8"}, {"Sec_Fetch_Site": "same-origin"}):
        assert client.post("look", data, **headers).status == 200
    local = f"localhost:{client.served.port}"
    assert client.post("look", data, Host=local, Origin=f"http://{local}").status == 200


def test_a_name_that_has_come_to_mean_this_machine_does_not_get_the_token(client: Client) -> None:
    reply = client.get("/write/", Host=f"evil.example:{client.served.port}")
    assert reply.status == 403
    assert (client.headers["X-Threepass-Token"] or "").encode() not in reply.body


def test_it_is_bound_to_this_machine_alone(served: Served) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", served.port), timeout=5)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/write/save", 405), ("PUT", "/write/save", 405), ("POST", "/write/", 405), ("DELETE", "/write/", 405),
        ("GET", "/write/nothing", 404), ("GET", "/write/../mkdocs.yml", 404), ("GET", "/write/%2e%2e/mkdocs.yml", 404),
        ("GET", "/write/__init__.py", 404), ("GET", "/write//etc/passwd", 404),
    ],
)  # fmt: skip
def test_there_are_no_other_addresses(client: Client, method: str, path: str, status: int) -> None:
    assert client.send(method, path, b"", dict(client.headers)).status == status


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"date": 1}', b"title: x", b"\xff"], ids=repr)
def test_what_is_not_a_day_is_refused(client: Client, body: bytes) -> None:
    reply = client.post("save", body)
    assert (reply.status, bool(reply.json["message"])) == (400, True)


def test_a_text_that_is_too_large_is_refused_in_words(client: Client) -> None:
    reply = client.post("save", {"date": "2024-10-02", "title": "x", "notes": "word " * 250_000})
    assert (reply.status, reply.json["message"]) == (413, "that is more than 1 MB")


@pytest.mark.parametrize("date", ["../../../outside", "2024-10-03/../../../x", "/tmp/x", "", "2024-02-30"])
def test_no_date_leads_out_of_the_journal(client: Client, date: str) -> None:
    before = files(client.served.root)
    reply = client.post("save", {"date": date, "title": "x"})
    assert reply.status == 422
    assert [problem["field"] for problem in reply.json["problems"]] == ["date"]
    assert files(client.served.root) == before


def test_a_day_with_problems_is_not_written(client: Client) -> None:
    before = files(client.served.root)
    reply = client.post("save", {"date": "2024-10-04", "notes": "[[nobody]]", "links": [{"url": "x"}]})
    assert (reply.status, sorted(problem["code"] for problem in reply.json["problems"])) == (422, ["P014", "P035"])
    reply = client.post("save", {"date": "2024-10-04", "notes": "[[nobody]]"})
    assert (reply.status, [problem["field"] for problem in reply.json["problems"]]) == (422, ["notes"])
    assert client.post("save", {"date": "2024-10-04"}).status == 422
    assert files(client.served.root) == before


def test_a_file_that_cannot_be_read_is_told_and_left_alone(client: Client) -> None:
    path = client.served.root / "journal/2024/2024-10-05.yml"
    path.write_text("title: [broken\n")
    reply = client.post("save", {"date": "2024-10-05", "title": "x"})
    assert reply.status == 422
    assert "2024-10-05.yml" in reply.json["problems"][0]["message"]
    assert path.read_text() == "title: [broken\n"
    path.unlink()


def test_after_saving_the_page_of_the_day_is_there(client: Client) -> None:
    first = client.post("save", {"date": "2024-10-06", "title": "A day", "notes": "Once $x^2$."})
    assert first.status == 200
    assert first.json["new"] is True
    wait(client, first.json["build"])
    assert "Once" in client.get(first.json["page"]).body.decode()
    second = client.post("save", {"date": "2024-10-06", "notes": "Twice."})
    assert second.json["new"] is False
    wait(client, second.json["build"])
    page = client.get(second.json["page"]).body.decode()
    assert "Once" in page
    assert "Twice" in page


def wait(client: Client, build: int) -> None:
    assert int(client.get(f"/livereload/{build}/1").body) > build


def test_what_is_shown_before_is_what_the_page_shows(client: Client) -> None:
    notes = "**Bold** [[vaswani2017attention|a paper]] [[2024-10-21]] $\\sqrt{2}$\n\n## Head\n\n$$x$$\n\n"
    notes += "| a | b |\n|---|---|\n| 1 | 2 |"
    data = {
        "date": "2024-10-07",
        "title": "A <day>",
        "notes": notes,
        "readings": [{"paper": "1706.03762", "pass": "1"}],
    }
    shown = client.post("look", data).json["preview"]
    saved = client.post("save", data).json
    wait(client, saved["build"])
    page = client.get(saved["page"]).body.decode()

    def text(html: str) -> list[str]:
        return re.sub(r"<[^>]*>", " ", html.replace("¶", "")).split()

    article = re.search(r'<article.*?>(.*?)<details class="tp-share"', page, re.DOTALL)
    assert article is not None
    assert text(shown) == text(article[1])
    links = re.findall(r'href="([^"]+)"', shown)
    assert {"/papers/vaswani2017attention/", "/journal/2024-10-21/"} <= {*links}
    for link in links:
        address = link if link.startswith("/") else "/write/" + link
        assert link.startswith("#") or client.get(re.sub(r"/write/\.\./", "/", address)).status == 200, link


def test_all_who_write_to_a_day_at_once_are_in_it(client: Client) -> None:
    texts = [f"From the form, {number}." for number in range(6)]
    said = [f"From the terminal, {number}." for number in range(2)]

    def post(text: str) -> int:
        return client.post(
            "save", {"date": "2024-10-08", "notes": text, "links": [{"url": f"https://a.org/{text[-2]}"}]}
        ).status

    def command(text: str) -> int:
        words = [*COMMAND, "-C", str(client.served.root), "today", "--date", "2024-10-08", "-m", text]
        return subprocess.run(words, env=ENVIRONMENT, check=False, capture_output=True).returncode

    with ThreadPoolExecutor(8) as pool:
        commands = [pool.submit(command, text) for text in said]
        posts = [pool.submit(post, text) for text in texts]
        assert [each.result() for each in posts] == [200] * 6
        assert [each.result() for each in commands] == [0, 0]
    day = load(client.served.root).by_name["2024-10-08"].day
    assert sorted((day.notes or "").strip().split("\n\n")) == sorted([*texts, *said])
    assert len(day.links) == 6
