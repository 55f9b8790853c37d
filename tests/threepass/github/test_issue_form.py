"""A day as an issue on GitHub: the form that is written, and what is read of a filled one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml
from example_library import write_example

from threepass.cli import main
from threepass.editing.pasted_text import seen
from threepass.github.issue_form import FIELDS, TEMPLATE, FilledForm, issue_form, read_form
from threepass.library import load
from threepass.models import Day, DayReading
from threepass.settings import Settings

SETTINGS = Settings.model_validate({
    "goals": {"read": {"title": "Read papers"}, "write": {"title": "Write: a post"}},
    "topics": {"attention": "Attention", "sequence-to-sequence": "Sequence to sequence"},
})  # fmt: skip
LABELS = {
    "date": "Date", "title": "Title", "goals": "Goals", "minutes": "Minutes", "paper": "Paper", "pass": "Pass",
    "topics": "Topics", "links": "Links", "notes": "Notes",
}  # fmt: skip


def body(**values: str) -> str:
    """Return an issue as GitHub renders a form of which these fields were filled."""
    return "\n\n".join(f"### {label}\n\n{values.get(name, '_No response_')}" for name, label in LABELS.items())


def read(text: str, settings: Settings = SETTINGS) -> tuple[FilledForm, list[str]]:
    form, problems = read_form(text, settings=settings, shown=Path("issue.md"))
    return form, [str(problem).partition("\n")[0] for problem in problems]


def elements(settings: Settings) -> dict[str, dict[str, Any]]:
    return {element["id"]: element for element in yaml.safe_load(issue_form(settings))["body"]}


def test_the_form_has_the_fields_that_today_can_write() -> None:
    made = elements(SETTINGS)
    assert tuple(made) == FIELDS
    assert {name: element["attributes"]["label"] for name, element in made.items()} == LABELS
    known = {field.alias or name for model in (Day, DayReading) for name, field in model.model_fields.items()}
    assert set(FIELDS) <= known
    assert made["minutes"]["attributes"]["description"] == Day.model_fields["minutes"].description


def test_goals_and_topics_are_those_of_the_library() -> None:
    made = elements(SETTINGS)
    assert [tick["label"] for tick in made["goals"]["attributes"]["options"]] == [
        "read: Read papers",
        "write: Write: a post",
    ]
    assert made["topics"]["attributes"]["options"] == ["attention", "sequence-to-sequence"]


def test_a_library_without_goals_and_topics_has_fields_to_type_them() -> None:
    """GitHub refuses a form that has a choice of nothing."""
    made = elements(Settings.model_validate({}))
    assert {made["goals"]["type"], made["topics"]["type"]} == {"input"}
    form, problems = read(body(topics="attention, reading ,"), Settings.model_validate({}))
    assert (form.topics, problems) == (("attention", "reading"), [])


def test_a_filled_form_is_read() -> None:
    goals = "- [X] read: Read papers\n- [ ] write: Write: a post"
    links, notes = "https://example.org/a\n[A talk](https://example.org/b)\n", "First.\n\n### A heading\n\nSecond."
    values = {
        "date": "2021-08-27",
        "title": "Why  gradients saturate",
        "minutes": "40",
        "paper": "1703.01365",
        "pass": "2",
    }
    form, problems = read(
        body(goals=goals, topics="attention, sequence-to-sequence", links=links, notes=notes, **values)
    )
    assert problems == []
    assert form == FilledForm(
        date=dt.date(2021, 8, 27), title="Why gradients saturate", goals=("read",), minutes=40, paper="1703.01365",
        pass_=2, topics=("attention", "sequence-to-sequence"),
        links=("https://example.org/a", "[A talk](https://example.org/b)"), notes=notes,
    )  # fmt: skip


def test_a_form_that_was_left_empty_says_nothing() -> None:
    assert read(body(**{"pass": "None"})) == (FilledForm(), [])


def test_line_breaks_may_be_those_of_windows() -> None:
    assert read(body(notes="One\nTwo").replace("\n", "\r\n"))[0].notes == "One\nTwo"


def test_notes_may_hold_the_headings_of_the_form() -> None:
    notes = "### Date\n\n1999-01-01\n\n### Notes\n\n### Minutes\n\n1"
    form, problems = read(body(minutes="5", notes=notes))
    assert problems == []
    assert (form.date, form.minutes, form.notes) == (None, 5, notes)


WRONG = {
    "a date": ({"date": "27.8.2021"}, "issue.md:3:1: P013 '27.8.2021' is not a date"),
    "a day that is not": ({"date": "2021-02-30"}, "issue.md:3:1: P013 '2021-02-30' is not a date"),
    "minutes": ({"minutes": "an hour"}, "issue.md:15:1: P012 'an hour' is not a whole number"),
    "a goal": ({"goals": "- [x] sleep: Sleep"}, "issue.md:11:1: P031 unknown goal 'sleep'"),
    "a topic": ({"topics": "attentoin"}, "issue.md:27:1: P031 unknown topic 'attentoin'"),
    "a pass alone": ({"pass": "2"}, "issue.md:23:1: P011 a pass, and no paper"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_with_its_line(name: str) -> None:
    values, said = WRONG[name]
    text = body(**values)
    _, problems = read(text)
    assert [problem[: len(said)] for problem in problems] == [said]
    assert next(iter(values.values())) in text.split("\n")[int(said.split(":")[1]) - 1]


def test_all_that_is_wrong_is_said_at_once() -> None:
    _, problems = read(body(date="soon", minutes="x", topics="no-such"))
    assert len(problems) == 3


@pytest.mark.parametrize("text", ["", "Hello", "### Something\n\nelse", "# Date\n\n2021-08-27"])
def test_another_issue_is_refused(text: str) -> None:
    _, problems = read(text)
    assert problems == ["issue.md:1:1: P011 this is not an issue from the form of a day"]


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = write_example(tmp_path / "library", today=dt.date(2024, 11, 20))
    monkeypatch.chdir(root)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    return root


def test_today_writes_what_an_issue_says(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    issue = library / "issue.md"
    said = {"title": "From the train", "minutes": "20", "paper": "vaswani2017attention", "notes": "Keys and values."}
    issue.write_text(body(goals="- [x] read: Read papers", links="[A talk](https://example.org/b)", **said))
    assert main(["today", "--from-issue", str(issue), "--date", "2024-11-21"]) == 0, capsys.readouterr().err
    assert capsys.readouterr().out == "wrote journal/2024/2024-11-21.yml\n"
    day = load(library).entries[-1].day
    assert (day.title, day.minutes, day.goals, day.notes) == ("From the train", 20, ("read",), "Keys and values.\n")
    assert [(reading.paper, reading.pass_) for reading in day.readings] == [("vaswani2017attention", 1)]
    assert [(link.title, link.url) for link in day.links] == [("A talk", "https://example.org/b")]


def test_the_issues_date_goes_before_the_one_of_the_command(library: Path) -> None:
    issue = library / "issue.md"
    issue.write_text(body(date="2024-11-22", title="A day"))
    assert main(["today", "--from-issue", str(issue), "--date", "2024-11-21"]) == 0
    assert load(library).entries[-1].name == "2024-11-22"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "P023 the day says nothing"),
        ({"title": "x", "minutes": "9999"}, "P014 'minutes' is '9999'"),
        ({"title": "x", "links": "ftp://example.org"}, "P014 'ftp://example.org' is not a web address"),
        ({"title": "x", "paper": "nobody2000nothing"}, "no paper 'nobody2000nothing'"),
        ({"title": "x", "paper": "1703.01365"}, "threepass add 1703.01365"),
        ({"title": "x", "minutes": "x"}, "issue.md:15:1: P012 'x' is not a whole number"),
        ({"title": "x", "notes": "See [[nobody2000nothing]]."}, "P035"),
    ],
)  # fmt: skip
def test_today_writes_nothing_where_an_issue_is_wrong(
    library: Path, capsys: pytest.CaptureFixture[str], values: dict[str, str], said: str
) -> None:
    issue = library / "issue.md"
    issue.write_text(body(**values))
    before = sorted(library.rglob("*.yml"))
    assert main(["today", "--from-issue", str(issue)]) == 1
    assert said in capsys.readouterr().err
    assert sorted(library.rglob("*.yml")) == before


HOSTILE = [
    "$(touch pwned)", "'; touch pwned; '", "--help", "---", "date: 1999-01-01", "- {a: b", "&a *a", "!!set", "[]", "~",
    "!!python/object/apply:os.system ['touch pwned']", "\ttab", "### Date", "\\", "\x1b[31m", "\x00", "a\u2028b", "%",
    "#", "\U0001f600", "|", "|2-\n   x\n x", "../../../x", "[a](b", "x" * 70_000,
]  # fmt: skip


@pytest.mark.parametrize("word", HOSTILE, ids=lambda word: ascii(word[:20]))
def test_a_hostile_word_is_refused_or_stands_there_as_it_is(
    library: Path, capsys: pytest.CaptureFixture[str], word: str
) -> None:
    issue, other = library / "issue.md", library / "other.md"
    issue.write_text(body(**dict.fromkeys(LABELS, word)), "utf-8", "surrogatepass")
    assert main(["today", "--from-issue", str(issue)]) == 1
    assert load(library).entries[-1].name == "2024-11-20"
    other.write_text(body(title="x", notes=word), "utf-8", "surrogatepass")
    code = main(["today", "--from-issue", str(other), "--date", "2024-11-21"])
    said = capsys.readouterr().err
    assert code in (0, 1)
    assert "Traceback" not in said
    assert load(library).problems == ()
    if code == 0:
        assert (load(library).entries[-1].day.notes or "").strip() == seen(word).strip()
    assert list(library.parent.rglob("pwned*")) == []


def test_an_issue_of_a_date_to_come_is_refused(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (library / "issue.md").write_text("### Date\n\n9999-12-31\n\n### Notes\n\nx\n")
    assert main(["today", "--from-issue", "issue.md"]) == 1
    assert "P024 9999-12-31 is still to come\n" in capsys.readouterr().err
    assert not (library / "journal" / "9999").exists()


def test_an_issue_and_other_options_do_not_mix(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    issue = library / "issue.md"
    issue.write_text(body(title="x"))
    assert main(["today", "--from-issue", str(issue), "--minutes", "5"]) == 2
    assert "beside --from-issue only --date is taken" in capsys.readouterr().err


def test_the_form_of_a_library_is_written_by_schema(library: Path) -> None:
    target = library / ".github" / "ISSUE_TEMPLATE" / "day.yml"
    assert main(["schema", "issue", "--to", str(target)]) == 0
    assert target.read_text("utf-8") == issue_form(load(library).settings)


def test_check_says_when_the_form_is_that_of_other_goals(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config, form = library / "mkdocs.yml", library / TEMPLATE
    form.parent.mkdir(parents=True)
    write = ["schema", "issue", "--to", TEMPLATE]
    assert main(write) == 0
    assert main(["verify"]) == 0
    capsys.readouterr()
    assert main(["check"]) == 0
    assert capsys.readouterr().out == ""
    config.write_text(config.read_text().replace("goals:", "goals:\n        teach: {title: Teach}", 1))
    assert main(["check"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{TEMPLATE}:1:1: P061 ")
    assert f"hint: run `threepass {' '.join(write)}`" in said
    assert main(write) == 0
    assert main(["check"]) == 0
    form.write_text("name: A form of my own\n")
    assert main(["check"]) == 0
    assert capsys.readouterr().out == ""
