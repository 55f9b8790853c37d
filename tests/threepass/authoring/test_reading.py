"""The three passes: recorded where they belong, written at the right heading, and brought back in time."""

import datetime as dt
import io
import json
import sys
from pathlib import Path

import pytest

from threepass.authoring.reading import line_of_pass
from threepass.cli import main
from threepass.library import Library, load
from threepass.standing.next_reading import Proposal, as_lines, to_read, to_remember
from threepass.standing.schedule import due
from threepass.terminal.editor import _arguments

PAPER = """---
title: {title}
authors: [A. Bee]
published: 2017-06-12
url: https://example.org/{title}
readings: {readings}  # mine
---
## First pass

{text}
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library of three papers, read to different depths."""
    (tmp_path / "papers").mkdir()
    (tmp_path / "mkdocs.yml").write_text("plugins:\n  - threepass\n")
    first, second, third = "{pass: 1, date: 2021-08-27}", "{pass: 2, date: 2021-09-01}", "{pass: 3, date: 2021-09-09}"
    for key, readings, text in (
        ("bee2017one", f"[{first}]", "Builds on [[bee2017two]]."),
        ("bee2017two", "[]", "Nothing yet."),
        ("bee2017three", f"[{first}, {second}, {third}]", "All."),
    ):
        note = PAPER.format(title=key.removeprefix("bee2017").capitalize(), readings=readings, text=text)
        (tmp_path / "papers" / f"{key}.md").write_text(note)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    return tmp_path


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An editor, called `vim`, that writes down how it was called."""
    calls = tmp_path / "calls.json"
    script = tmp_path / "vim"
    script.write_text(
        f"#!{sys.executable}\nimport json, sys\nopen({str(calls)!r}, 'w').write(json.dumps(sys.argv[1:]))\n"
    )
    script.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(script))
    return calls


def library(root: Path) -> Library:
    found = load(root)
    assert found.problems == ()
    return found


def test_read_records_a_pass_and_opens_the_note_at_its_heading(
    root: Path, editor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["read", "bee2017one", "--pass", "2", "--minutes", "50", "--date", "2021-09-02"]) == 0
    note = root / "papers/bee2017one.md"
    lines = note.read_text().splitlines()
    assert lines[5] == "readings: [{pass: 1, date: 2021-08-27}, {pass: 2, date: 2021-09-02, minutes: 50}]  # mine"
    at, path = json.loads(editor.read_text())
    assert path == str(note)
    assert lines[int(at.removeprefix("+")) - 1] == "## Second pass"
    assert "What is the main thrust" in note.read_text()
    assert "What is the main thrust" in capsys.readouterr().out
    assert library(root).pass_of("bee2017one") == 2


def test_the_first_pass_asks_the_five_cs(root: Path, editor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "bee2017two"]) == 0
    front = (root / "papers/bee2017two.md").read_text().partition("## First")[0]
    said = capsys.readouterr().out
    for word in ("category", "context", "correctness", "contributions", "clarity"):
        assert f"\n  {word}:  # " in front
        assert f"\n  {word.capitalize()}: " in said
    assert library(root).pass_of("bee2017two") == 1


def test_a_pass_without_the_one_below_it_is_refused_and_nothing_is_written(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (root / "papers/bee2017two.md").read_text()
    assert main(["read", "bee2017two", "--pass", "3"]) == 1
    assert "P038" in capsys.readouterr().err
    assert (root / "papers/bee2017two.md").read_text() == before


def test_one_pass_on_one_day_is_recorded_once(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "bee2017two", "--no-edit"]) == 0
    before = (root / "papers/bee2017two.md").read_text()
    assert main(["read", "bee2017two", "--pass", "1", "--no-edit"]) == 0
    assert "pass 1 was recorded already" in capsys.readouterr().out
    assert (root / "papers/bee2017two.md").read_text() == before


def test_minutes_of_a_pass_that_is_recorded_are_not_lost(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def minutes() -> list[int | None]:
        return [one.minutes for one in library(root).notes["bee2017two"].paper.readings]

    words = ["read", "bee2017two", "--pass", "1", "--no-edit"]
    assert main(words) == 0
    before = minutes()
    assert main([*words, "--minutes", "50"]) == 0
    assert minutes() == [*before[:-1], 50]
    assert main([*words, "--minutes", "50"]) == 0
    assert capsys.readouterr().err == ""
    assert main([*words, "--minutes", "20"]) == 0
    assert minutes() == [*before[:-1], 50]
    said = "  the 20 minutes are not recorded: mend those in papers/bee2017two.md\n"
    assert capsys.readouterr().err == said


def test_minutes_of_a_pass_that_a_day_records_are_to_be_mended_there(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["today", "-m", "Read.", "--paper", "bee2017two", "--pass", "1"]) == 0
    assert main(["read", "bee2017two", "--pass", "1", "--no-edit", "--minutes", "50"]) == 0
    today = dt.date.today()
    assert f"mend those in journal/{today.year}/{today}.yml" in capsys.readouterr().err


def test_read_says_where_the_pdf_is(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "papers/pdf").mkdir()
    (root / "papers/pdf/bee2017two.pdf").write_bytes(b"%PDF-1.5")
    assert main(["read", "bee2017two", "--no-edit"]) == 0
    assert "papers/pdf/bee2017two.pdf" in capsys.readouterr().out
    assert library(root).problems == ()


def test_a_heading_in_a_fence_is_no_heading() -> None:
    assert line_of_pass("```\n## Third pass\n```\n\n## Third Pass\n", 3) == 5


@pytest.mark.parametrize(
    ("editor", "told"),
    [("vim", ["+7", "x.md"]), ("/usr/bin/nano", ["+7", "x.md"]), ("code", ["--goto", "x.md:7"]), ("hx", ["x.md:7"]),
     ("unheard-of", ["x.md"])],
)  # fmt: skip
def test_editors_are_told_the_line_in_their_way(editor: str, told: list[str]) -> None:
    assert _arguments([editor], Path("x.md"), 7) == told


# What comes back, and when.


def test_a_paper_that_is_remembered_well_comes_back_later(root: Path) -> None:
    first = due(library(root), "bee2017one")
    assert first is not None
    assert first > dt.date(2021, 8, 27)
    dates = {}
    for rating in ("again", "hard", "good", "easy"):
        note = root / "papers/bee2017one.md"
        text = note.read_text()
        note.write_text(text.replace("published", f"reviews: [{{date: {first}, rating: {rating}}}]\npublished"))
        dates[rating] = due(library(root), "bee2017one")
        note.write_text(text)
    assert first < dates["again"] < dates["hard"] < dates["good"] < dates["easy"]  # type: ignore[operator]


def test_the_schedule_is_the_same_each_time_it_is_asked(root: Path) -> None:
    assert len({due(library(root), "bee2017three") for _ in range(5)}) == 1


def test_what_has_not_been_read_is_never_due(root: Path) -> None:
    assert due(library(root), "bee2017two") is None
    assert main(["review", "bee2017two", "good"]) == 1


def test_review_records_and_next_no_longer_brings_it(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    today = dt.date.today()
    assert {one.paper for one in to_remember(library(root), today=today)} == {"bee2017one", "bee2017three"}
    assert main(["review", "bee2017one", "easy"]) == 0
    assert f"  - {{date: {today}, rating: easy}}" in (root / "papers/bee2017one.md").read_text()
    assert "due again on 20" in capsys.readouterr().out
    assert {one.paper for one in to_remember(library(root), today=today)} == {"bee2017three"}


def test_a_review_without_a_rating_needs_a_terminal(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", "bee2017one"]) == 2
    assert "again, hard, good or easy" in capsys.readouterr().err


def test_a_review_without_a_rating_is_asked_for_on_a_terminal(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal("medium\neasy\n"))
    assert main(["review", "bee2017one"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("One\n  Category: what type of paper is this?\n")
    assert out.count("(again, hard, good, easy)") == out.count("How well did you remember it") == 2
    assert library(root).notes["bee2017one"].paper.reviews[-1].rating == "easy"


# What to read next.


def test_next_leaves_out_what_was_read_in_depth_and_says_why(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = {one.paper: one for one in to_read(library(root), today=dt.date.today())}
    assert found.keys() == {"bee2017one", "bee2017two"}
    assert (found["bee2017one"].pass_, found["bee2017two"].pass_) == (2, 1)
    assert "1 record speaks of it" in found["bee2017two"].why
    assert main(["next", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [one["pass"] for one in said["read"]] == [found[one["paper"]].pass_ for one in said["read"]]
    assert main(["next"]) == 0
    assert "threepass read bee2017one --pass 2" in capsys.readouterr().out


def test_the_longer_a_paper_waits_the_higher_it_stands(root: Path) -> None:
    def score(day: dt.date) -> float:
        return next(one.score for one in to_read(library(root), today=day) if one.paper == "bee2017one")

    assert score(dt.date(2021, 8, 28)) < score(dt.date(2021, 10, 1)) < score(dt.date.today())


def unread(root: Path, key: str, text: str = "", readings: str = "[]") -> None:
    note = PAPER.format(title=key, readings=readings, text=text)
    (root / "papers" / f"{key}.md").write_text(note)


def test_what_notes_speak_of_stands_higher(root: Path) -> None:
    """Also where the other's title comes first."""
    for paper in (root / "papers").iterdir():
        paper.unlink()
    unread(root, "aaa2017silent")
    unread(root, "zzz2017named")
    read_through = "[{pass: 1, date: 2021-08-27}, {pass: 2, date: 2021-08-27}, {pass: 3, date: 2021-08-27}]"
    unread(root, "bee2017three", "See [[zzz2017named]].", read_through)
    found = [one.paper for one in to_read(library(root), today=dt.date(2021, 8, 27))]
    assert found == ["zzz2017named", "aaa2017silent"]


def test_what_is_begun_stands_higher_than_what_is_not_and_a_second_pass_than_a_third(root: Path) -> None:
    for paper in (root / "papers").iterdir():
        paper.unlink()
    first, second = "{pass: 1, date: 2021-08-27}", "{pass: 2, date: 2021-08-27}"
    unread(root, "aaa2017new")
    unread(root, "bbb2017deep", readings=f"[{first}, {second}]")
    unread(root, "ccc2017begun", readings=f"[{first}]")
    found = [one.paper for one in to_read(library(root), today=dt.date(2021, 8, 27))]
    assert found == ["ccc2017begun", "bbb2017deep", "aaa2017new"]


def test_the_roadmap_goes_first(root: Path) -> None:
    (root / "papers/roadmap.yml").write_text(
        "sections:\n"
        "  - title: Basics\n"
        "    items:\n"
        "      - {paper: bee2017three}\n"
        "      - {title: A talk, kind: video, url: 'https://example.org/talk', done: 2021-08-27}\n"
        "      - {title: A post, kind: post, url: 'https://example.org/post'}\n"
        "      - {paper: bee2017two}\n"
    )
    found = to_read(library(root), today=dt.date(2021, 8, 28))
    assert [one.paper or one.url for one in found] == ["https://example.org/post", "bee2017two", "bee2017one"]
    assert found[0].why == ("a post", "next on the roadmap (Basics)")


def test_an_empty_library_has_nothing_to_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mkdocs.yml").write_text("plugins:\n  - threepass\n")
    assert main(["-C", str(tmp_path), "next"]) == 0
    assert "nothing waits" in capsys.readouterr().out


@pytest.mark.parametrize(("pass_", "said"), [(1, "not read yet"), (2, "pass 1 is done")])
def test_next_says_how_far_a_paper_is_read_where_there_is_no_other_reason(pass_: int, said: str) -> None:
    assert list(as_lines([], [Proposal("A", (), 1.0, paper="a", pass_=pass_)]))[1] == f"  A: {said}"
