"""A server on this machine that answers as arXiv's interfaces do, and a clock that only `sleep` moves."""

import contextlib
import dataclasses
import datetime as dt
import re
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

import pytest
from example_library import TODAY, write_example
from stopped_clock import Clock

from threepass.importers import arxiv_id
from threepass.importers.arxiv import Manners


@pytest.fixture(autouse=True)
def _a_month_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the days that tests add to the example be over, whatever the clock says."""
    latest = max(TODAY + dt.timedelta(days=31), dt.date.today())
    monkeypatch.setattr("threepass.checks.latest_date", lambda: latest)


@dataclass(frozen=True)
class Entry:
    """One paper as the server knows it. Fields are XML, as they stand in the feed."""

    id: str
    title: str = "A Title"
    authors: tuple[str, ...] = ("Ada Lovelace",)
    published: str | None = "2017-03-04T01:36:07Z"
    updated: str | None = "2017-06-13T05:03:24Z"
    summary: str = "An abstract."
    categories: tuple[str, ...] = ("cs.LG", "cs.AI")
    extra: str = ""
    html: bool = False
    author_line: str = ""
    source_type: str = "D"

    def atom_2026(self) -> str:
        """As arXiv writes entries in 2026: lines not wrapped, dates in UTC, links with https."""
        kind = ' type="html"' if self.html else ""
        dates = [f"<{tag}>{text}</{tag}>" if text else "" for tag, text in self._dates()]
        categories = "".join(f'<category term="{c}" scheme="http://arxiv.org/schemas/atom"/>' for c in self.categories)
        authors = "".join(f"\n    <author>\n      <name>{name}</name>\n    </author>" for name in self.authors)
        return f"""  <entry>
    <id>http://arxiv.org/abs/{self.id}</id>
    <title{kind}>{self.title}</title>
    {dates[1]}
    <link href="https://arxiv.org/abs/{self.id}" rel="alternate" type="text/html"/>
    <link href="https://arxiv.org/pdf/{self.id}" rel="related" type="application/pdf" title="pdf"/>
    <summary{kind}>{self.summary}</summary>
    {categories}
    {dates[0]}
    {self.extra}
    <arxiv:primary_category term="{self.categories[0]}"/>{authors}
  </entry>
"""

    def atom_before(self) -> str:
        """As arXiv wrote them before: dates with an offset, namespaces on each element, indented wrapped lines."""
        ns = 'xmlns:arxiv="http://arxiv.org/schemas/atom"'
        kind = ' type="html"' if self.html else ""
        dates = "".join(f"<{t}>{text.replace('Z', '-00:00')}</{t}>\n    " for t, text in self._dates() if text)
        categories = "".join(f'<category term="{c}" scheme="http://arxiv.org/schemas/atom"/>' for c in self.categories)
        authors = "".join(
            f"<author>\n      <name>{name}</name>\n      <arxiv:affiliation {ns}>Somewhere</arxiv:affiliation>\n"
            "    </author>\n    "
            for name in self.authors
        )
        extra = self.extra.replace("<arxiv:comment>", f"<arxiv:comment {ns}>")
        return f"""  <entry>
    <id>https://arxiv.org/abs/{self.id}</id>
    {dates}<title{kind}>{self.title}</title>
    <summary{kind}>  {self.summary}
</summary>
    {authors}{extra}
    <link title="pdf" href="http://arxiv.org/pdf/{self.id}" rel="related" type="application/pdf"/>
    <arxiv:primary_category {ns} term="{self.categories[0]}" scheme="http://arxiv.org/schemas/atom"/>
    {categories}
  </entry>
"""

    def raw(self) -> str:
        """As OAI-PMH has it: text as typed, authors in one line, every version with its date; the last one is `id`'s.

        Earlier versions came a year before each other.
        """
        one = arxiv_id.parse(self.id)
        last = datetime.fromisoformat(self.updated)
        moments = [last.replace(year=last.year - one.version + number) for number in range(1, one.version + 1)]
        moments[0] = datetime.fromisoformat(self.published) if one.version > 1 else last
        versions = "".join(
            f'<version version="v{number}"><date>{format_datetime(moment, usegmt=True)}</date><size>25kb</size>'
            f"<source_type>{self.source_type}</source_type></version>"
            for number, moment in enumerate(moments, 1)
        )
        extra = re.sub(r"arxiv:(comment)", r"\1s", self.extra)
        extra = re.sub(r"arxiv:journal_ref", "journal-ref", extra).replace("arxiv:", "")
        return f"""<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://arxiv.org/OAI/arXivRaw/ http://arxiv.org/OAI/arXivRaw.xsd">
<id>{one.id}</id><submitter>Ada Lovelace</submitter>{versions}<title>{self.title}</title>
<authors>{self.author_line or ", ".join(self.authors)}</authors><categories>{" ".join(self.categories)}</categories>
{extra}<license>http://arxiv.org/licenses/nonexclusive-distrib/1.0/</license>
<abstract>  {self.summary}
</abstract></arXivRaw>"""

    def _dates(self) -> tuple[tuple[str, str | None], ...]:
        return ("published", self.published), ("updated", self.updated)


def feed(*entries: str, total: int | None = None) -> str:
    """A whole answer that holds these entries, and says how many there are."""
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" \
xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/kHxbiOdZaP56ODnBPIenZhzg5f8</id>
  <title type="html">arXiv Query: search_query=&amp;id_list=&amp;start=0&amp;max_results=100</title>
  <updated>2026-04-12T22:09:26Z</updated>
  <opensearch:itemsPerPage>100</opensearch:itemsPerPage>
  <opensearch:totalResults>{len(entries) if total is None else total}</opensearch:totalResults>
  <opensearch:startIndex>0</opensearch:startIndex>
{"".join(entries)}</feed>
"""


def oai(content: str) -> str:
    """A whole answer of OAI-PMH."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">
<responseDate>2026-04-12T22:09:26Z</responseDate>
<request verb="GetRecord" metadataPrefix="arXivRaw">http://oaipmh.arxiv.org/oai</request>
{content}
</OAI-PMH>
"""


def oai_record(raw: str) -> str:
    return oai(
        "<GetRecord><record><header><identifier>oai:arXiv.org:x</identifier><datestamp>2026-01-01</datestamp>"
        f"<setSpec>cs:cs:LG</setSpec></header><metadata>{raw}</metadata></record></GetRecord>"
    )


def error_feed(says: str) -> str:
    name = f"https://arxiv.org/api/errors#{says.replace(' ', '_')}"
    return feed(f"""  <entry>
    <id>{name}</id>
    <title>Error</title>
    <updated>2026-04-12T22:59:06Z</updated>
    <link href="{name}" rel="alternate" type="text/html"/>
    <summary>{escape(says)}</summary>
    <author>
      <name>arXiv api core</name>
    </author>
  </entry>
""")


@dataclass(frozen=True)
class Reply:
    """What the server says instead of the truth."""

    body: str | bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int = 0
    """How many bytes of the body are promised but not sent."""
    silent: bool = False
    """Say nothing until the test is over."""
    drip: int = 0
    """Send so many bytes more, one now and then."""


@dataclass(frozen=True)
class Request:
    """What the server was asked."""

    path: str
    ids: tuple[str, ...]
    agent: str
    came: float
    left: float


class ArxivServer:
    """`papers` is what it knows; `script` holds replies that come first, in their order."""

    feed = staticmethod(feed)
    oai_answer, oai_record = staticmethod(oai), staticmethod(oai_record)
    error_feed = staticmethod(error_feed)
    Entry, Reply = Entry, Reply

    def __init__(self, host: str) -> None:
        self.endpoint = f"http://{host}/api/query"
        self.oai = f"http://{host}/oai"
        self.papers: dict[str, Entry] = {}
        self.script: deque[Reply] = deque()
        self.oai_script: deque[Reply] = deque()
        self.requests: list[Request] = []
        self.dialect = Entry.atom_2026
        self.dripped = 0
        self.over = threading.Event()

    def knows(self, *entries: Entry) -> None:
        for entry in entries:
            self.papers[arxiv_id.parse(entry.id).id] = entry

    def says(self, *replies: Reply) -> None:
        self.script.extend(replies)

    @property
    def asked(self) -> list[tuple[str, ...]]:
        """The ids of each request to the query interface."""
        return [request.ids for request in self.requests if not request.path.startswith("/oai")]

    @property
    def oai_asked(self) -> list[str]:
        """The id of each request to OAI-PMH."""
        return [request.ids[0] for request in self.requests if request.path.startswith("/oai")]

    def oai_says(self, *replies: Reply) -> None:
        self.oai_script.extend(replies)

    def oai_reply(self, name: str) -> Reply:
        """Answer as arXiv's OAI-PMH."""
        if self.oai_script:
            return self.oai_script.popleft()
        if name not in self.papers:
            return Reply(oai('<error code="idDoesNotExist">Nothing matches the identifier</error>'))
        return Reply(oai_record(self.papers[name].raw()))

    def found(self, query: str, most: int) -> Reply:
        """Answer a search: the papers whose title holds each word of `all:word`, and how many there are."""
        if self.script:
            return self.script.popleft()
        words = [word.strip('"').lower() for word in re.findall(r'all:("[^"]+"|\S+)', query)]
        entries = [one for one in self.papers.values() if all(word in one.title.lower() for word in words)]
        return Reply(feed(*(self.dialect(one) for one in entries[:most]), total=len(entries)))

    def answer(self, ids: tuple[str, ...]) -> Reply:
        """Answer as arXiv: not in the order asked, unknown ids left out, a malformed one refuses the whole question."""
        if self.script:
            return self.script.popleft()
        found = {}
        for text in ids:
            one = arxiv_id.parse(text)
            if one is None:
                return Reply(error_feed(f"incorrect id format for {text}"), status=400)
            entry = self.papers.get(one.id)
            if entry and one.version:
                entry = dataclasses.replace(entry, id=f"{one.id}v{one.version}")
            if entry:
                found[entry.id] = self.dialect(entry)
        return Reply(feed(*(found[name] for name in sorted(found, reverse=True))))


def _handler(server: ArxivServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            came = time.monotonic()
            question = parse_qs(urlsplit(self.path).query)
            asked = tuple(filter(None, question.get("id_list", [""])[0].split(",")))
            if self.path.startswith("/oai"):
                asked = (question["identifier"][0].removeprefix("oai:arXiv.org:"),)
                reply = server.oai_reply(*asked)
            elif question.get("search_query"):
                reply = server.found(question["search_query"][0], int(question["max_results"][0]))
            else:
                reply = server.answer(asked)
            left = time.monotonic()
            server.requests.append(Request(self.path, asked, self.headers["user-agent"], came, left))
            with contextlib.suppress(ConnectionError):
                self._send(reply)

        def _send(self, reply: Reply) -> None:
            if reply.silent:
                server.over.wait(10)
            body = reply.body.encode() if isinstance(reply.body, str) else reply.body
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) + reply.cut + reply.drip))
            self.end_headers()
            self.wfile.write(body)
            for _ in range(reply.drip):
                server.over.wait(0.02)
                self.wfile.write(b" ")
                server.dripped += 1

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@pytest.fixture
def no_proxy(monkeypatch):
    """Whatever the environment names, this machine is asked without a proxy."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def arxiv_server(no_proxy, monkeypatch):
    for name in ("THREEPASS_ARXIV_URL", "THREEPASS_OAI_URL"):
        monkeypatch.delenv(name, raising=False)
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server = ArxivServer(f"127.0.0.1:{httpd.server_port}")
    httpd.RequestHandlerClass = _handler(server)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.over.set()
    httpd.shutdown()
    httpd.server_close()
    thread.join()


@pytest.fixture
def arxiv_is_here(arxiv_server, tmp_path, monkeypatch):
    """The server, which every command asks in arXiv's place; what it answers is kept in a folder of the test's own."""
    monkeypatch.setenv("THREEPASS_ARXIV_URL", arxiv_server.endpoint)
    monkeypatch.setenv("THREEPASS_OAI_URL", arxiv_server.oai)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return arxiv_server


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def manners(clock, tmp_path):
    """Asking arXiv as everybody does, but in folders of the test's own, by a clock that only `sleep` moves."""
    folders = {"cache": tmp_path / "cache", "state": tmp_path / "state"}
    return Manners(**folders, timeout=60.0, sleep=clock.sleep, now=clock.now, jitter=lambda: 0.0)


@pytest.fixture
def library(tmp_path, monkeypatch):
    """The library that `threepass init` makes, with one day and a claim that is not measured yet; we are in it."""
    root = write_example(tmp_path / "library")
    monkeypatch.chdir(root)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    return root
