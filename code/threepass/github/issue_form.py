"""A day as an issue on GitHub: the library's settings in; the form of such an issue out, and what one says, back again.

The form is a file, `.github/ISSUE_TEMPLATE/day.yml`, with fields of the day's JSON Schema. A filled form comes as
Markdown, a heading before each value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
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
    said: dict[str, Any] = {"label": _label(name), "description": _EXPLAINED.get(name) or _schema(name)["description"]}
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
    return str(_schema(name)["title"])


def _schema(name: str) -> Mapping[str, Any]:
    schema = schema_of("day")
    properties = schema["$defs"]["DayReading"]["properties"] if name in ("paper", "pass") else schema["properties"]
    found: Mapping[str, Any] = properties[name]
    return found


def read_form(body: str, *, settings: Settings, shown: Path) -> tuple[FilledForm, list[Problem]]:
    """Return what an issue's text says, and what in it cannot be; `shown` is the text's path as problems name it."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    values, places = _values(lines)
    if not values:
        hint = f"it has no line '### {_label(FIELDS[0])}'"
        return FilledForm(), [Problem(shown, 1, 1, "P011", "this is not an issue from the form of a day", hint)]
    problems: list[Problem] = []

    def wrong(name: str, code: str, message: str, hint: str = "") -> None:
        problems.append(Problem(shown, places.get(name, 1), 1, code, message, hint))

    def line_of(name: str) -> str:
        return " ".join(values.get(name, "").split())

    def number(name: str) -> int | None:
        text = line_of(name)
        if re.fullmatch(r"[0-9]{1,4}", text):
            return int(text)
        if text and not (name == "pass" and text.lower() == "none"):
            wrong(name, "P012", f"'{_cut(text)}' is not a whole number", f"mend '{_label(name)}'")
        return None

    def date() -> dt.date | None:
        try:
            return _DATE.validate_python(line_of("date")) if line_of("date") else None
        except ValidationError as error:
            said = error.errors()[0].get("ctx", {})
            wrong("date", "P013", _cut(said["message"]), said["hint"])
            return None

    def chosen(name: str, known: Mapping[str, object]) -> tuple[str, ...]:
        words = _chosen(values.get(name, ""))
        for word in words:
            if known and word not in known:
                wrong(name, "P031", f"unknown {name[:-1]} '{_cut(word)}'", did_you_mean(word, known))
        return words

    filled = FilledForm(
        date=date(),
        title=line_of("title"),
        goals=chosen("goals", settings.goals),
        minutes=number("minutes"),
        paper=line_of("paper"),
        pass_=number("pass"),
        topics=chosen("topics", settings.topics),
        links=tuple(line.strip() for line in values.get("links", "").split("\n") if line.strip()),
        notes=values.get("notes", ""),
    )
    if filled.pass_ is not None and not filled.paper:
        wrong("pass", "P011", "a pass, and no paper", f"fill in '{_label('paper')}'")
    return filled, sorted(problems)


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
