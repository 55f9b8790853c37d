"""A kind of record in; its JSON Schema (draft 2020-12) out, made from `models.py`."""

from __future__ import annotations

import json
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from threepass.models import Day, Paper, Roadmap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from threepass.models import Record

Kind = Literal["day", "paper", "roadmap"]
_MODELS: dict[Kind, type[Record]] = {"day": Day, "paper": Paper, "roadmap": Roadmap}
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


@cache
def schema_files() -> Mapping[str, str]:
    """Return the schemas as files of the site: `schema/day.json`, which any editor can be pointed to."""
    return MappingProxyType({f"schema/{kind}.json": json_schema(kind) for kind in _MODELS})


def json_schema(kind: Kind) -> str:
    """Return the schema of a day's file, a note's front matter or the roadmap, as JSON text.

    A key with nothing behind it counts as not given, so that every key that may be missing may also be null.
    """
    return json.dumps(schema_of(kind), indent=2, ensure_ascii=False) + "\n"


def schema_of(kind: Kind) -> dict[str, Any]:
    """Return the same schema as data."""
    schema = _with_limits(_empty_is_not_given(_MODELS[kind].model_json_schema(by_alias=True)))
    return {"$schema": _DIALECT, **schema}


def _with_limits(part: Any) -> Any:
    """Call limits as JSON Schema does: pydantic leaves them `ge` and `le` where a validator of ours comes first."""
    if isinstance(part, list):
        return [_with_limits(each) for each in part]
    if not isinstance(part, dict):
        return part
    is_limit = isinstance(part.get("type"), str)
    names = {"ge": "minimum", "le": "maximum"} if is_limit else {}
    return {names.get(key, key): _with_limits(value) for key, value in part.items()}


def _empty_is_not_given(schema: dict[str, Any]) -> dict[str, Any]:
    """Allow null where a record has a default, at every level, and drop pydantic's own defaults of null."""
    for definition in [schema, *schema.get("$defs", {}).values()]:
        for name, field in definition.get("properties", {}).items():
            if field.get("default", ...) is None:
                del field["default"]
            if name not in definition.get("required", ()) and {"type": "null"} not in field.get("anyOf", ()):
                kept = {key: field.pop(key) for key in ("title", "description", "default") if key in field}
                definition["properties"][name] = {**kept, "anyOf": [field, {"type": "null"}]}
    return schema
