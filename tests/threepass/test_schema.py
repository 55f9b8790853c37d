"""The JSON Schemas say what the models hold records to: editors and forms complete, check and hint by them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from threepass.library import load
from threepass.models import Day, Paper
from threepass.schema import Kind, json_schema, schema_of

ROOT = Path(__file__).resolve().parents[2]


def parts(schema: Any) -> list[dict[str, Any]]:
    """Return every part of a schema that is a mapping."""
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    return [*([schema] if isinstance(schema, dict) else []), *(found for each in inner for found in parts(each))]


@pytest.mark.parametrize("kind", ["day", "paper", "roadmap"])
def test_a_schema_is_one_and_has_no_words_that_json_schema_does_not_know(kind: Any) -> None:
    schema = schema_of(kind)
    Draft202012Validator.check_schema(schema)
    assert json.loads(json_schema(kind)) == schema
    assert not {"ge", "le", "gt", "lt", "min_length"} & {word for part in parts(schema) for word in part}


def test_what_this_library_holds_fits() -> None:
    library = load(ROOT)
    day, paper = Draft202012Validator(schema_of("day")), Draft202012Validator(schema_of("paper"))
    for entry in library.entries:
        day.validate(entry.day.model_dump(mode="json", by_alias=True, exclude_defaults=True))
    for note in library.notes.values():
        paper.validate(json.loads(note.paper.model_dump_json(by_alias=True, exclude_defaults=True)))


DAY = {"date": "2021-08-27", "title": "A day"}
PAPER = {"title": "A paper", "authors": ["Ann"], "published": "2017", "venue": "A journal"}
WRONG: dict[str, tuple[Kind, dict[str, Any]]] = {
    "a goal with a space": ("day", {"goals": ["Read Papers"]}),
    "no minutes": ("day", {"minutes": 0}),
    "more minutes than a day has": ("day", {"minutes": 1441}),
    "no citation key": ("day", {"readings": [{"paper": "Vaswani", "pass": 1}]}),
    "no such pass": ("day", {"readings": [{"paper": "vaswani2017attention", "pass": 4}]}),
    "no web address": ("day", {"shared": ["ftp://example.org"]}),
    "no such status": ("day", {"contributions": [{"title": "A fix", "url": "https://example.org", "status": "lost"}]}),
    "no function": ("day", {"figures": [{"plot": "a b", "caption": "c", "alt": "d"}]}),
    "an arXiv id with its version": ("paper", {"arxiv": "1703.01365v2"}),
    "no DOI": ("paper", {"doi": "11.1/x"}),
    "no authors": ("paper", {"authors": []}),
    "no year": ("paper", {"published": "in 2017"}),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_the_models_refuse_the_schema_refuses_too(name: str) -> None:
    kind, wrong = WRONG[name]
    model, right = (Day, DAY) if kind == "day" else (Paper, PAPER)
    with pytest.raises(ValidationError):
        model.model_validate(right | wrong)
    assert not Draft202012Validator(schema_of(kind)).is_valid(right | wrong)


def test_a_record_that_is_right_passes_both() -> None:
    Day.model_validate(DAY)
    Paper.model_validate(PAPER)
    assert Draft202012Validator(schema_of("day")).is_valid(DAY)
    assert Draft202012Validator(schema_of("paper")).is_valid(PAPER)


def test_every_pattern_is_anchored() -> None:
    """`pattern` of JSON Schema searches: without anchors, anything around a right value would be let through."""
    patterns = {
        part["pattern"] for kind in ("day", "paper", "roadmap") for part in parts(schema_of(kind)) if "pattern" in part
    }
    assert len(patterns) > 6
    assert all(re.match(r"\^.*\$$", pattern) for pattern in patterns)
