"""Addresses in; whether each of them is alive, out, as soon as it is known.

Hosts are asked beside each other (`host_requests.py`). That an address is dead is said only where a whole request (GET)
says so; a host that does not talk to programs (403, 429, LinkedIn's 999) says nothing about its pages.
"""

from __future__ import annotations

import queue
import re
import threading
from collections import defaultdict
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from pydantic import BaseModel, ValidationError

from threepass.web_links.host_requests import Line, NoReplyError, Turns, host_of, is_private
from threepass.web_links.link_answers import Answer, Verdict

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from threepass.web_links.host_requests import Manners, Reply

ARCHIVE = "https://archive.org/wayback/available"
"""Says which copy of a page is nearest to a date: https://archive.org/help/wayback_api.php."""
MOST_REDIRECTS = 10
_GONE = frozenset({404, 410})
_LATER = frozenset({408, 425, 429})
_FOR_GOOD = frozenset({301, 308})
_NOT_IMPLEMENTED, _LINKEDIN = 501, 999
"""Statuses that no later try changes."""


def ask(addresses: Mapping[str, dt.date], *, manners: Manners, archive: str = ARCHIVE) -> Iterator[tuple[str, Answer]]:
    """Yield each address with its answer, in the order in which they come.

    The date beside an address is the one from which an archived copy is wanted, should the page be gone.
    """
    by_host: defaultdict[str, list[str]] = defaultdict(list)
    for address in addresses:
        by_host[host_of(address)].append(address)
    waiting: queue.SimpleQueue[list[str]] = queue.SimpleQueue()
    for of_one_host in sorted(by_host.values(), key=len, reverse=True):
        waiting.put(of_one_host)
    answers: queue.SimpleQueue[tuple[str, Answer] | Exception] = queue.SimpleQueue()
    turns, over = Turns(manners), threading.Event()

    def work() -> None:
        line = Line(turns, manners)
        try:
            with suppress(queue.Empty):
                while True:
                    for address in waiting.get_nowait():
                        if over.is_set():
                            return
                        answers.put((address, answer_of(address, line, when=addresses[address], archive=archive)))
        except Exception as error:  # a mistake of ours: raised where the answers are waited for
            answers.put(error)

    for _ in range(min(manners.at_once, len(by_host))):
        threading.Thread(target=work, daemon=True).start()  # a silent host does not keep the program from ending
    try:
        for _ in addresses:
            answer = answers.get()
            if isinstance(answer, Exception):
                raise answer
            yield answer
    finally:
        over.set()


def answer_of(address: str, line: Line, *, when: dt.date, archive: str) -> Answer:
    """Return what an address answers; of a dead one also where a copy is."""
    if not host_of(address):
        return Answer(verdict=Verdict.DEAD, reason="it is no web address")
    line.forget()
    try:
        answer = _follow(address, line)
    except NoReplyError as error:
        verdict = Verdict.DEAD if error.dead else Verdict.UNCHECKED
        answer = Answer(verdict=verdict, reason=error.reason, reached=error.reached)
    if answer.verdict is Verdict.DEAD:
        return answer.model_copy(update={"archived": _archived(address, line, when=when, archive=archive)})
    return answer


def _follow(address: str, line: Line) -> Answer:
    """Follow an address to where it leads; it has `moved` as far as permanent redirects alone lead."""
    url, moved, for_good = address, "", True
    seen = set()
    for _ in range(MOST_REDIRECTS + 1):
        here = (url, line.cookies)  # a page may set a cookie and send us to itself, once
        if here in seen:
            return Answer(verdict=Verdict.DEAD, reason="it redirects in a circle")
        seen.add(here)
        reply = _insist(url, line)
        if not reply.location:
            return _judged(reply, line.manners, moved=moved)
        target = _target(url, reply.location)
        if not host_of(target):
            return Answer(verdict=Verdict.UNCHECKED, reason=f"it leads to '{_one_line(reply.location)}'")
        if host_of(target) != host_of(address) and is_private(host_of(target), look_up=True):
            return Answer(verdict=Verdict.UNCHECKED, reason=f"it leads into a private network: {_one_line(target)}")
        for_good = for_good and reply.status in _FOR_GOOD
        moved = _one_line(target) if for_good else moved
        url = target
    return Answer(verdict=Verdict.DEAD, reason=f"it redirects more than {MOST_REDIRECTS} times")


def _target(url: str, location: str) -> str:
    """Return where a redirect leads, or nothing where that is no page on the web."""
    with suppress(ValueError):
        target = urljoin(url, location.partition("#")[0])
        return target if urlsplit(target).scheme in ("http", "https") else ""
    return ""


def _insist(url: str, line: Line) -> Reply:
    """Return a URL's reply: to HEAD where that is a good one, else to GET; asked again where the host is in trouble."""
    method, tries = "HEAD", 0
    while True:
        tries += 1
        after = 0.0
        try:
            reply = line.send(method, url)
        except NoReplyError as error:
            if not error.again or tries >= line.manners.tries:
                line.give_up(url, error)
                raise
        else:
            if reply.status < 400:
                return reply
            if not _may_pass(reply):
                if method == "GET":
                    return reply
                method, tries = "GET", 0  # some know no HEAD, and some know less of a page by HEAD
                continue
            if tries >= line.manners.tries or reply.after > line.manners.patience:
                return reply
            after = reply.after
        method = "GET"
        line.hold(url, max(after, line.manners.backoff * 2 ** (tries - 1)))


def _may_pass(reply: Reply) -> bool:
    """Whether the same question may soon have another answer."""
    broken = reply.status >= 500 and reply.status not in (_NOT_IMPLEMENTED, _LINKEDIN)
    return (broken or reply.status in _LATER) and not reply.for_people_only


def _judged(reply: Reply, manners: Manners, *, moved: str) -> Answer:
    said = f"HTTP {reply.status}"
    with suppress(ValueError):
        said = f"{reply.status} {HTTPStatus(reply.status).phrase}"
    if reply.status < 400:
        return Answer(verdict=Verdict.ALIVE, moved=moved)
    if reply.status in _GONE:
        return Answer(verdict=Verdict.DEAD, reason=said)
    if reply.after > manners.patience:
        return Answer(verdict=Verdict.UNCHECKED, reason=f"{said}, and to come again in {reply.after:.0f} s")
    if reply.status >= 500 and _may_pass(reply):
        return Answer(verdict=Verdict.DEAD, reason=f"{said}, {manners.tries} times")
    return Answer(verdict=Verdict.UNCHECKED, reason=f"{said}, which is for programs and says nothing of the page")


class _Copy(BaseModel):
    url: str = ""
    available: bool = False


class _Copies(BaseModel):
    closest: _Copy = _Copy()


class _Archived(BaseModel):
    archived_snapshots: _Copies


def _archived(address: str, line: Line, *, when: dt.date, archive: str) -> str | None:
    """Return the archived copy of a page that is nearest to a date. No public archive is told of private addresses."""
    if is_private(host_of(address)) and not is_private(host_of(archive)):
        return None
    try:
        said = line.read(archive, {"url": address, "timestamp": f"{when:%Y%m%d}"})
        copy = _Archived.model_validate_json(said).archived_snapshots.closest
    except NoReplyError as error:
        line.give_up(archive, error)
        return None
    except ValidationError:
        return None
    url = re.sub(r"^http://(?=web\.archive\.org/)", "https://", copy.url)
    return _one_line(url) if copy.available and re.match(r"https?://", url) else ""


def _one_line(text: str) -> str:
    line = "".join(character for character in text if character.isprintable() and not character.isspace())
    return line if len(line) <= 500 else f"{line[:499]}…"
