"""The browser's editor of a library's files: its fields are those of the records, its page lets nothing else in."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest
from example_library import write_example

from threepass import cms
from threepass.cms import page, place_in_editor, policy, write_editor
from threepass.cms.config import configuration, fields_of
from threepass.fields import CITATION_KEY
from threepass.library import Library, load
from threepass.npm_package import NpmError, NpmPackage
from threepass.schema import Kind, schema_of
from threepass.settings import Settings, Site

SETTINGS = Settings.model_validate({
    "editor": "true", "repository": "https://github.com/ada/notes.git", "branch": "trunk", "journal": "days",
    "goals": {"read": {"title": "Read papers"}}, "topics": {"attention": "Attention"},
})  # fmt: skip
WIDGETS = {
    "array": {"list", "select"}, "object": {"object", "keyvalue"}, "integer": {"number", "select"},
    "number": {"string"}, "string": {"string", "text", "select", "relation", "datetime"},
}  # fmt: skip
"""What holds a value of each type of JSON Schema; `pattern` and limits are compared as well."""


def value_of(part: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    part = next((option for option in part.get("anyOf", ()) if option != {"type": "null"}), part)
    return schema["$defs"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part


def disagreements(
    record: dict[str, Any], fields: list[dict[str, Any]], schema: dict[str, Any], path: str = ""
) -> list[str]:
    """Return where fields are not those of a record's schema."""
    found = [] if [field["name"] for field in fields] == [*record["properties"]] else [f"{path}: other names"]
    for field in fields:
        here = f"{path}.{field['name']}"
        part = record["properties"][field["name"]]
        kind = value_of(part, schema)
        if field["widget"] not in WIDGETS[kind["type"]]:
            found.append(f"{here}: {field['widget']} for {kind['type']}")
        if field["required"] < (field["name"] in record.get("required", ())):
            found.append(f"{here}: may be left out")
        if not field["hint"]:
            found.append(f"{here}: says nothing")
        item = value_of(kind["items"], schema) if "items" in kind else {}
        for inner, fields_within in ((kind, field.get("fields")), (item, field.get("fields"))):
            if "properties" in inner:
                found += disagreements(inner, fields_within or [], schema, here)
        single = field.get("field") or field
        pattern = (item or kind).get("pattern")
        if pattern and single["widget"] == "string" and single.get("pattern", [""])[0] != pattern:
            found.append(f"{here}: another pattern")
        if kind.get("enum", field.get("options")) != field.get("options") and "minimum" not in kind:
            found.append(f"{here}: other options")
        if field["widget"] == "number" and (field.get("min"), field.get("max")) != (
            kind.get("minimum"),
            kind.get("maximum"),
        ):
            found.append(f"{here}: other limits")
    return found


@pytest.mark.parametrize("kind", ["day", "paper"])
def test_the_fields_are_those_of_the_schema(kind: Kind) -> None:
    schema = schema_of(kind)
    assert disagreements(schema, fields_of(kind, Settings.model_validate({})), schema) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda fields: fields.pop(), "other names"),
        (lambda fields: fields[0].update(widget="list"), "list for string"),
        (lambda fields: fields[0].update(required=False), "may be left out"),
        (lambda fields: fields[1].update(min=1), "other limits"),
        (lambda fields: fields[3].update(field={"widget": "string", "pattern": ["x", ""]}), "another pattern"),
        (lambda fields: fields[5]["fields"].pop(), "other names"),
        (lambda fields: fields[9]["fields"][2].update(options=["draft"]), "other options"),
    ],
    ids=["a field", "widget", "required", "limit", "pattern", "a field of a list", "options"],
)
def test_what_does_not_agree_is_seen(change: Any, said: str) -> None:
    schema, fields = schema_of("day"), fields_of("day", Settings.model_validate({}))
    change(fields)
    assert [line for line in disagreements(schema, fields, schema) if said in line]


def named(fields: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(field for field in fields if field["name"] == name)


def test_goals_topics_and_papers_are_chosen() -> None:
    day = fields_of("day", SETTINGS)
    assert named(day, "goals")["options"] == [{"label": "Read papers", "value": "read"}]
    assert named(day, "topics")["multiple"]
    reading = named(day, "readings")["fields"]
    assert (named(reading, "paper")["widget"], named(reading, "paper")["value_field"]) == ("relation", "{{slug}}")
    assert named(reading, "pass")["options"] == ["1", "2", "3"]


def test_a_day_has_a_title_since_a_form_cannot_ask_for_title_or_notes() -> None:
    assert named(fields_of("day", SETTINGS), "title")["required"]
    assert named(fields_of("day", SETTINGS), "date")["default"] == "{{now}}"


def test_where_days_and_notes_are_written() -> None:
    made = configuration(SETTINGS, Site(name="Notes", url="https://ada.example.org/"))
    assert made["backend"] | {"commit_messages": 0} == {
        "name": "github", "repo": "ada/notes", "branch": "trunk", "auth_methods": ["token"], "commit_messages": 0,
    }  # fmt: skip
    days, papers = made["collections"]
    assert (days["folder"], days["path"], days["slug"]["template"]) == (
        "days", "{{date | date('YYYY')}}/{{slug}}", "{{fields.date}}",
    )  # fmt: skip
    pattern = papers["slug"]["pattern"][0]
    assert re.search(pattern, "vaswani2017attention")
    assert not re.search(pattern, "Attention")
    assert CITATION_KEY in pattern


@pytest.fixture
def library(tmp_path: Path) -> Library:
    root = write_example(tmp_path / "library")
    return dataclasses.replace(load(root), settings=SETTINGS.model_copy(update={"journal": "journal"}))


def test_a_site_has_no_editor_unless_it_is_asked_for(library: Library, tmp_path: Path) -> None:
    without = dataclasses.replace(library, settings=Settings.model_validate({}))
    (tmp_path / "edit").mkdir()
    (tmp_path / "edit" / "index.html").write_text("an author's own page")
    write_editor(without, tmp_path)
    assert [path.name for path in (tmp_path / "edit").iterdir()] == ["index.html"]
    (tmp_path / "edit" / "records.js").write_text("of a former build")
    write_editor(without, tmp_path)
    assert not (tmp_path / "edit").exists()


def test_an_editor_that_cannot_be_fetched_writes_nothing(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NpmError, match=r"@sveltia/cms@.* cannot be fetched without npm; install npm, or put"):
        write_editor(library, tmp_path / "site", cache=tmp_path / "cache")
    assert not (tmp_path / "site").exists()


def test_the_packages_are_pinned_by_version_and_hash() -> None:
    for package in (cms.SVELTIA, cms.YAML):
        assert re.fullmatch(r"\d+\.\d+\.\d+", package.version)
        assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", package.integrity)
        assert isinstance(package, NpmPackage)


def test_records_have_places_in_the_editor(library: Library) -> None:
    assert place_in_editor(library, library.entries[0]) == "edit/#/collections/days/entries/2024/2024-11-21"
    note = library.notes["vaswani2017attention"]
    assert place_in_editor(library, note) == "edit/#/collections/papers/entries/vaswani2017attention"
    assert place_in_editor(library, None) == "edit/#/collections/days/new"


@pytest.mark.parametrize("host", ["github", "gitlab"])
def test_the_policy_lets_in_the_site_and_the_repositorys_host(host: str) -> None:
    directives = dict(part.split(" ", 1) for part in policy(host).split("; "))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["font-src"] == "'self'"
    assert "unsafe-eval" not in policy(host)
    assert "*" not in policy(host)
    assert all(source == "'self'" or source == "data:" or host in source
               for source in directives["connect-src"].split())  # fmt: skip


def test_the_librarys_name_is_no_markup(library: Library) -> None:
    named = dataclasses.replace(library, site=library.site.model_copy(update={"name": '<script>"&'}))
    assert "<title>Edit · &lt;script&gt;&#34;&amp;</title>" in page(named)
    assert "@POLICY@" not in page(named)


def test_settings_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"repository": ["SITE_REPOSITORY", ""], "editor": ["SITE_EDITOR", "false"]}
    monkeypatch.delenv("SITE_REPOSITORY", raising=False)
    monkeypatch.delenv("SITE_EDITOR", raising=False)
    said = Settings.model_validate(given)
    assert (said.repository, said.editor, said.editor_host) == (None, False, "")
    monkeypatch.setenv("SITE_REPOSITORY", "https://gitlab.com/ada/notes")
    monkeypatch.setenv("SITE_EDITOR", "true")
    said = Settings.model_validate(given)
    assert (said.repository, said.editor, said.editor_host) == ("https://gitlab.com/ada/notes", True, "gitlab")
