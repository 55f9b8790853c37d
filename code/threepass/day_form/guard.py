"""A request in; why it is not answered, or nothing, out.

Any site that is open in the author's browser can send requests to 127.0.0.1. What they cannot do is say that they come
from here (`Origin`), read the token that is in our page, or give a body of JSON without asking first. A name of theirs
that has come to mean 127.0.0.1 (DNS rebinding) shows in `Host`.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LARGEST = 1_000_000
"""Bytes of a request: as large as a file may be."""
TOKEN = "x-threepass-token"
_OURS = ("127.0.0.1", "localhost")


@dataclass(frozen=True)
class Request:
    """What was asked; the names of headers are lower case, `read` gives so many bytes of the body."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    read: Callable[[int], bytes] = lambda _: b""


@dataclass(frozen=True)
class Answer:
    """What is answered."""

    status: HTTPStatus
    kind: str
    body: bytes


def said(status: HTTPStatus, **values: Any) -> Answer:
    """Return an answer as JSON."""
    return Answer(status, "application/json; charset=utf-8", json.dumps(values, ensure_ascii=False).encode())


def foreign_host(request: Request, *, port: int) -> Answer | None:
    """Refuse a request for a name that is not this machine's own."""
    if request.headers.get("host", "").lower() in _hosts(port):
        return None
    return said(HTTPStatus.FORBIDDEN, message=f"the form is at http://127.0.0.1:{port}/write/ and nowhere else")


def not_ours(request: Request, *, token: str, port: int) -> Answer | None:
    """Refuse what our own page, in this run, did not send."""
    origin, site = request.headers.get("origin", ""), request.headers.get("sec-fetch-site", "same-origin")
    if origin.lower() not in [f"http://{host}" for host in _hosts(port)] or site != "same-origin":
        return said(HTTPStatus.FORBIDDEN, message="another site may not write here")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return said(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, message="what is sent is not application/json")
    if not secrets.compare_digest(request.headers.get(TOKEN, "").encode(), token.encode()):
        message = "this page is of an earlier run of `threepass serve`"
        return said(HTTPStatus.FORBIDDEN, message=message, stale=True)
    return None


def length_of(request: Request) -> int | Answer:
    """Return how many bytes were sent, or refuse them."""
    given = request.headers.get("content-length", "")
    if not (given.isascii() and given.isdecimal()):
        return said(HTTPStatus.LENGTH_REQUIRED, message="the length of what is sent is not said")
    if len(given) > 9 or int(given) > LARGEST:
        return said(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, message="that is more than 1 MB", hint="keep data in files")
    return int(given)


def _hosts(port: int) -> list[str]:
    return [*(f"{host}:{port}" for host in _OURS), *(_OURS if port == 80 else ())]
