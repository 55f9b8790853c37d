"""The form's fields: what they add to a day, and that what is wrong with them is what `threepass check` says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from example_library import write_example

from threepass.authoring.daily import add
from threepass.checks import check
from threepass.day_form.proposed import propose
from threepass.day_form.sent import NoFormError, Sent, read_sent
from threepass.ledger import source_tree
from threepass.library import load
from threepass.models import Day

PAPER = "vaswani2017attention"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A library with one day, the twenty-first, and one paper."""
    return write_example(tmp_path / "library")


def sent(data: dict[str, Any]) -> dict[str, Any]:
    return read_sent(json.dumps(data).encode())


def proposal(root: Path, data: dict[str, Any]):
    library = load(root)
    return propose(library, source_tree(library), sent(data))


WRONG: list[dict[str, Any]] = [
    {"minutes": "0"},
    {"minutes": "an hour"},
    {"day": "1_000"},
    {"day": "1"},
    {"goals": ["read", "reed"]},
    {"topics": ["Big Topic"]},
    {"notes": "See [[nobody2020nothing]]."},
    {"notes": "First $x$.\n\nThen $\\frac{1}{$ and [[2021-01-01]]."},
    {"notes": "{{ vaswani2017attention/nothing }}"},
    {"notes": "[[vaswani2017attention#no such heading]]"},
    {"readings": [{"paper": PAPER, "pass": "1"}, {"paper": "Attention", "pass": "2"}]},
    {"readings": [{"paper": PAPER, "pass": "4"}]},
    {"readings": [{"paper": PAPER, "pass": "3"}]},
    {"readings": [{"paper": "nobody2020nothing", "pass": "1"}]},
    {"readings": [{"paper": PAPER, "pass": "1", "minutes": "9999"}]},
    {"links": [{"title": "A", "url": "https://example.org"}, {"title": "B", "url": "example.org"}]},
    {"links": [{"title": "A"}]},
    {"contributions": [{"title": "A", "url": "https://example.org", "status": "murged"}]},
    {"figures": [{"plot": "reproductions.attention:nothing", "caption": "A", "alt": "B"}]},
    {"figures": [{"plot": "os:system", "caption": "$\\frac$", "alt": "B"}]},
    {"shared": ["https://example.org/1", "javascript:alert(1)"]},
    {"topicz": ["a"]},
    {"date": "2024-13-01"},
]


@pytest.mark.parametrize("fields", WRONG, ids=str)
def test_a_problem_is_said_as_check_says_it(root: Path, fields: dict[str, Any]) -> None:
    data = {"date": "2024-11-25", "title": "Second", **fields}
    found = {(each.problem.code, each.problem.message, each.problem.hint) for each in proposal(root, data).remarks}
    (root / "journal/2024/2024-11-25.yml").write_text(yaml.safe_dump(data, allow_unicode=True))
    library = load(root)
    said = {(each.code, each.message, each.hint) for each in check(library, source_tree(library))}
    assert found == said != set()


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"minutes": "0"}, ["minutes"]),
        ({"goals": ["read", "reed"]}, ["goals"]),
        ({"notes": "Right.\n\nSee [[nobody]]."}, ["notes"]),
        ({"readings": [{"paper": PAPER}, {"paper": "nobody2020nothing", "pass": "1"}]}, ["readings.1.paper"]),
        ({"readings": [{"paper": "2301.00010"}]}, ["readings.0.paper"]),
        ({"links": [{"url": "https://a.org"}, {"title": "B"}]}, ["links.1.url"]),
        ({"links": [{"url": "a.org"}], "notes": "[[nobody]]"}, ["links.0.url", "notes"]),
        ({"shared": ["https://a.org", "b"]}, ["shared.1"]),
        ({"figures": [{"plot": "reproductions.attention:no", "caption": "$\\frac$", "alt": "x"}]},
         ["figures.0.plot", "figures.0.caption"]),
        ({"day": "1"}, ["day"]),
        ({"date": "../../x"}, ["date"]),
        ({"title": ""}, [""]),
    ],
)  # fmt: skip
def test_a_problem_is_at_its_field(root: Path, fields: dict[str, Any], names: list[str]) -> None:
    made = proposal(root, {"date": "2024-11-25", "title": "Second", **fields})
    assert sorted(each.field for each in made.remarks) == sorted(names)
    assert made.addition is None


def test_a_row_that_is_there_already_does_not_shift_the_others(root: Path) -> None:
    first = {"url": "https://example.org/1", "title": "One"}
    data = {"date": "2024-11-21", "links": [first], "notes": "More."}
    assert add(root, proposal(root, data).addition)[1] == []
    figure = {"plot": "reproductions.attention:no", "caption": "c", "alt": "a"}
    made = proposal(root, {"date": "2024-11-21", "links": [first, {"url": "b"}], "figures": [figure]})
    assert [each.field for each in made.remarks] == ["links.1.url", "figures.0.plot"]


def test_what_is_wrong_does_not_hide_what_is_right(root: Path) -> None:
    made = proposal(root, {"date": "2024-11-25", "title": "Second", "minutes": "x", "notes": "Right.", "links": [{}]})
    assert made.addition is None
    assert made.entry is not None
    assert (made.entry.day.title, made.entry.day.notes, made.entry.day.minutes) == ("Second", "Right.\n", None)


def test_every_field_of_a_day_is_written(root: Path) -> None:
    data: dict[str, Any] = {
        "date": "2024-11-25", "day": "7", "title": "Second", "goals": ["read"], "minutes": "40",
        "topics": ["attention"],
        "readings": [{"paper": "https://arxiv.org/abs/1706.03762v5", "pass": "", "minutes": "25"}],
        "notes": "One.\r\n\r\nTwo: # not a comment",
        "links": [{"title": "", "url": "https://www.example.org/a/"}],
        "contributions": [{"title": "Mend", "url": "https://example.org/1", "status": "open"}],
        "figures": [{"plot": "reproductions.attention:attention", "caption": "c", "alt": "a"}],
        "shared": ["https://example.org/2"],
    }  # fmt: skip
    assert data.keys() == Day.model_fields.keys() == Sent.model_fields.keys()
    made = proposal(root, data)
    assert made.remarks == ()
    assert add(root, made.addition)[1] == []
    written = load(root).by_name["2024-11-25"].day
    assert written.model_dump(mode="json", by_alias=True) == {
        **data, "date": "2024-11-25", "day": 7, "minutes": 40, "notes": "One.\n\nTwo: # not a comment\n",
        "readings": [{"paper": PAPER, "pass": 1, "minutes": 25}],
        "links": [{"title": "example.org/a", "url": "https://www.example.org/a/"}],
    }  # fmt: skip


def test_a_day_that_is_there_grows_and_keeps_what_its_author_wrote(root: Path) -> None:
    path = root / "journal/2024/2024-11-21.yml"
    head = "# mine\ntitle: 'First'   # quoted\ndate: 2024-11-21\nlinks: [{title: A, url: https://a.org}"
    path.write_text(f"{head}]\nnotes: >-\n  Folded.\n")
    made = proposal(root, {"date": "2024-11-21", "notes": "More.", "links": [{"url": "https://b.org"}]})
    assert add(root, made.addition)[1] == []
    assert path.read_text().startswith(f"{head}, ")
    entry = load(root).by_name["2024-11-21"].day
    assert [link.url for link in entry.links] == ["https://a.org", "https://b.org"]
    assert (entry.notes or "").split() == ["Folded.", "More."]


def test_another_title_or_number_than_the_days_is_said_at_its_field(root: Path) -> None:
    title = proposal(root, {"date": "2024-11-21", "title": "Another"})
    number = proposal(root, {"date": "2024-11-21", "day": "9"})
    assert [each.field for each in (*title.remarks, *number.remarks)] == ["title", "day"]
    assert title.addition is number.addition is None


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b'"x"', b"null", b'{"date": 20261125}', b'{"date": null}',
     b'{"notes": {"a": {"b": {"c": "d"}}}}', b"[" * 100_000, b"\xff\xfe", b'{"minutes": NaN}'],
    ids=lambda raw: repr(raw[:20]),
)  # fmt: skip
def test_what_no_form_sends_is_refused(raw: bytes) -> None:
    with pytest.raises(NoFormError):
        read_sent(raw)


@pytest.mark.parametrize(
    "date",
    ["../../../etc/passwd", "2024-11-25/../../x", "..", "/etc/passwd", "2024-11-25\x00", "２０２６-11-25", "2024-1-5",
     "20261125", "C:\\x", "2024-11-25.yml", "", "0000-01-01", "2024-W47-6"],
)  # fmt: skip
def test_no_date_leads_to_another_file(root: Path, date: str) -> None:
    made = proposal(root, {"date": date, "title": "x"})
    assert (made.draft, made.addition) == (None, None)
    assert [each.field for each in made.remarks] == ["date"]


@pytest.mark.parametrize(
    "text",
    ["a: b # c", "- x", "*alias", "!!python/object:os.system", "'", '"', "\ttab", "%", "---\ntitle: other",
     "x\n...\ny: z", "{[", "null", "2301.00010"],
)  # fmt: skip
def test_text_is_text_whatever_yaml_would_make_of_it(root: Path, text: str) -> None:
    data = {"date": "2024-11-25", "title": text, "notes": text, "links": [{"title": text, "url": "https://a.org"}]}
    assert add(root, proposal(root, data).addition)[1] == []
    day = load(root).by_name["2024-11-25"].day
    assert (day.title, (day.notes or "").strip(), day.links[0].title) == (text.strip(),) * 3


def test_a_date_to_come_is_said_at_the_date(root: Path) -> None:
    found = proposal(root, {"date": "9999-12-31", "title": "x"})
    assert [(remark.field, remark.problem.code) for remark in found.remarks] == [("date", "P024")]
    assert found.addition is None
