"""Requests for `/write/` in; answers out: the form, how the day looks with it and what is wrong, and the day, saved."""

from __future__ import annotations

import datetime as dt
import secrets
import threading
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from threepass.authoring.daily import add
from threepass.checks import latest_date
from threepass.day_form.guard import Answer, Request, foreign_host, length_of, not_ours, said
from threepass.day_form.page import FILES, FOLDER, form_page, served_file
from threepass.day_form.preview import preview
from threepass.day_form.proposed import located, propose
from threepass.day_form.sent import NoFormError, completed, read_sent
from threepass.editing import EditingError
from threepass.library import load
from threepass.pages.page import address
from threepass.pages.prose import source_of
from threepass.remembered.file_memory import FileMemory
from threepass.standing.progress import minutes_of
from threepass.terminal.crash import write_log
from threepass.writing import WritingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from threepass.authoring.daily import Draft
    from threepass.day_form.sent import Remark
    from threepass.day_form.shown import Shown
    from threepass.library import Entry, Library
    from threepass.source import Data

HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Of every answer: nobody else may show it, load it, or keep it."""


class Desk:
    """Answers requests for the form of one library, in one run.

    `shown` gives what is served at the moment. `saved` is called after a day is written: it sees to it that the site is
    built anew, and returns the number of the build after which the day's page is there.
    """

    def __init__(self, root: Path, *, port: int, shown: Callable[[], Shown], saved: Callable[[], int]) -> None:
        self.token = secrets.token_urlsafe(32)
        self._root, self._port, self._shown, self._saved = root, port, shown, saved
        self._files, self._reading = FileMemory(), threading.Lock()

    def answer(self, request: Request) -> Answer:
        """Return the answer to a request whose path begins with `/write`."""
        try:
            return foreign_host(request, port=self._port) or self._answer(request)
        except (EditingError, WritingError) as error:
            return said(HTTPStatus.CONFLICT, message=error.reason, hint=error.hint)
        except NoFormError as error:
            return said(HTTPStatus.BAD_REQUEST, message=str(error))
        except Exception as bug:
            log = write_log(bug, arguments=[request.method, request.path], start=self._root)
            message = f"threepass made a mistake ({type(bug).__name__})"
            return said(HTTPStatus.INTERNAL_SERVER_ERROR, message=message, hint=f"please report {log}")

    def _answer(self, request: Request) -> Answer:
        name = request.path.removeprefix(FOLDER)
        posted = {"look": self._look, "save": self._save}
        if not request.path.startswith(FOLDER) or name not in {"", *FILES, *posted}:
            return said(HTTPStatus.NOT_FOUND, message="there is no such address")
        if request.method not in (("POST",) if name in posted else ("GET", "HEAD")):
            return said(HTTPStatus.METHOD_NOT_ALLOWED, message=f"{request.method} is not for this address")
        if name in FILES:
            return Answer(HTTPStatus.OK, FILES[name], served_file(name))
        if name not in posted:
            page = form_page(
                self._shown(), self._library(), token=self.token, today=dt.date.today(), latest=latest_date()
            )
            return Answer(HTTPStatus.OK, "text/html; charset=utf-8", page.encode())
        length = length_of(request)
        refused = not_ours(request, token=self.token, port=self._port)
        if refused or isinstance(length, Answer):
            return refused or length  # type: ignore[return-value]  # one of the two is an answer
        return posted[name](read_sent(request.read(length)))

    def _look(self, data: Data) -> Answer:
        """Say how the day would look, what is there of it, and what is wrong."""
        shown, library = self._shown(), self._library()
        found = propose(library, shown.site.tree, data)
        return said(
            HTTPStatus.OK,
            file=found.draft.path.as_posix() if found.draft else "",
            number=found.entry.day.day if found.entry else None,
            there=_entry(found.there) if found.there else None,
            preview=preview(shown, library, found.entry) if found.entry else "",
            problems=[_remark(remark, found.draft) for remark in found.remarks],
        )

    def _save(self, data: Data) -> Answer:
        """Write the day, unless something is wrong with it."""
        library = self._library()
        found = propose(library, self._shown().site.tree, data)
        if found.addition is None:
            return _unsaved(found.remarks, found.draft)
        made, problems = add(self._root, found.addition)
        if problems:
            return _unsaved(located(problems, made, completed(data, library)), made)
        if made.text == made.before:
            message = "all of this is there already" if data.keys() - {"date"} else "nothing is filled in yet"
            return said(HTTPStatus.UNPROCESSABLE_ENTITY, message=message, problems=[])
        return said(
            HTTPStatus.OK,
            file=made.path.as_posix(),
            new=made.before is None,
            page=f"/journal/{made.path.stem}/",
            build=self._saved(),
        )

    def _library(self) -> Library:
        with self._reading:
            return load(self._root, self._files)


def _unsaved(remarks: Iterable[Remark], made: Draft | None) -> Answer:
    return said(HTTPStatus.UNPROCESSABLE_ENTITY, problems=[_remark(remark, made) for remark in remarks])


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "page": f"/{address(source_of(entry))}",
        "title": entry.title,
        "titled": entry.day.title is not None,
        "number": entry.day.day,
        "minutes": minutes_of(entry),
        "goals": entry.day.goals,
        "topics": entry.day.topics,
    }


def _remark(remark: Remark, made: Draft | None) -> dict[str, str]:
    """Return a problem as the form shows it; one of another file says of which."""
    problem = remark.problem
    elsewhere = bool(made and not remark.field and problem.code and problem.path != made.path)
    place = f"{problem.path.as_posix()}:{problem.line}: " if elsewhere else ""
    return {"field": remark.field, "code": problem.code, "message": place + problem.message, "hint": problem.hint}
