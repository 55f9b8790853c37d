"""One request to arXiv: a request of `requests` comes in; a checked answer, or the reason for none, goes out.

`Line` is a transport adapter of `requests`, for one `Service` of arXiv; for the query interface it is mounted into the
session of `arxiv.Client`. That package itself knows no timeout, ignores `Retry-After`, tries a 400 again as it does a
503, keeps its pause for one client only, and takes any page with status 200 for an empty list; all of that happens
below it, here, so that it gets to see sound answers only.
"""

from __future__ import annotations

import contextlib
import io
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from threepass.hinted import HintedError
from threepass.importers.arxiv_answer import NotAnAnswerError, fold, one_line
from threepass.importers.http_trouble import causes, retry_after

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from threepass.importers.arxiv_pace import Pace

_LARGEST = 32 * 1024 * 1024
"""Bytes; a hundred papers with a thousand authors each stay far below."""
_LATER = "try again later"
_TERMS = "do not go on: arXiv takes that for an attack; ask its help desk, or wait a day"


class Answer(Protocol):
    """What a service answers, checked."""

    @property
    def error(self) -> str | None:
        """What the service says is wrong with the question."""

    def document(self) -> bytes:
        """Return what the asking program gets to read."""


A = TypeVar("A", bound=Answer)


@dataclass(frozen=True, kw_only=True)
class Service(Generic[A]):
    """One of arXiv's interfaces."""

    name: str
    """As messages call it."""
    variable: str
    """Of the environment, which overrides its address."""
    read: Callable[[bytes], A]
    """Check a body. Raises `NotAnAnswerError`."""

    @property
    def look_at_address(self) -> str:
        """What to try where the address seems wrong."""
        return f"is the address of the {self.name} right ({self.variable}, mkdocs.yml)?"

    def no_address(self, address: str) -> NoAnswerError:
        """Say that nothing can be asked at an address."""
        return NoAnswerError(f"'{fold(address)}' is no address", f"look at {self.variable} and mkdocs.yml", again=False)


class NoAnswerError(HintedError):
    """A request that brought nothing: why in one line, and what to try."""

    def __init__(
        self, reason: str, hint: str, *, again: bool, after: float = 0.0, only_this: bool = False, stop: bool = False
    ) -> None:
        """Keep whether asking again may help, the seconds to wait first, and what this means for other questions.

        `only_this`: others may be asked all the same. `stop`: nothing may be asked of arXiv any more, nowhere.
        """
        super().__init__(reason, hint)
        self.again, self.after, self.only_this, self.stop = again, after, only_this, stop


class Line(HTTPAdapter, Generic[A]):
    """Sends one request in its turn and checks what comes back; `answer` is the last one.

    What it returns to the asking program is `answer.document()`. Raises `NoAnswerError`, and `NotNowError` of the pace.
    """

    answer: A | None = None

    def __init__(self, service: Service[A], *, pace: Pace, timeout: float) -> None:
        super().__init__(pool_connections=1, pool_maxsize=1)
        self._service = service
        self._pace = pace
        self._timeout = timeout

    def carry(self, session: requests.Session) -> None:
        """Have a session send all that it sends by this line."""
        session.max_redirects = 3
        session.mount("https://", self)
        session.mount("http://", self)

    def add_headers(self, request: requests.PreparedRequest, **_: Any) -> None:
        """Say who asks, beside the package's own name: arXiv slows down those who do not."""
        request.headers["User-Agent"] = f"threepass {request.headers.get('User-Agent', '')}".rstrip()

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002 - the base class's signature; the body is always read here
        timeout: Any = None,  # noqa: ARG002 - the package gives none, which is why there is one here
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Send the request within a turn of the pace; what came is checked before the turn ends."""
        self.answer = None
        url = request.url or ""
        host = urlsplit(url).netloc.rpartition("@")[2]
        with self._pace.turn():
            deadline = time.monotonic() + self._timeout
            try:
                response = super().send(request, True, self._timeout, verify, cert, proxies)
                with contextlib.closing(response):
                    if response.is_redirect:
                        _check_redirect(url, response.headers["location"], self._service)
                        return self._reply(request, response.status_code, {"location": response.headers["location"]})
                    body = _read(response, deadline, self._service)
            except (requests.RequestException, urllib3.exceptions.HTTPError, TimeoutError) as error:
                raise _unreachable(error, host, self._timeout, self._service) from error
            try:
                self.answer = _checked(response, body, url, self._service, now=self._pace.now())
            except NoAnswerError as error:
                if error.after:
                    self._pace.hold(error.after)
                raise
            return self._reply(request, 200, {"content-type": "text/xml"}, self.answer.document())

    def _reply(
        self, request: requests.PreparedRequest, status: int, headers: dict[str, str], body: bytes = b""
    ) -> requests.Response:
        raw = urllib3.HTTPResponse(body=io.BytesIO(body), headers=headers, status=status, preload_content=False)
        return self.build_response(request, raw)


def _read(response: requests.Response, deadline: float, service: Service[A]) -> bytes:
    """Read the body as it trickles in. Raises `TimeoutError` at the deadline, which silence alone does not."""
    body = bytearray()
    while chunk := response.raw.read1(65536, decode_content=True):
        body += chunk
        if time.monotonic() > deadline:
            raise TimeoutError
        if len(body) > _LARGEST:
            raise NoAnswerError("arXiv's answer is too large to be one", service.look_at_address, again=False)
    return bytes(body)


def _checked(response: requests.Response, body: bytes, url: str, service: Service[A], *, now: float) -> A:
    """Return the answer that came. A refused question (400) that says why is an answer with an error."""
    status = response.status_code
    try:
        if status == 200:
            return service.read(body)
        if status == 400 and (answer := service.read(body)).error:
            return answer
    except NotAnAnswerError as error:
        if status == 200:
            raise NoAnswerError(error.reason, error.hint, again=error.again) from error
    after = retry_after(response.headers.get("retry-after", ""), now=now)
    named = f"HTTP {status}"
    match status:
        case 400:
            reason = f"arXiv refuses the question ({named})"
            raise NoAnswerError(reason, service.look_at_address, again=False, only_this=True)
        case 403:
            raise NoAnswerError(f"arXiv has shut this machine out ({named})", _TERMS, again=False, stop=True)
        case 404 | 410:
            where = one_line(url.partition("?")[0])
            hint = service.look_at_address
            raise NoAnswerError(f"there is no {service.name} at {where} ({named})", hint, again=False)
        case 429:
            wish = f", the next in {after:.0f} seconds" if after else ""
            hint = "let no other program on this network ask arXiv at the same time, and try again later"
            raise NoAnswerError(f"arXiv asks for fewer requests ({named}){wish}", hint, again=True, after=after)
        case _ if status >= 500:
            raise NoAnswerError(f"arXiv is out of order ({named})", _LATER, again=True, after=after)
        case _:
            raise NoAnswerError(f"arXiv's answer makes no sense ({named})", service.look_at_address, again=False)


def _check_redirect(url: str, location: str, service: Service[A]) -> None:
    """Let a redirect pass that stays on the host; one to elsewhere is a block page or a new address to be told of."""
    here, there = urlsplit(url), urlsplit(urljoin(url, location))
    if here.hostname != there.hostname or (here.scheme == "https" and there.scheme != "https"):
        where = one_line(f"{there.scheme}://{there.netloc}{there.path}")
        hint = "a block page, or a network that asks for a login: open it in a browser; if it is arXiv's new address, "
        raise NoAnswerError(
            f"arXiv's address leads elsewhere: {where}", f"{hint}set {service.variable} to it", again=False
        )


def _unreachable(error: Exception, host: str, timeout: float, service: Service[A]) -> NoAnswerError:
    """Say in one line why a request did not come through."""
    kinds = {type(cause) for cause in causes(error)}

    def caused_by(*types: type[BaseException]) -> bool:
        return any(issubclass(kind, types) for kind in kinds)

    if caused_by(requests.exceptions.ProxyError):
        return NoAnswerError(f"the proxy does not lead to {host}", "look at HTTPS_PROXY and NO_PROXY", again=False)
    if caused_by(urllib3.exceptions.NameResolutionError):
        return NoAnswerError(f"{host} cannot be found: no network?", "is this machine online?", again=False)
    if caused_by(urllib3.exceptions.LocationValueError, requests.exceptions.InvalidURL):
        return NoAnswerError(f"'{host}' is no address", service.look_at_address, again=False)
    if caused_by(requests.exceptions.SSLError):
        hint = "is the clock right, or does the network look into encrypted traffic?"
        return NoAnswerError(f"no safe connection to {host} can be made (TLS)", hint, again=False)
    if caused_by(ConnectionRefusedError):
        return NoAnswerError(f"{host} refuses the connection", "is this machine online, or arXiv down?", again=True)
    if caused_by(TimeoutError, requests.exceptions.Timeout, urllib3.exceptions.ReadTimeoutError):
        return NoAnswerError(f"no answer from {host} within {timeout:g} seconds", _LATER, again=True)
    if caused_by(urllib3.exceptions.NewConnectionError):
        return NoAnswerError(f"{host} cannot be reached", "is this machine online?", again=True)
    if caused_by(OSError, urllib3.exceptions.ProtocolError) and not caused_by(urllib3.exceptions.DecodeError):
        return NoAnswerError(f"the connection to {host} broke off", _LATER, again=True)
    return NoAnswerError(f"the answer of {host} cannot be read ({type(error).__name__})", _LATER, again=True)
