"""One request to any host: a method and a URL come in; what the host said, or why it said nothing, goes out.

A host is asked one thing at a time, with a pause between two, however many threads have something to ask.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import requests
import urllib3

from threepass.importers.http_trouble import causes, retry_after

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

PAUSES: Mapping[str, float] = {"arxiv.org": 3.0}
"""Seconds, where a host asks for more than our own pause: https://info.arxiv.org/help/api/tou.html."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LARGEST_BODY = 100_000


@dataclass(frozen=True, kw_only=True)
class Manners:
    """How hosts are asked; times in seconds.

    `agent` says who asks, `pause` lies between two requests to a host, `timeout` is the silence that we bear, `backoff`
    the wait before the second try, doubled for each further one, `patience` the longest `Retry-After` that is waited
    for, and `at_once` how many hosts are asked beside each other.
    """

    agent: str
    pause: float = 1.0
    pauses: Mapping[str, float] = field(default_factory=lambda: PAUSES)
    timeout: float = 15.0
    tries: int = 3
    backoff: float = 2.0
    patience: float = 60.0
    at_once: int = 16
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class Reply(NamedTuple):
    """A response without its body: `after` are the seconds that it asks us to wait."""

    status: int
    location: str = ""
    after: float = 0.0
    for_people_only: bool = False


class NoReplyError(Exception):
    """A request without a response.

    Why, in a line; whether that means that nothing is there (`dead`), whether asking `again` may help, and whether a
    host was `reached` at all.
    """

    def __init__(self, reason: str, *, dead: bool, again: bool = False, reached: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.dead, self.again, self.reached = reason, dead, again, reached


class Turns:
    """Whose turn it is to ask a host, and when; shared by all threads."""

    def __init__(self, manners: Manners) -> None:
        self._manners = manners
        self._lock = threading.Lock()
        self._hosts: dict[str, threading.Lock] = {}
        self._not_before: dict[str, float] = {}
        self._lost: dict[str, NoReplyError] = {}

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Wait until the host may be asked, and let nobody else ask it meanwhile.

        Raises `NoReplyError` at once where the host is lost.
        """
        with self._lock:
            lock = self._hosts.setdefault(host, threading.Lock())
        with lock:
            if host in self._lost:
                raise self._lost[host]
            wait = self._not_before.get(host, 0.0) - self._manners.clock()
            if wait > 0:
                self._manners.sleep(wait)
            disturbed = True
            try:
                yield
            except NoReplyError as error:
                disturbed = error.reached
                raise
            finally:
                if disturbed:
                    self.hold(host, max(self._manners.pause, self._manners.pauses.get(host, 0.0)))

    def hold(self, host: str, seconds: float) -> None:
        """Let nobody ask the host for so long."""
        until = self._manners.clock() + seconds
        with self._lock:
            self._not_before[host] = max(self._not_before.get(host, 0.0), until)

    def lose(self, host: str, error: NoReplyError) -> None:
        """Let nobody ask a host again that could not be reached."""
        self._lost[host] = error


class Line:
    """Sends requests in turn, for one thread."""

    def __init__(self, turns: Turns, manners: Manners) -> None:
        self.manners = manners
        self._turns = turns
        self._session = requests.Session()
        self._session.headers["User-Agent"] = manners.agent
        self._session.auth = lambda request: request  # else the passwords of ~/.netrc go out

    def send(self, method: str, url: str) -> Reply:
        """Send a request; the body of what comes is not read. Raises `NoReplyError`."""
        with self._response(method, url) as response:
            moves = response.status_code in _REDIRECTS
            location = (self._session.get_redirect_target(response) or "") if moves else ""
            after = retry_after(response.headers.get("retry-after", ""), now=time.time())
            return Reply(response.status_code, location, after, "cf-mitigated" in response.headers)

    def read(self, url: str, parameters: Mapping[str, str]) -> bytes:
        """Return the body of a page. Raises `NoReplyError`, also where there is none or it has no end."""
        with self._response("GET", url, parameters) as response:
            if response.status_code == 200:
                with suppress(urllib3.exceptions.HTTPError, OSError):
                    return bytes(response.raw.read(_LARGEST_BODY, decode_content=True))
            raise NoReplyError(f"HTTP {response.status_code}", dead=False, reached=True)

    def hold(self, url: str, seconds: float) -> None:
        """Let nobody ask the URL's host for so long."""
        self._turns.hold(host_of(url), seconds)

    def give_up(self, url: str, error: NoReplyError) -> None:
        """Let nobody ask the URL's host again where it could not be reached."""
        if not error.reached:
            self._turns.lose(host_of(url), error)

    @property
    def cookies(self) -> frozenset[tuple[str, str | None]]:
        """What hosts have asked us to remember."""
        return frozenset((cookie.name, cookie.value) for cookie in self._session.cookies)

    def forget(self) -> None:
        """Throw the cookies away."""
        self._session.cookies.clear()

    @contextmanager
    def _response(
        self, method: str, url: str, parameters: Mapping[str, str] | None = None
    ) -> Iterator[requests.Response]:
        host, timeout = host_of(url), self.manners.timeout
        with self._turns.turn(host):
            try:
                response = self._session.request(
                    method, url, params=parameters, allow_redirects=False, stream=True, timeout=timeout
                )
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                raise _no_reply(error, host, timeout) from error
            with closing(response):
                yield response


def host_of(url: str) -> str:
    """Return the host of a URL, in lower case; nothing where it has none."""
    with suppress(ValueError):
        return (urlsplit(url).hostname or "").lower()
    return ""


def is_private(host: str, *, look_up: bool = False) -> bool:
    """Whether a host is this machine or in its network: by its name and, with `look_up`, what the name stands for."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    numbers = [host]
    if look_up:
        with suppress(OSError, UnicodeError):
            numbers += [str(found[4][0]).partition("%")[0] for found in socket.getaddrinfo(host, None)]
    for number in numbers:
        with suppress(ValueError):
            if not ipaddress.ip_address(number).is_global:
                return True
    return False


def _no_reply(error: Exception, host: str, timeout: float) -> NoReplyError:
    """Say in one line why a request brought nothing, and what that means."""
    behind = list(causes(error))

    def caused_by(*types: type[BaseException]) -> bool:
        return any(isinstance(cause, types) for cause in behind)

    if caused_by(requests.exceptions.ProxyError):
        return NoReplyError(f"the proxy does not lead to {host}", dead=False)
    if caused_by(urllib3.exceptions.NameResolutionError, socket.gaierror):
        unknown = any(isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_NONAME for cause in behind)
        return NoReplyError(f"there is no host {host}" if unknown else f"{host} cannot be looked up", dead=unknown)
    if caused_by(requests.exceptions.SSLError, urllib3.exceptions.SSLError):
        return NoReplyError(f"no safe connection to {host} can be made (TLS)", dead=False, reached=True)
    if caused_by(ConnectionRefusedError):
        return NoReplyError(f"{host} refuses the connection", dead=True, again=True, reached=True)
    if caused_by(urllib3.exceptions.ConnectTimeoutError):
        return NoReplyError(f"{host} cannot be reached within {timeout:g} s", dead=True, again=True)
    if caused_by(TimeoutError, requests.exceptions.Timeout, urllib3.exceptions.ReadTimeoutError):
        return NoReplyError(f"no answer within {timeout:g} s", dead=False, again=True, reached=True)
    if caused_by(urllib3.exceptions.NewConnectionError):
        return NoReplyError(f"{host} cannot be reached", dead=True, again=True)
    if caused_by(urllib3.exceptions.ProtocolError, requests.exceptions.ConnectionError, OSError) and not caused_by(
        ValueError
    ):
        return NoReplyError(f"the connection to {host} broke off", dead=False, again=True, reached=True)
    return NoReplyError("it is no web address", dead=True, reached=True)
