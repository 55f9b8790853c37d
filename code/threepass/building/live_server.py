"""A folder that holds a site in; the site on 127.0.0.1 out, its open pages shown anew after each build.

Beside the folder's files it answers `/write/`, where a day is written (`day_form/`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from mkdocs.livereload import LiveReloadServer

from threepass.content_policy import inline_scripts, script_hash
from threepass.day_form import HEADERS, Desk, Request, with_link

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

PASSED_OVER = 10_000_000
"""Bytes of a request that is refused."""


class Server(LiveReloadServer):
    """MkDocs' server; the script that it puts into pages may run under their policy."""

    def __init__(self, *, desk: Desk, **options: Any) -> None:
        self._desk = desk
        super().__init__(**options)

    def build_anew(self) -> int:
        """Build the site as soon as can be; return the number of the last build that has begun before."""
        with self._rebuild_cond:
            self._want_rebuild = True
            self._rebuild_cond.notify_all()
            return self._wanted_epoch

    def serve_request(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request: those for the form here, all others as MkDocs does."""
        path = environ["PATH_INFO"]
        if path == "/write":
            start_response("302 Found", [("Location", "/write/")])
            return []
        if not path.startswith("/write/"):
            return super().serve_request(environ, start_response)
        body = _Body(environ)
        answer = self._desk.answer(_request(environ, body))
        body.pass_over()
        head = {"Content-Type": answer.kind, "Content-Length": str(len(answer.body)), **HEADERS}
        start_response(f"{answer.status.value} {answer.status.phrase}", [*head.items()])
        return [answer.body if environ["REQUEST_METHOD"] != "HEAD" else b""]

    def _inject_js_into_html(self, content: bytes, epoch: int) -> bytes:
        """Put the script into a page, its hash into the page's policy, and the link to the form into its header."""
        page: str = super()._inject_js_into_html(content, epoch).decode()  # type: ignore[no-untyped-call]  # MkDocs' own
        own = script_hash(inline_scripts(page)[-1])
        return with_link(re.sub(r"(?<=script-src 'self')", lambda _: f" '{own}'", page, count=1)).encode()


class _Body:
    """What a request carries: read as far as its header says, and no further."""

    def __init__(self, environ: WSGIEnvironment) -> None:
        length = environ.get("CONTENT_LENGTH") or ""
        said = len(length) < 10 and length.isascii() and length.isdecimal()
        self._input, self._left = environ["wsgi.input"], int(length) if said else 0

    def read(self, size: int) -> bytes:
        found: bytes = self._input.read(min(size, self._left))
        self._left -= size
        return found

    def pass_over(self) -> None:
        """Take what is left, within reason: a browser that is still sending would not hear why it was refused."""
        while 0 < self._left < PASSED_OVER and self._input.read(min(self._left, 1 << 16)):
            self._left -= 1 << 16


def _request(environ: WSGIEnvironment, body: _Body) -> Request:
    headers = {name[5:]: value for name, value in environ.items() if name.startswith("HTTP_")}
    headers |= {name: environ.get(name) or "" for name in ("CONTENT_TYPE", "CONTENT_LENGTH")}
    named = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    return Request(environ["REQUEST_METHOD"], environ["PATH_INFO"], named, body.read)
