"""`threepass today`: a day is written in seconds, and nothing that the author typed is lost."""

import datetime as dt
import io
import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from example_library import TODAY, files

from threepass.authoring.daily import Addition, add, draft, new_entry, next_number, titled_link
from threepass.authoring.day_template import blanked, entry_of, template
from threepass.authoring.proposal import read_day
from threepass.checks import latest_date
from threepass.cli import main
from threepass.library import load
from threepass.models import Day
from threepass.settings import Settings

RUN = [sys.executable, "-c", "from threepass.cli import main; raise SystemExit(main())"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def library(library: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library with one day, the twenty-first; nothing is piped in, and no editor is set."""
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    return library


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An editor whose work is Python, to be written into this file: it gets the text, and leaves another."""
    script = tmp_path / "work.py"
    runner = tmp_path / "editor.py"
    runner.write_text(
        "import pathlib, sys\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "scope = {'text': path.read_text()}\n"
        f"exec(pathlib.Path({str(script)!r}).read_text(), scope)\n"
        "path.write_text(scope['text'])\n"
    )
    monkeypatch.setenv("EDITOR", f"{sys.executable} {runner}")
    return script


def kept(root: Path) -> list[str]:
    """The texts that were kept aside."""
    return [path.read_text() for path in sorted((root / ".threepass" / "rejected").glob("*"))]


def test_one_line_makes_a_day(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["today", "-m", "Why gradients saturate: 50 %.", "--date", "2024-11-22", "--title", "Second: sitting"]
    words += ["--goal", "read", "--goal", "learn", "--paper", "1706.03762", "--pass", "2", "--minutes", "40"]
    words += ["--topic", "attention", "--link", "https://www.example.org/a/", "--link", "[Talk](https://example.org/b)"]
    assert main(words) == 0
    assert capsys.readouterr() == ("wrote journal/2024/2024-11-22.yml\n", "")
    assert (library / "journal/2024/2024-11-22.yml").read_text() == (
        "date: 2024-11-22\n"
        "day: 2\n"
        'title: "Second: sitting"\n'
        "goals: [read, learn]\n"
        "minutes: 40\n"
        "readings:\n"
        "  - {paper: vaswani2017attention, pass: 2}\n"
        "topics: [attention]\n"
        "notes: |\n"
        "  Why gradients saturate: 50 %.\n"
        "links:\n"
        '  - {title: example.org/a, url: "https://www.example.org/a/"}\n'
        '  - {title: Talk, url: "https://example.org/b"}\n'
    )
    assert main(["check"]) == 0


def test_a_day_that_exists_is_extended_and_its_comments_stay(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = library / "journal/2024/2024-11-21.yml"
    before = path.read_text()
    words = ["today", "-m", "And more.", "--date", "2024-11-21", "--goal", "read", "--goal", "write", "--minutes", "15"]
    assert main([*words, "--paper", "vaswani2017attention", "--topic", "attention"]) == 0
    assert capsys.readouterr().out == "extended journal/2024/2024-11-21.yml\n"
    expected = before.replace("goals: [read]", "goals: [read, write]").replace("minutes: 30", "minutes: 45")
    assert path.read_text() == expected + "\n  And more.\n"


def test_minutes_of_readings_are_not_lost_when_more_are_added(library: Path) -> None:
    path = library / "journal/2024/2024-11-22.yml"
    path.write_text("date: 2024-11-22\ntitle: x\nreadings: [{paper: vaswani2017attention, pass: 1, minutes: 25}]\n")
    assert main(["today", "-m", "x", "--date", "2024-11-22", "--minutes", "40"]) == 0
    assert load(library).by_name["2024-11-22"].day.minutes == 65


def test_a_title_is_one_line(library: Path) -> None:
    assert main(["today", "-m", "x", "--date", "2024-11-20", "--title", " Two\n lines "]) == 0
    assert "\ntitle: Two lines\n" in (library / "journal/2024/2024-11-20.yml").read_text()


def test_a_title_is_not_replaced(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = files(library)
    assert main(["today", "-m", "x", "--date", "2024-11-21", "--title", "Another"]) == 1
    assert "has a title already: The library begins" in capsys.readouterr().err
    assert files(library) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--goal", "raed"], "P031 unknown goal 'raed'\nhint: did you mean 'read'?\nnothing was written\n"),
        (["--topic", "A b"], "P014 'A b' is not a name of this kind"),
        (["--goal", "üben"], "P031 unknown goal 'üben'\nhint: known: learn, "),
        (["--goal", "read,write"], "hint: one each: --goal read --goal write\nnothing was written\n"),
        (
            ["--paper", "attention is ALL you need"],
            "no paper 'attention is ALL you need'\nhint: did you mean 'vaswani2017attention'?",
        ),
        (["--paper", "tention"], "no paper 'tention'\nhint: did you mean 'vaswani2017attention'?"),
        (["--link", "nowhere"], "P014 'nowhere' is not a web address"),
        (["--paper", "vaswani2017attention", "--pass", "3"], "P038 pass 3 of vaswani2017attention"),
        (
            ["--paper", "vaswani2017atention"],
            "no paper 'vaswani2017atention'\nhint: did you mean 'vaswani2017attention'?",
        ),
        (["--minutes", "1430"], "P014 'minutes' is '1460'; allowed: 1440 or less"),
    ],
)
def test_what_would_be_a_problem_is_not_written(
    library: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    before = files(library)
    assert main(["today", "-m", "x", "--date", "2024-11-21", *words]) == (2 if "no paper" in said else 1)
    assert said in capsys.readouterr().err
    assert files(library) == before


def test_a_goal_may_be_named_by_its_title(library: Path) -> None:
    assert main(["today", "-m", "x", "--date", "2024-11-20", "--goal", "Read Papers", "--goal", "WRITE"]) == 0
    assert load(library).by_name["2024-11-20"].day.goals == ("read", "write")


def test_what_cannot_be_seen_is_not_kept(library: Path) -> None:
    path = library / "journal/2024/2024-11-20.yml"
    assert main(["today", "-m", "\ufeffOne.\x0c\tTwo\x00\x07.\u2028Three.", "--date", "2024-11-20"]) == 0
    assert main(["today", "-m", "Four\x1b\x85five.\r\nSix.", "--title", "A\x0bb", "--date", "2024-11-20"]) == 0
    notes = "  One.\n  \tTwo.\n  Three.\n\n  Four\n  five.\n  Six.\n"
    assert path.read_text().startswith(f"date: 2024-11-20\nnotes: |\n{notes}")
    assert "\ntitle: A b\n" in path.read_text()


def test_problems_that_were_there_before_are_no_obstacle(library: Path) -> None:
    (library / "journal/2024/2024-11-20.yml").write_text("date: 2024-11-20\ntitle: x\ngoals: [nonsense]\n")
    assert main(["check"]) == 1
    assert main(["today", "-m", "x", "--date", "2024-11-21"]) == 0


def test_a_broken_day_is_not_touched(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = library / "journal/2024/2024-11-20.yml"
    path.write_text("date: 2024-11-20\ntitle: [never closed\n")
    assert main(["today", "-m", "x", "--date", "2024-11-20"]) == 1
    assert capsys.readouterr().err.startswith("journal/2024/2024-11-20.yml:")
    assert path.read_text() == "date: 2024-11-20\ntitle: [never closed\n"


@pytest.mark.parametrize(
    ("days", "date", "number"),
    [
        ({}, "2021-08-27", 1),
        ({"2021-08-26": 3}, "2021-08-27", 4),
        ({"2021-08-26": 3, "2021-08-28": 4}, "2021-08-27", None),
        ({"2021-08-26": 3, "2021-08-28": 7}, "2021-08-27", 4),
        ({"2021-08-28": 1}, "2021-08-27", None),
        ({"2021-08-26": None}, "2021-08-27", None),
        ({"2021-08-25": 3, "2021-08-26": None}, "2021-08-27", 4),
    ],
)
def test_a_new_days_number(library: Path, days: dict[str, int | None], date: str, number: int | None) -> None:
    for path in (library / "journal").rglob("*.yml"):
        path.unlink()
    for day, given in days.items():
        given_line = f"day: {given}\n" if given is not None else ""
        (library / f"journal/2024/{day}.yml").write_text(f"date: {day}\n{given_line}title: x\n")
    assert next_number(load(library), dt.date.fromisoformat(date)) == number


@pytest.mark.parametrize(
    ("text", "read"),
    [*((text, text) for text in ["one", "two\n\nparagraphs", "  indented", "tab\there", "# no comment",
                                 "- a list\n- of two", "key: value", "---", "[[vaswani2017attention]] and $x: y$",
                                 "ends in space \nand more"]),
     ("\x07 a bell", " a bell"), ("🙂 \u2028 \x85", "🙂 \n \n")],
)  # fmt: skip
def test_any_text_is_read_back(text: str, read: str) -> None:
    made = new_entry(Addition(date=TODAY, text=text, title=read.splitlines()[0]), number=1)
    day, _, problems = read_day(made, shown=Path("2024-11-21.yml"))
    assert problems == []
    assert day is not None
    assert (day.title, day.notes and day.notes.rstrip("\n")) == (read.splitlines()[0], read.rstrip("\n"))


def test_links_name_themselves() -> None:
    assert titled_link("https://www.example.org/a/b/") == ("example.org/a/b", "https://www.example.org/a/b/")
    assert titled_link("[A (good) talk](https://e.org/x)") == ("A (good) talk", "https://e.org/x")


def test_dates_by_name(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    yesterday = dt.date.today() - dt.timedelta(days=1)
    assert main(["today", "-m", "x", "--date", "yesterday"]) == 0
    assert str(yesterday) in capsys.readouterr().out
    for wrong in ("tomorrow", "2024-02-30", "20261121", "27.8.2021"):
        assert main(["today", "-m", "x", "--date", wrong]) == 2
        assert f"'{wrong}' is not a date" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [["today"], ["today", "-m", "x"], ["read", "vaswani2017attention"], ["review", "vaswani2017attention", "good"]],
)
def test_a_date_to_come_is_refused_at_once(library: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    before = files(library)
    assert main([*words, "--date", "9999-12-31"]) == 2
    said = "9999-12-31 is still to come\nhint: mend the date; what is planned can be written by hand\n"
    assert capsys.readouterr() == ("", said)
    assert files(library) == before


def test_tomorrow_is_not_to_come_since_elsewhere_it_is_today() -> None:
    assert latest_date() - dt.date.today() == dt.timedelta(days=1)


def test_a_day_that_is_planned_can_be_written_by_hand(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (library / "journal/9999").mkdir()
    (library / "journal/9999/9999-12-31.yml").write_text("date: 9999-12-31\ntitle: Planned\n")
    assert main(["today", "-m", "Slides.", "--date", "9999-12-31"]) == 0
    capsys.readouterr()
    assert main(["check"]) == 0
    assert "journal/9999/9999-12-31.yml:1:7: P024 9999-12-31 is still to come\n" in capsys.readouterr().out
    assert main(["check", "--strict"]) == 1


def test_a_pass_that_is_still_to_come_is_said(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    note = library / "papers" / "vaswani2017attention.md"
    note.write_text(note.read_text().replace("\ntopics:", "\nreadings: [{pass: 1, date: 9999-12-31}]\ntopics:", 1))
    assert main(["check"]) == 0
    assert "P024 9999-12-31 is still to come" in capsys.readouterr().out


def test_what_is_given_is_written_where_no_editor_can_be_opened(
    library: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert main(["today", "--date", "2024-11-21", "--goal", "write", "--minutes", "5"]) == 0
    assert capsys.readouterr().out == "extended journal/2024/2024-11-21.yml\n"
    assert load(library).by_name["2024-11-21"].day.minutes == 35
    assert main(["today", "--date", "2024-11-22", "--goal", "write"]) == 1
    assert capsys.readouterr().err.startswith("P023 ")
    assert main(["today", "--date", "2024-11-22"]) == 2
    assert capsys.readouterr().err.startswith("nothing to write\n")


def test_a_pass_without_a_paper_is_wrong_usage(library: Path) -> None:
    assert main(["today", "-m", "x", "--pass", "2"]) == 2


def test_piped_text_is_the_message(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("From a pipe.\n\nTwo paragraphs.\n"))
    assert main(["today", "--date", "2024-11-22"]) == 0
    assert load(library).by_name["2024-11-22"].day.notes == "From a pipe.\n\nTwo paragraphs.\n"


def test_piped_text_that_cannot_be_used_is_kept(
    library: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("Words.\n"))
    assert main(["today", "--paper", "nobody2020nothing"]) == 2
    assert kept(library) == ["Words."]
    assert "your text is in" in capsys.readouterr().err


def test_without_terminal_text_or_editor_it_is_wrong_usage(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert main(["today"]) == 2


def test_the_template_explains_every_field_and_says_nothing_itself(library: Path) -> None:
    text = template({"date": "date: 2024-11-21"}, settings=load(library).settings)
    assert set(re.findall(r"^#: ([a-z]+): ", text, re.MULTILINE)) == set(Day.model_fields)
    assert "Known: learn, contribute, read, write, build." in re.sub(r"\n#:\s+", " ", text)
    assert entry_of(text) == "date: 2024-11-21\n"
    assert len(blanked(text).splitlines()) <= len(text.splitlines())


def test_a_filled_template_becomes_a_tidy_entry(
    library: Path, editor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    editor.write_text(
        "text = text.replace('title:\\n', 'title: By hand  # mine\\n')\n"
        "text = text.replace('links:\\n', 'links:\\n  - title: A\\n\\n    url: https://a.org\\n')\n"
        "text = text.rstrip() + '\\n  First.\\n\\n\\n  Second.\\n'\n"
    )
    assert main(["today", "--date", "2024-11-22", "--goal", "read"]) == 0
    assert capsys.readouterr() == ("wrote journal/2024/2024-11-22.yml\n", "")
    assert (library / "journal/2024/2024-11-22.yml").read_text() == (
        "date: 2024-11-22\nday: 2\ntitle: By hand  # mine\ngoals: [read]\n"
        "links:\n  - title: A\n\n    url: https://a.org\n"
        "notes: |\n  First.\n\n\n  Second.\n"
    )
    assert kept(library) == []


def test_an_editor_of_windows_leaves_no_trace(library: Path, editor: Path) -> None:
    editor.write_text("text = '\ufeff' + text.replace('title:', 'title: A').replace('\\n', '\\r\\n')", "utf-8")
    assert main(["today", "--date", "2024-11-22"]) == 0
    assert (library / "journal/2024/2024-11-22.yml").read_bytes() == b"date: 2024-11-22\nday: 2\ntitle: A\n"


def test_an_unchanged_template_writes_nothing(library: Path, editor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = files(library)
    for work in ("pass", "text = ''", "text = text + '\\n\\n'", "text = '\ufeff' + text.replace('\\n', '\\r\\n')"):
        editor.write_text(work)
        assert main(["today", "--date", "2024-11-22"]) == 0
        assert capsys.readouterr().out == "nothing was written: the text is unchanged\n"
    assert files(library) == before
    assert kept(library) == []


def test_a_day_that_exists_opens_as_it_is(library: Path, editor: Path) -> None:
    path = library / "journal/2024/2024-11-21.yml"
    before = path.read_text()
    editor.write_text("text = text.replace('title: The library begins', 'title: It begins')")
    assert main(["today", "--date", "2024-11-21"]) == 0
    assert path.read_text() == before.replace("The library begins", "It begins")


def test_a_mistake_gives_the_text_back(library: Path, editor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = files(library)
    editor.write_text("text = text.replace('goals:\\n', 'goals: [raed]\\n').replace('title:\\n', 'title: Mine\\n')")
    sys.stdin = io.StringIO("")  # no terminal: no offer to open it again
    assert main(["today", "--date", "2024-11-22"]) == 1
    err = capsys.readouterr().err
    (text,) = kept(library)
    assert "title: Mine" in text
    place = re.search(r"your text is in (.+)", err)
    assert place is not None
    assert Path(place[1]).read_text() == text
    line = 1 + text.splitlines().index("goals: [raed]")
    assert f"{Path(place[1]).relative_to(library)}:{line}:9: P031 unknown goal 'raed'" in err
    assert files(library) == before


def test_a_date_changed_in_the_editor_is_where_the_day_goes(library: Path, editor: Path) -> None:
    move = (
        "text = text.replace('date: 2024-11-22', 'date: {}')"
        ".replace('day: 2\\n', '').replace('title:\\n', 'title: x\\n')"
    )
    editor.write_text(move.format("2024-12-02"))
    assert main(["today", "--date", "2024-11-22"]) == 0
    assert (library / "journal/2024/2024-12-02.yml").is_file()
    editor.write_text(move.format("2024-11-21"))  # a second entry of that date
    assert main(["today", "--date", "2024-11-22"]) == 0
    assert (library / "journal/2024/2024-11-21-2.yml").is_file()
    assert main(["check"]) == 0


def test_a_day_that_exists_does_not_change_its_date(library: Path, editor: Path) -> None:
    before = files(library)
    editor.write_text("text = text.replace('date: 2024-11-21', 'date: 2024-11-22')")
    sys.stdin = io.StringIO("")
    assert main(["today", "--date", "2024-11-21"]) == 1
    assert files(library) == before
    assert len(kept(library)) == 1


def test_a_day_that_changes_meanwhile_is_not_overwritten(
    library: Path, editor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = library / "journal/2024/2024-11-21.yml"
    editor.write_text(
        f"other = pathlib = __import__('pathlib').Path({str(path)!r})\n"
        "other.write_text(other.read_text() + '\\n  From elsewhere.\\n')\n"
        "text = text.replace('The library begins', 'Mine')\n"
    )
    assert main(["today", "--date", "2024-11-21"]) == 1
    assert "has changed in the meantime" in capsys.readouterr().err
    assert path.read_text().endswith("From elsewhere.\n")
    assert "title: Mine" in kept(library)[0]


@pytest.mark.parametrize(
    ("work", "left"), [("raise SystemExit(3)", 0), ("path.write_text('mine'); raise SystemExit(3)", 1)]
)
def test_an_editor_that_fails_loses_nothing(
    library: Path, editor: Path, capsys: pytest.CaptureFixture[str], work: str, left: int
) -> None:
    runner = Path(os.environ["EDITOR"].split()[1])
    runner.write_text(f"import pathlib, sys\npath = pathlib.Path(sys.argv[1])\n{work}\n")
    assert main(["today", "--date", "2024-11-22"]) == 1
    assert "ended with 3" in capsys.readouterr().err
    assert kept(library) == ["mine"][:left]


def test_visual_goes_before_editor_and_a_missing_one_is_said(
    library: Path, editor: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    editor.write_text("pass")
    monkeypatch.setenv("VISUAL", "/nowhere/editor --wait")
    assert main(["today"]) == 1
    assert "the editor '/nowhere/editor --wait' cannot be run" in capsys.readouterr().err


def on_a_terminal(library: Path, typed: bytes) -> tuple[int, bytes, bytes]:
    """Run `today` where a person sits and types this."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*RUN, "today", "--date", "2024-11-22"],
        cwd=library, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        os.close(theirs)
        os.write(ours, typed)
        out, err = process.communicate(timeout=60)
    os.close(ours)
    return process.returncode, out, err


def test_leaving_the_prompt_keeps_the_text(library: Path, editor: Path) -> None:
    editor.write_text("text = text.replace('goals:\\n', 'goals: [raed]\\n')")
    code, _, err = on_a_terminal(library, b"\x04")
    assert code == 130
    assert b"your text is in" in err
    assert b"Traceback" not in err
    assert "goals: [raed]" in kept(library)[0]


def test_on_a_terminal_the_text_is_opened_again_until_it_is_right(library: Path, editor: Path) -> None:
    editor.write_text(
        "wrong = '[raed]' in text\n"
        "text = text.replace('[raed]', '[read]') if wrong else text.replace('goals:\\n', 'goals: [raed]\\n')\n"
        "text = text.replace('title:\\n', 'title: Mine\\n')\n"
    )
    code, out, err = on_a_terminal(library, b"y\n")
    assert (code, out.strip()) == (0, b"wrote journal/2024/2024-11-22.yml"), err
    assert b"P031 unknown goal 'raed'" in err
    assert b"Open it again?" in err
    assert load(library).by_name["2024-11-22"].day.goals == ("read",)
    assert kept(library) == []


def test_an_interruption_keeps_what_was_typed(library: Path, tmp_path: Path) -> None:
    marker = tmp_path / "typed"
    script = tmp_path / "slow-editor"
    script.write_text(f'#!/bin/sh\necho "title: Half" >> "$1"\ntouch {marker}\nexec sleep 60\n')
    script.chmod(0o755)
    environment = {**os.environ, "EDITOR": str(script)}
    with subprocess.Popen(
        [*RUN, "today", "--date", "2024-11-22"], cwd=library, env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        while not marker.exists() and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "your text is in" in err
    assert kept(library)[0].endswith("title: Half\n")


def test_settings_without_goals_explain_the_field_all_the_same() -> None:
    text = template({}, settings=Settings.model_validate({}))
    assert "Known:" not in text
    assert "#: goals: " in text


def test_a_day_that_was_written_since_the_library_was_read_is_extended(library: Path) -> None:
    read, date = load(library), TODAY + dt.timedelta(days=1)
    add(library, Addition(date=date, text="First."))
    made = draft(read, Addition(date=date, text="Second."))
    assert made.before is not None
    day, _, problems = read_day(made.text, shown=made.path)
    assert (day and day.notes, problems) == ("First.\n\nSecond.\n", [])
