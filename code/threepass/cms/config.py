"""A library's settings in; the configuration of Sveltia CMS out, with fields made from the records' JSON Schemas.

Each key of a record is a field: its name, what it is called, its description as a hint, whether it must be given, what
it may look like. Goals, topics and papers are chosen from those that there are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from threepass.fields import CITATION_KEY
from threepass.schema import schema_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from threepass.schema import Kind
    from threepass.settings import Settings, Site

Field = dict[str, Any]
Schema = dict[str, Any]

DAYS, PAPERS = "days", "papers"
SOURCE = {"name": "_source", "widget": "hidden"}
"""Carries a file's text beside its values: see `edit.js`."""
_ALSO_REQUIRED = {"day": frozenset({"title"})}
"""A day needs `title` or `notes`, which a form cannot ask for."""
_MOST_OPTIONS = 10
_DECIMAL = r"^[-+]?[0-9]*\.?[0-9]+([eE][-+]?[0-9]+)?$"
_KEY = f"^(?:{CITATION_KEY})$"
_MESSAGES = {"create": "Add {{slug}}", "update": "Edit {{slug}}", "delete": "Delete {{slug}}"}


def configuration(settings: Settings, site: Site) -> dict[str, Any]:
    """Return the configuration of the editor, as JSON has it."""
    repository = settings.repository or ""
    made = {
        "backend": {
            "name": settings.editor_host,
            "repo": urlsplit(repository).path.strip("/").removesuffix(".git"),
            "branch": settings.branch,
            "auth_methods": ["token"],  # the other one needs a server that passes passwords on
            "commit_messages": _MESSAGES,
        },
        "app_title": site.name,
        "media_folder": f"{site.docs}/images",
        "media_libraries": {"stock_assets": {"providers": []}},
        "editor": {"preview": False},
        "show_preview_links": False,  # they need more rights of a token than to write
        "output": {"omit_empty_optional_fields": True},
        "slug": {"lowercase": False, "timezone": "local"},
        "collections": [_days(settings), _papers(settings)],
    }
    return made | ({"site_url": site.url} if site.url else {})


def _days(settings: Settings) -> dict[str, Any]:
    return {
        "name": DAYS,
        "label": "Journal",
        "label_singular": "day",
        "description": "A file a day.",
        "icon": "calendar_today",
        "folder": settings.journal,
        "path": "{{date | date('YYYY')}}/{{slug}}",
        "format": "threepass-day",
        "identifier_field": "date",
        "slug": {"template": "{{fields.date}}", "editable": False},
        "summary": "{{date}}: {{title}}",
        "sortable_fields": {"fields": ["date", "title"], "default": {"field": "date", "direction": "descending"}},
        "fields": [*fields_of("day", settings), SOURCE],
    }


def _papers(settings: Settings) -> dict[str, Any]:
    body = {
        "name": "body",
        "label": "Notes",
        "widget": "text",
        "required": False,
        "hint": "Markdown, below the headings First pass, Second pass and Third pass.",
    }
    said = "Surname of the first author, year, first significant word of the title: vaswani2017attention"
    return {
        "name": PAPERS,
        "label": "Papers",
        "label_singular": "paper",
        "description": "A note a paper. `threepass add` writes one from arXiv.",
        "icon": "article",
        "folder": settings.papers,
        "format": "threepass-note",
        "slug": {"editable": ["create"], "hint": said, "pattern": [_KEY, said]},
        "summary": "{{title}}",
        "sortable_fields": {
            "fields": ["title", "published"],
            "default": {"field": "published", "direction": "descending"},
        },
        "fields": [*fields_of("paper", settings), body, SOURCE],
    }


def fields_of(kind: Kind, settings: Settings) -> list[Field]:
    """Return the fields of a record."""
    schema = schema_of(kind)
    choices = {
        "goals": {name: goal.title for name, goal in settings.goals.items()},
        "topics": dict(settings.topics),
    }
    return _Fields(schema["$defs"], choices).of(schema, _ALSO_REQUIRED.get(kind, frozenset()))


class _Fields:
    """Makes fields of a schema's parts."""

    def __init__(self, definitions: Mapping[str, Schema], choices: Mapping[str, Mapping[str, str]]) -> None:
        self._definitions, self._choices = definitions, choices

    def of(self, record: Schema, also_required: frozenset[str] = frozenset()) -> list[Field]:
        """Return the fields of a record's schema."""
        required = also_required.union(record.get("required", ()))
        return [self._field(name, part, required=name in required) for name, part in record["properties"].items()]

    def _field(self, name: str, part: Schema, *, required: bool) -> Field:
        kind = self._kind(part)
        field = {"name": name, "label": part.get("title") or name.capitalize()}
        field |= self._choice(name) or self._widget(name, kind)
        if required and kind.get("format") == "date":
            field["default"] = "{{now}}"
        elif "default" in part and not isinstance(part["default"], (list, dict)):
            field["default"] = str(part["default"])
        return field | {"required": required, "hint": part.get("description") or kind.get("description", "")}

    def _kind(self, part: Schema) -> Schema:
        """Return what a value is, where it is given."""
        for option in part.get("anyOf", ()):
            if option != {"type": "null"}:
                return self._kind(option)
        if "$ref" in part:
            return self._definitions[part["$ref"].rpartition("/")[2]]
        return part

    def _choice(self, name: str) -> Field:
        options = [{"label": title, "value": value} for value, title in self._choices.get(name, {}).items()]
        return {"widget": "select", "multiple": True, "options": options} if options else {}

    def _widget(self, name: str, kind: Schema) -> Field:
        if kind["type"] == "array":
            return self._list(name, kind)
        if kind["type"] == "object":
            if "properties" in kind:
                return {"widget": "object", "collapsed": "auto", "fields": self.of(kind)}
            return {"widget": "keyvalue"}
        if kind["type"] in ("integer", "number"):
            return _number(kind)
        return _text(kind)

    def _list(self, name: str, kind: Schema) -> Field:
        item = self._kind(kind["items"])
        one = re.sub("ies$", "y", name).removesuffix("s")
        made: Field = {"widget": "list", "label_singular": one}
        made |= {mine: kind[theirs] for theirs, mine in (("minItems", "min"), ("maxItems", "max")) if theirs in kind}
        if "properties" in item:
            named = ("title", "paper", "label", "id", "date", "plot")
            summary = next((each for each in named if each in item["properties"]), "")
            made |= {"collapsed": "auto", "summary": f"{{{{{summary}}}}}"} if summary else {}
            return made | {"fields": self.of(item)}
        if item == {"type": "string"}:
            return made  # a line each
        return made | {"field": {"name": "item", "label": one.capitalize(), **self._widget(name, item)}}


def _number(kind: Schema) -> Field:
    low, high = kind.get("minimum"), kind.get("maximum")
    if low is not None and high is not None and high - low < _MOST_OPTIONS:
        return {"widget": "select", "options": [str(each) for each in range(low, high + 1)]}
    if kind["type"] == "number":  # as text: a bound stays 1.0e-3
        return {"widget": "string", "pattern": [_DECIMAL, "A number, as 0.001 or 1.0e-3"]}
    limits = {name: value for name, value in (("min", low), ("max", high)) if value is not None}
    return {"widget": "number", "value_type": "int/string", **limits}


def _text(kind: Schema) -> Field:
    if kind.get("format") == "date":
        return {"widget": "datetime", "type": "date", "format": "YYYY-MM-DD"}
    if "enum" in kind:
        return {"widget": "select", "options": list(kind["enum"])}
    if "contentMediaType" in kind:
        return {"widget": "text"}
    pattern = kind.get("pattern")
    if pattern == _KEY:
        shown = {"value_field": "{{slug}}", "display_fields": ["title"], "search_fields": ["title", "authors"]}
        return {"widget": "relation", "collection": PAPERS, **shown}
    return {"widget": "string"} | ({"pattern": [pattern, f"It has to match {pattern}"]} if pattern else {})
