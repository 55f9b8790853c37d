"""Documents, and JSON files of ours, in; frozen records out, with a problem for everything that does not fit.

The one place where pydantic's errors become problems: by the error's type and location, never by its English.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from threepass.problems import CODES, Problem, did_you_mean
from threepass.source import read_text

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic_core import ErrorDetails

    from threepass.source import Document, Location

R = TypeVar("R", bound=BaseModel)

_LIST = ("a list", "write [one, two], or `- ` items on lines of their own")
_MAPPING = ("a mapping", "write {key: value, …}, or `key: value` lines")
_WANTED = {
    "tuple_type": _LIST,
    "list_type": _LIST,
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "string_type": ("a text", "quote it, or write it after `|` on lines of its own"),
    "int_type": ("a whole number", ""),
    "float_type": ("a number", ""),
    "float_parsing": ("a number", "write 0.001 or 1.0e-3"),
}
"""pydantic's types of error that mean a wrong type, with what was wanted and a hint."""
_LIMITS = {
    "greater_than_equal": ("ge", "{} or more"),
    "less_than_equal": ("le", "{} or less"),
    "too_short": ("min_length", "at least {} of them"),
    "too_long": ("max_length", "at most {} of them"),
}
"""pydantic's types of error that mean a limit, with the limit's name in the error's context."""


def to_record(document: Document, model: type[R], *, within: Location = ()) -> tuple[R | None, list[Problem]]:
    """Return what a document says as a `model`, or why it is none; `within` names the part of it to read."""
    record, located = to_located_record(document, model, within=within)
    return record, [problem for _, problem in located]


def to_located_record(
    document: Document, model: type[R], *, within: Location = ()
) -> tuple[R | None, list[tuple[Location, Problem]]]:
    """Return the same, each problem with the location of the value, or of the missing key, that it is of."""
    data: Any = document.data
    for step in within:
        data = data[step]
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        found = [(_location(details, within), details) for details in error.errors(include_url=False)]
    return None, [(location, _problem(document, model, details, location, within)) for location, details in found]


class Unreadable(NamedTuple):
    """The problem of a JSON file of ours that cannot be read: what is said of one that is no JSON, and of another."""

    code: str
    no_json: str
    no_record: str
    hint: str


def read_json(path: Path, model: type[R], *, root: Path, unreadable: Unreadable) -> tuple[R | None, list[Problem]]:
    """Return what a JSON file that threepass wrote says as a `model`, or why it is none."""
    shown = path.relative_to(root)
    text, problems = read_text(path, shown=shown)
    if text is None:
        return None, problems
    code, no_json, no_record, hint = unreadable
    try:
        return model.model_validate(json.loads(text)), []
    except json.JSONDecodeError as error:
        return None, [Problem(shown, error.lineno, error.colno, code, f"{no_json}: {error.msg}", hint)]
    except (ValidationError, RecursionError):
        return None, [Problem(shown, 1, 1, code, no_record, hint)]


def read_json_files(
    folder: Path, model: type[R], *, root: Path, unreadable: Unreadable
) -> tuple[dict[str, R], list[Problem]]:
    """Return what the JSON files in a folder say, by their names."""
    found: dict[str, R] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.json")):
        record, wrong = read_json(path, model, root=root, unreadable=unreadable)
        problems += wrong
        if record is not None:
            found[path.stem] = record
    return found, problems


def _location(error: ErrorDetails, within: Location) -> Location:
    return within + tuple(step for step in error["loc"] if step != "[key]")  # pydantic's word for a mapping's key


def _problem(
    document: Document, model: type[BaseModel], error: ErrorDetails, location: Location, within: Location
) -> Problem:
    kind, context = error["type"], error.get("ctx", {})
    keys = [str(step) for step in location if isinstance(step, str)]
    name = keys[-1] if keys else "the record"
    if kind in CODES:
        return document.problem(kind, context["message"], at=document.place(location), hint=context["hint"])
    if kind == "extra_forbidden":
        known = _keys_at(model, location[len(within) : -1])
        hint = did_you_mean(name, known) or f"known keys: {', '.join(known)}"
        return document.problem("P010", f"unknown key '{name}'", at=document.place(location, key=True), hint=hint)
    if kind == "missing":
        place = document.place(location[:-1], key=True)
        return document.problem("P011", f"key '{name}' is missing", at=place, hint=f"add `{name}: …`")
    said = f"'{name}' is {_shown(error['input'])}"
    if kind in _WANTED:
        wanted, hint = _WANTED[kind]
        return document.problem("P012", f"{said}, not {wanted}", at=document.place(location), hint=hint)
    if kind == "literal_error":
        words = context["expected"].replace("'", "").replace(" or ", ", ").split(", ")
        hint = did_you_mean(str(error["input"]), words) or f"one of {', '.join(words)}"
        return document.problem("P014", f"{said}, not {context['expected']}", at=document.place(location), hint=hint)
    limit, words = _LIMITS.get(kind, ("", error["msg"]))
    return document.problem("P014", f"{said}; allowed: {words.format(context.get(limit))}", at=document.place(location))


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f"'{value}'" if len(value) <= 40 else f"'{value[:39]}…'"
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list | tuple) else repr(value)


def _keys_at(model: type[BaseModel], location: Location) -> list[str]:
    """Return the keys that a record allows at a place inside it."""
    for step in location:
        fields = {field.alias or name: field for name, field in model.model_fields.items()}
        if step in fields and (inner := _model_within(fields[str(step)].annotation)):
            model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_within(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in getattr(annotation, "__args__", ()) if (found := _model_within(part))), None)
