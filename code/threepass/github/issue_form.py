"""A day as an issue on GitHub: the library's settings in; the form of such an issue out, and what one says, back again.

The form is a file, `.github/ISSUE_TEMPLATE/day.yml`, with fields of the day's JSON Schema. A filled form comes as
Markdown, a heading before each value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import TypeAdapter, ValidationError

from threepass.fields import Date
from threepass.problems import Problem, did_you_mean
from threepass.schema import schema_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from threepass.settings import Settings

TEMPLATE = ".github/ISSUE_TEMPLATE/day.yml"
FIELDS = ("date", "title", "goals", "minutes", "paper", "pass", "topics", "links", "notes")
"""In the order of the form. Notes come last: a text may hold lines that look like the heading of a field."""
_HEAD = "# Written by `threepass schema issue`, from the schema of a day and the goals and topics of mkdocs.yml.\n"
_EXPLAINED = {
    "date": "As 2021-08-27; left empty, today.",
    "links": "One a line: an address, or [title](address).",
    "paper": "What was read: its citation key, or its arXiv id.",
}
"""Where a form wants other words than the schema has for a file."""
_NOTHING = "_no response_"
_DATE = TypeAdapter(Date)
_TICKED = re.compile(r"- \[[xX]\] ([^:]+)")


@dataclass(frozen=True, kw_only=True)
class FilledForm:
    """What an issue says; what is empty or None was not filled in."""

    date: dt.date | None = None
    title: str = ""
    goals: tuple[str, ...] = ()
    minutes: int | None = None
    paper: str = ""
    pass_: int | None = None
    topics: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    notes: str = ""


def issue_form(settings: Settings) -> str:
    """Return the form's file, as GitHub reads it."""
    form = {
        "name": "A day",
        "description": "Add to the journal, from a phone too. It becomes an entry a minute after you submit it.",
        "title": "Day",
        "body": [element for name in FIELDS if (element := _element(name, settings))],
    }
    return _HEAD + yaml.safe_dump(form, sort_keys=False, allow_unicode=True, width=120)


def check_form(root: Path, settings: Settings) -> list[Problem]:
    """Return a warning where the library has a form that threepass wrote for other settings: P061."""
    try:
        text = (root / TEMPLATE).read_text("utf-8", "replace")
    except OSError:
        return []
    if not text.startswith(_HEAD) or text == issue_form(settings):
        return []
    message = "the form is not that of the goals and topics in mkdocs.yml"
    return [Problem(Path(TEMPLATE), 1, 1, "P061", message, f"run `threepass schema issue --to {TEMPLATE}`")]


def _element(name: str, settings: Settings) -> dict[str, Any]:
    said: dict[str, Any] = {
        "label": _label(name),
        "description": _EXPLAINED.get(name) or _schemas()[name]["description"],
    }
    if name == "goals" and settings.goals:
        ticks = [{"label": f"{goal}: {one.title}"} for goal, one in settings.goals.items()]
        return {"type": "checkboxes", "id": name, "attributes": said | {"options": ticks}}
    if name == "topics" and settings.topics:
        return {"type": "dropdown", "id": name, "attributes": said | {"multiple": True, "options": [*settings.topics]}}
    if name in ("goals", "topics"):
        said["description"] += " Separated by commas."
    if name == "pass":
        return {"type": "dropdown", "id": name, "attributes": said | {"options": ["1", "2", "3"]}}
    return {"type": "textarea" if name in ("links", "notes") else "input", "id": name, "attributes": said}


def _label(name: str) -> str:
    return str(_schemas()[name]["title"])


@cache
def _schemas() -> Mapping[str, Mapping[str, Any]]:
    """Return the JSON Schema of each field, by its name."""
    schema = schema_of("day")
    reading = schema["$defs"]["DayReading"]["properties"]
    known = {**schema["properties"], "paper": reading["paper"], "pass": reading["pass"]}
    return {name: known[name] for name in FIELDS}


def read_form(body: str, *, settings: Settings, shown: Path) -> tuple[FilledForm, list[Problem]]:
    """Return what an issue's text says, and what in it cannot be; `shown` is the text's path as problems name it."""
    said = _Said(body.replace("\r\n", "\n").replace("\r", "\n").split("\n"), shown)
    if not said.values:
        hint = f"it has no line '### {_label(FIELDS[0])}'"
        return FilledForm(), [Problem(shown, 1, 1, "P011", "this is not an issue from the form of a day", hint)]
    filled = FilledForm(
        date=said.date(),
        title=said.line("title"),
        goals=said.chosen("goals", settings.goals),
        minutes=said.number("minutes"),
        paper=said.line("paper"),
        pass_=said.number("pass"),
        topics=said.chosen("topics", settings.topics),
        links=tuple(line.strip() for line in said.text("links").split("\n") if line.strip()),
        notes=said.text("notes"),
    )
    if filled.pass_ is not None and not filled.paper:
        said.wrong("pass", "P011", "a pass, and no paper", f"fill in '{_label('paper')}'")
    return filled, sorted(said.problems)


class _Said:
    """What an issue says in each field, and the problems of what has been read of it."""

    def __init__(self, lines: list[str], shown: Path) -> None:
        self.values, self._places = _values(lines)
        self._shown = shown
        self.problems: list[Problem] = []

    def wrong(self, name: str, code: str, message: str, hint: str = "") -> None:
        """Note a problem at the line of a field's value."""
        self.problems.append(Problem(self._shown, self._places.get(name, 1), 1, code, message, hint))

    def text(self, name: str) -> str:
        return self.values.get(name, "")

    def line(self, name: str) -> str:
        return " ".join(self.text(name).split())

    def number(self, name: str) -> int | None:
        text = self.line(name)
        if re.fullmatch(r"[0-9]{1,4}", text):
            return int(text)
        if text and not (name == "pass" and text.lower() == "none"):
            self.wrong(name, "P012", f"'{_cut(text)}' is not a whole number", f"mend '{_label(name)}'")
        return None

    def date(self) -> dt.date | None:
        text = self.line("date")
        try:
            return _DATE.validate_python(text) if text else None
        except ValidationError as error:
            told = error.errors()[0].get("ctx", {})
            self.wrong("date", "P013", _cut(told["message"]), told["hint"])
            return None

    def chosen(self, name: str, known: Mapping[str, object]) -> tuple[str, ...]:
        words = _chosen(self.text(name))
        for word in words:
            if known and word not in known:
                self.wrong(name, "P031", f"unknown {name[:-1]} '{_cut(word)}'", did_you_mean(word, known))
        return words


def _values(lines: list[str]) -> tuple[dict[str, str], dict[str, int]]:
    """Return the value of each field that is there, and its line, from 1."""
    headings = {name: f"### {_label(name)}" for name in FIELDS}
    last = next((place for place, line in enumerate(lines) if line.strip() == headings[FIELDS[-1]]), len(lines))
    found: dict[str, int] = {FIELDS[-1]: last} if last < len(lines) else {}
    begin = 0
    for name in FIELDS[:-1]:
        place = next((at for at in range(begin, last) if lines[at].strip() == headings[name]), None)
        if place is not None:
            found[name] = place
            begin = place + 1
    ends = dict(pairwise([*sorted(found.values()), len(lines)]))
    values, places = {}, {}
    for name, place in found.items():
        inside = range(place + 1, ends[place])
        text = "\n".join(lines[at] for at in inside).strip()
        values[name] = "" if text.lower() == _NOTHING else text
        places[name] = next((at + 1 for at in inside if lines[at].strip()), place + 1)
    return values, places


def _chosen(text: str) -> tuple[str, ...]:
    """Return the names that are ticked, or stand there between commas."""
    if text.startswith("- ["):
        return tuple(match[1].strip() for line in text.split("\n") if (match := _TICKED.match(line.strip())))
    return tuple(word.strip() for word in text.replace("\n", ",").split(",") if word.strip())


def _cut(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
