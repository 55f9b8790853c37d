"""A web server on this machine whose pages a test writes."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Reply:
    """What is said to one request; `then` runs before; `drop` closes the connection without a word."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    then: Callable[[], object] = lambda: None
    drop: bool = False


@dataclass(frozen=True)
class Request:
    """What the server was asked, and when (seconds)."""

    method: str
    path: str
    host: str
    headers: dict[str, str]
    came: float
    left: float

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class Web:
    """`pages` maps a path to its replies in order, of which the last stays; `HEAD /path` is a path, too."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.pages: dict[str, list[Reply]] = {}
        self.requests: list[Request] = []
        self.over = threading.Event()
        self._lock = threading.Lock()
        self._given: defaultdict[str, int] = defaultdict(int)

    def url(self, path: str, *, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def page(self, path: str, *replies: Reply) -> str:
        self.pages[path] = list(replies)
        return self.url(path.removeprefix("HEAD ").removeprefix("GET "))

    @property
    def asked(self) -> list[str]:
        return [str(request) for request in self.requests]

    def reply_to(self, method: str, path: str) -> Reply:
        known = f"{method} {path}" if f"{method} {path}" in self.pages else path
        with self._lock:
            replies = self.pages.get(known, [Reply(404)])
            number = min(self._given[known], len(replies) - 1)
            self._given[known] += 1
        return replies[number]


def _handler(web: Web) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            came = time.monotonic()
            path = self.path.partition("?")[0]
            reply = web.reply_to(self.command, path)
            reply.then()
            left = time.monotonic()
            host = self.headers["Host"].partition(":")[0]
            web.requests.append(Request(self.command, self.path, host, dict(self.headers), came, left))
            self.close_connection = True
            if reply.drop:
                return
            with contextlib.suppress(ConnectionError):
                self.send_response_only(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body.encode())))
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(reply.body.encode())

        do_GET = do_HEAD  # noqa: N815 - so http.server names them

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@contextlib.contextmanager
def serving() -> Iterator[Web]:
    """Run the server; whoever waits for `over` is let go at the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    web = Web(server.server_port)
    server.RequestHandlerClass = _handler(web)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield web
    finally:
        web.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
