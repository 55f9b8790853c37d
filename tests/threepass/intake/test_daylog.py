"""`threepass import daylog`: a log becomes entries, once, and is merged when it has grown or was mended."""

import datetime as dt
import os
import subprocess
from functools import partial
from pathlib import Path

import pytest
from example_library import TODAY, files, problems, write_example
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from threepass.cli import main
from threepass.editing.pasted_text import seen
from threepass.importers.arxiv import Manners, fetch
from threepass.intake.daylog import Options, import_daylog, plan_daylog
from threepass.intake.import_record import source_name
from threepass.library import load

START = dt.date(2021, 8, 27)
PNG = b"\x89PNG\r\n\x1a\n a picture"

LOG = """# My days

What this is.

## Day1:

Read [a paper](https://arxiv.org/pdf/1706.03762.pdf), and [another](https://arxiv.org/abs/1409.0473).
![heads](images/heads.png)

## Day2: A title

It works: 50 %, [[ {{ x }}.
[the code](code/x.ipynb)

## Day 4-5

#100DaysOfCode

## Day 6
"""


@pytest.fixture
def library(library: Path) -> Path:
    """A library without days, with the note of one paper."""
    for day in (library / "journal").rglob("*.yml"):
        day.unlink()
    return library


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log with an image beside it."""
    path = tmp_path / "days" / "README.md"
    (path.parent / "images").mkdir(parents=True)
    (path.parent / "images" / "heads.png").write_bytes(PNG)
    path.write_text(LOG)
    return path


def entry(root: Path, name: str) -> str:
    return (root / "journal" / name[:4] / f"{name}.yml").read_text()


def imported(log: Path, *words: str) -> int:
    return main(["import", "daylog", str(log), "--start", str(START), *words])


def test_a_log_becomes_entries(library: Path, log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert imported(log) == 0
    assert entry(library, "2021-08-27") == (
        "date: 2021-08-27\n"
        "day: 1\n"
        "readings:\n"
        "  - {paper: vaswani2017attention, pass: 1}\n"
        "notes: |\n"
        "  Read [a paper](https://arxiv.org/pdf/1706.03762.pdf), and [another](https://arxiv.org/abs/1409.0473).\n"
        "  ![heads](images/heads.png)\n"
    )
    assert entry(library, "2021-08-28") == (
        "date: 2021-08-28\n"
        "day: 2\n"
        "title: A title\n"
        "notes: |\n"
        "  It works: 50 %, [[ &#123;{ x }}.\n"
        "  the code (`code/x.ipynb`)\n"
    )
    assert entry(library, "2021-08-30") == (
        "date: 2021-08-30\nday: 4\ntitle: Days 4 to 5\nnotes: |\n  \\#100DaysOfCode\n"
    )
    assert entry(library, "2021-09-01") == "date: 2021-09-01\nday: 6\ntitle: Day 6\n"
    assert (library / "docs/journal/images/heads.png").read_bytes() == PNG
    assert problems(library) == []
    out, err = capsys.readouterr()
    assert out.endswith("4 days: 4 new, 1 image\n")
    assert err == (
        f"{log}:1-3: belongs to no day: # My days …\n"
        f"{log}:13: code/x.ipynb leads to no page here: its address stands beside the words\n"
        f"{log}:7: arXiv 1409.0473 has no note, so that its reading is not recorded\n"
        "hint: import again with --add-papers, or after `threepass add`: readings are then put in\n"
    )
    assert "What this is." in (library / "journal/imported/days-readme.unplaced.md").read_text()


def test_a_dry_run_says_what_would_be_and_writes_nothing(
    library: Path, log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(library)
    assert imported(log, "--dry-run") == 0
    assert files(library) == before
    assert capsys.readouterr().out == (
        f"new        journal/2021/2021-08-27.yml  {log}:5  date from --start\n"
        f"new        journal/2021/2021-08-28.yml  {log}:10  date from --start\n"
        f"new        journal/2021/2021-08-30.yml  {log}:15  date from --start\n"
        f"new        journal/2021/2021-09-01.yml  {log}:19  date from --start\n"
        "image      docs/journal/images/heads.png\n"
        "4 days: 4 new, 1 image (nothing was written)\n"
    )


def test_importing_twice_changes_nothing(library: Path, log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    imported(log)
    before = files(library)
    capsys.readouterr()
    assert main(["import", "daylog", str(log)]) == 0  # the start is remembered
    assert files(library) == before
    assert capsys.readouterr().out == "4 days: 4 unchanged, 1 image\n"


def test_an_import_that_was_cut_off_is_taken_up(library: Path, log: Path) -> None:
    imported(log)
    whole = files(library)
    (library / "journal/imported/days-readme.json").unlink()
    (library / "journal/2021/2021-08-28.yml").unlink()
    imported(log)
    assert files(library) == whole


def test_a_log_that_has_grown_is_merged_and_edits_made_here_stay(library: Path, log: Path) -> None:
    imported(log)
    path = library / "journal/2021/2021-08-27.yml"
    path.write_text(path.read_text().replace("notes: |", "minutes: 30  # about\nnotes: |") + "\n  My own thought.\n")
    grown = LOG.replace("Read [a paper]", "I read [a paper]").replace(
        "## Day 6\n", "## Day 6\n\nNow with text.\n\n## Day 7\n\nx\n"
    )
    log.write_text(grown)
    assert imported(log) == 0
    assert entry(library, "2021-08-27") == (
        "date: 2021-08-27\n"
        "day: 1\n"
        "readings:\n"
        "  - {paper: vaswani2017attention, pass: 1}\n"
        "minutes: 30  # about\n"
        "notes: |\n"
        "  I read [a paper](https://arxiv.org/pdf/1706.03762.pdf), and [another](https://arxiv.org/abs/1409.0473).\n"
        "  ![heads](images/heads.png)\n"
        "\n"
        "  My own thought.\n"
    )
    assert entry(library, "2021-09-01").endswith("notes: |\n  Now with text.\n")
    assert entry(library, "2021-09-02") == "date: 2021-09-02\nday: 7\nnotes: |\n  x\n"
    before = files(library)
    assert imported(log) == 0
    assert files(library) == before


def test_what_was_changed_on_both_sides_stays_as_it_is_here_and_is_said(
    library: Path, log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    imported(log)
    path = library / "journal/2021/2021-08-28.yml"
    path.write_text(path.read_text().replace("It works", "It works here").replace("A title", "My title"))
    mine = path.read_text()
    log.write_text(LOG.replace("It works", "It works there").replace("A title", "Their title"))
    for _ in range(2):  # until it is settled
        capsys.readouterr()
        assert imported(log) == 0
        assert path.read_text() == mine
        out, err = capsys.readouterr()
        assert out.endswith("4 days: 3 unchanged, 1 kept, 1 image\n")
        assert f"{log}:10: was changed here and in the log; ours stays, and the log says: It works there: 50 %" in err
        assert f"{log}:10: has another title here, and in the log now: Their title" in err


def test_a_day_that_was_deleted_here_stays_deleted(
    library: Path, log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    imported(log)
    (library / "journal/2021/2021-08-28.yml").unlink()
    imported(log)
    assert not (library / "journal/2021/2021-08-28.yml").exists()
    log.write_text(LOG.replace("It works", "It worked"))
    capsys.readouterr()
    imported(log)
    assert not (library / "journal/2021/2021-08-28.yml").exists()
    assert f"{log}:10: has changed, and there is no entry 2021-08-28 any more" in capsys.readouterr().err


def test_a_day_that_is_gone_from_the_log_stays_here(
    library: Path, log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    imported(log)
    log.write_text(LOG.replace("## Day 6\n", ""))
    assert imported(log) == 0
    assert entry(library, "2021-09-01")
    assert "day 6 is no longer in the log: entry 2021-09-01 stays" in capsys.readouterr().err


def test_a_number_that_was_mended_makes_no_second_entry(library: Path, log: Path) -> None:
    log.write_text("## Day 1\n\nOne text.\n\n## Day 1\n\nAnother text.\n")
    imported(log)
    log.write_text("## Day 1\n\nOne text.\n\n## Day 2\n\nAnother text.\n")
    before = files(library)
    imported(log)
    assert files(library) == before


def test_a_paper_that_has_got_a_note_since_is_put_in(library: Path, log: Path) -> None:
    imported(log)
    note = (library / "papers/vaswani2017attention.md").read_text()
    front = note[: note.index("\n---\n", 4)].split("\nreadings:")[0].split("\nclaims:")[0]
    assert "1706.03762" in front
    other = (
        "---\ntitle: Neural Machine Translation\nauthors: [D. Bahdanau]\npublished: 2014-09-01\narxiv: 1409.0473\n---\n"
    )
    (library / "papers/bahdanau2014neural.md").write_text(other)
    assert imported(log) == 0
    assert "  - {paper: bahdanau2014neural, pass: 1}\n" in entry(library, "2021-08-27")
    assert problems(library) == []


@pytest.fixture
def arxiv(arxiv_is_here, monkeypatch: pytest.MonkeyPatch):
    """The loopback server, which knows the paper that the log links to and the library lacks; no pause lasts."""
    hurried = Manners(delay=0.0, timeout=60.0, sleep=lambda _: None)
    monkeypatch.setattr("threepass.authoring.asking.fetch", partial(fetch, manners=hurried))
    arxiv_is_here.knows(
        arxiv_is_here.Entry("1409.0473v7", published="2014-09-01T16:33:02Z", authors=("Dzmitry Bahdanau",))
    )
    return arxiv_is_here


def test_papers_that_the_log_links_to_are_added_and_read(arxiv, library: Path, log: Path) -> None:
    asked = ["import", "daylog", str(log), "--start", "2021-08-27", "--add-papers"]
    assert main(asked) == 0
    assert [list(ids) for ids in arxiv.asked] == [["1409.0473"]]
    read = [reading.paper for reading in load(library).by_name["2021-08-27"].day.readings]
    assert read == ["vaswani2017attention", "bahdanau2014title"]
    assert problems(library) == []

    before = files(library)
    assert main(asked) == 0
    assert files(library) == before
    assert len(arxiv.asked) == 1


def test_a_dry_run_names_the_papers_and_asks_for_none(arxiv, library: Path, log: Path, capsys) -> None:
    before = files(library)
    assert main(["import", "daylog", str(log), "--start", "2021-08-27", "--add-papers", "--dry-run"]) == 0
    assert f"{log}:7: arXiv 1409.0473 would be added" in capsys.readouterr().err
    assert arxiv.asked == []
    assert files(library) == before


def test_a_paper_that_arxiv_does_not_give_is_said_and_the_days_are_kept(
    arxiv, library: Path, log: Path, capsys
) -> None:
    log.write_text(LOG.replace("1409.0473", "1409.9999"))
    assert main(["import", "daylog", str(log), "--start", "2021-08-27", "--add-papers"]) == 1
    said = capsys.readouterr()
    assert "4 days: 4 new" in said.out
    assert f"{log}:7: 1409.9999: arXiv knows no 1409.9999" in said.err.splitlines()
    assert "Traceback" not in said.err
    assert problems(library) == []


def test_days_of_the_library_and_of_the_log_stand_side_by_side(library: Path, log: Path) -> None:
    (library / "journal/2021").mkdir(parents=True)
    mine = library / "journal/2021/2021-08-27.yml"
    mine.write_text("date: 2021-08-27\nnotes: Mine.\n")
    imported(log)
    assert mine.read_text() == "date: 2021-08-27\nnotes: Mine.\n"
    assert entry(library, "2021-08-27-2").startswith("date: 2021-08-27\nday: 1\n")
    assert problems(library) == []


def test_a_number_that_does_not_rise_goes_into_the_title(
    library: Path, log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log.write_text(
        "## Day 1: July 6, 2018\na\n## Day 61: July 7, 2018\nb\n## Day 3: July 8, 2018\nc\n## Day 3: July 8, 2018\nd"
    )
    assert main(["import", "daylog", str(log)]) == 0
    assert entry(library, "2018-07-07") == "date: 2018-07-07\ntitle: Day 61\nnotes: |\n  b\n"
    assert entry(library, "2018-07-08-2") == "date: 2018-07-08\nday: 3\nnotes: |\n  d\n"
    assert f"{log}:3: Day 61: the number goes into the title" in capsys.readouterr().err
    assert problems(library) == []


def test_the_example_of_a_new_library_does_not_take_the_days_their_numbers(
    tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_example(tmp_path / "new")
    monkeypatch.chdir(tmp_path / "new")
    asked = ["import", "daylog", str(log), "--start", "2021-08-27"]
    before = files(tmp_path / "new")
    assert main(asked) == 1
    said = capsys.readouterr().err
    assert f"journal/2024/{TODAY}.yml is the example of `threepass init`" in said
    assert "hint: delete it" in said
    assert files(tmp_path / "new") == before

    (tmp_path / "new" / f"journal/2024/{TODAY}.yml").unlink()
    assert main(asked) == 0
    assert [one.day.day for one in load(tmp_path / "new").entries] == [1, 2, 4, 6]


def test_dates_come_from_git_where_the_headings_have_none(library: Path, log: Path) -> None:
    def git(*words: str, date: str = "2021-09-01") -> None:
        who = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"]
        when = f"{date}T12:00:00"
        environment = {**os.environ, "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
        subprocess.run(["git", *who, *words], cwd=log.parent, env=environment, check=True, capture_output=True)

    git("init", "-q")
    git("remote", "add", "origin", "https://github.com/someone/days.git")
    log.write_text("## Day 1\na\n")
    git("add", "README.md")
    git("commit", "-qm", "x", date="2021-09-03")
    log.write_text(
        "## Day 1\na\n## Day 2\n[b](b.md)\n![c](https://github.com/someone/days/blob/main/images/heads.png)\n"
    )
    git("commit", "-qam", "x", date="2021-09-08")
    assert main(["import", "daylog", str(log)]) == 0
    assert entry(library, "2021-09-03") == "date: 2021-09-03\nday: 1\nnotes: |\n  a\n"
    assert entry(library, "2021-09-08") == (
        "date: 2021-09-08\nday: 2\nnotes: |\n"
        "  [b](https://github.com/someone/days/blob/HEAD/b.md)\n"
        "  ![c](images/heads.png)\n"
    )


def test_without_dates_the_start_is_asked_for(library: Path, log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = files(library)
    assert main(["import", "daylog", str(log)]) == 2
    assert files(library) == before
    assert capsys.readouterr().err == (
        f"{log}:5: no date is known of 4 days, first of: ## Day1:\nhint: say when the log began: --start 2021-08-27\n"
    )


def test_a_date_that_may_be_two_is_asked_for(library: Path, log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log.write_text("## Day 1: 04/10/2019\na")
    assert main(["import", "daylog", str(log)]) == 2
    assert capsys.readouterr().err.endswith("\nhint: say --day-first or --month-first\n")
    assert main(["import", "daylog", str(log), "--day-first"]) == 0
    assert entry(library, "2019-10-04")


@pytest.mark.parametrize(
    ("content", "words", "code", "told"),
    [
        (b"# Index\n\n- [Day 1](#day-1)\n", [], 1, "holds no days\n"),
        (b"## Day 1\n\xff", [], 1, "is not UTF-8 (byte 9)\n"),
        (LOG.encode(), ["--as", "../x"], 2, "'../x' is no name\n"),
        (LOG.encode(), ["--base", "here"], 2, "'here' is not a web address\n"),
        (LOG.encode(), ["--start", "27.8.2021"], 2, "'27.8.2021' is not a date"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(
    library: Path, log: Path, capsys: pytest.CaptureFixture[str], content: bytes, words: list[str], code: int, told: str
) -> None:
    log.write_bytes(content)
    before = files(library)
    assert main(["import", "daylog", str(log), *words]) == code
    assert told in capsys.readouterr().err
    assert files(library) == before


def test_a_log_that_is_not_there_is_refused(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "daylog", str(library / "nothing.md")]) == 1
    assert "nothing.md cannot be read: No such file" in capsys.readouterr().err


def test_a_broken_record_is_refused(library: Path, log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    imported(log)
    record = library / "journal/imported/days-readme.json"
    for broken in ("{", "[]", '{"texts": {"day 1": 3}}', '{"texts": {"day 1": {"name": "x"}}}'):
        record.write_text(broken)
        capsys.readouterr()
        assert imported(log) == 1
        assert capsys.readouterr().err.startswith("days-readme.json does not hold what was imported\n")


def test_only_images_that_lie_with_the_log_are_copied(library: Path, log: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(PNG)
    (log.parent / "evil.svg").write_text("<svg onload='x()'/>")
    (log.parent / "fine.svg").write_text("<svg><path/></svg>")
    (log.parent / "text.png").write_text("no image")
    (log.parent / "link.png").symlink_to(tmp_path / "secret.png")
    (log.parent / "other").mkdir()
    (log.parent / "other" / "heads.png").write_bytes(PNG + b"2")
    names = ["../secret.png", "/etc/passwd", "evil.svg", "text.png", "link.png", "%00.png", "fine.svg"]
    names += ["images/heads.png", "other/heads.png", "//[x.png"]
    log.write_text("## Day 1\n\n" + "\n".join(f"![x]({name})" for name in names))
    assert imported(log) == 0
    copies = sorted(path.name for path in (library / "docs/journal/images").iterdir())
    assert [name for name in copies if not name.startswith("heads-")] == ["fine.svg", "heads.png"]
    assert len(copies) == 3
    assert entry(library, "2021-08-27").count("`![x](") == 7
    before = files(library)
    imported(log)
    assert files(library) == before


def test_a_log_is_remembered_by_its_name_and_folder(tmp_path: Path) -> None:
    (tmp_path / "My Days").mkdir()
    (tmp_path / "My Days" / "README.md").write_text("x")
    assert source_name(tmp_path / "My Days" / "README.md") == "my-days-readme"


def test_a_log_that_was_moved_does_not_come_twice(library: Path, log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert imported(log) == 0
    mine = library / "journal/2021/2021-08-28.yml"
    mine.write_text(mine.read_text().replace("It works", "It works well"))
    before = files(library)
    log.parent.rename(log.parent.with_name("elsewhere"))
    log = log.parent.with_name("elsewhere") / log.name
    log.write_text(LOG.replace("Read [a paper]", "I read [a paper]"))
    capsys.readouterr()
    assert imported(log) == 1
    hint = "`--as days-readme` goes on with that log, `--as` with another name makes a new one"
    said = f"most of its days were imported before, as those of 'days-readme'\nhint: {hint}\n"
    assert capsys.readouterr().err == said
    assert files(library) == before
    assert imported(log, "--as", "days-readme") == 0
    assert [path for path in files(library) if path.endswith("-2.yml")] == []
    other = log.with_name("other.md")
    other.write_text("## Day 1\n\nSomething else.\n")
    assert imported(other) == 0


PIECES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["\n## Day 1\n", "\n## Day 2: x\n", "\n**Day 3**: y\n", "\n`DAY-4` : z\n", "\n## Day 5-7\n", "\n## R2D1\n",
         "\n## 2019/04/10\n", "\n# Day 9: February 30, 2016\n", "\n```\n", "\n---\n",
         "\n| Day | What |\n|---|---|\n| 1 | x |\n",
         "[a](b.md)", "![a](b.png)", "[[x]]", "{{ a/b }}", "$x$", "$$", "<b>", "[1]: u", "\r\n", "\t", "\x00", "\u2028"]
    ),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=40)
@given(text=st.lists(PIECES, max_size=15).map("".join))
def test_any_text_gives_a_plan_and_loses_no_line(library: Path, log: Path, text: str) -> None:
    log.write_bytes(text.encode("utf-8", "replace"))
    plan = plan_daylog(library, log, Options(start=START))
    assert not plan.problems
    for day in plan.days:
        assert day.done == "new" or day.dated.date is None
    taken = {number for day in plan.days for number in range(day.dated.day.first, day.dated.day.last + 1)}
    taken |= {number for run in plan.unplaced for number in range(run.first, run.last + 1)}
    read = log.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert {number for number, line in enumerate(read, start=1) if seen(line).strip()} <= taken


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=12)
@given(texts=st.tuples(*[st.lists(PIECES, max_size=8).map("".join)] * 2))
def test_any_log_is_imported_and_any_other_in_its_place_is_merged(
    library: Path, log: Path, texts: tuple[str, str]
) -> None:
    for text in (*texts, texts[-1]):
        log.write_bytes(text.encode("utf-8", "replace"))
        before = files(library)
        plan = import_daylog(library, log, Options(start=START))
        assert not plan.problems
        assert problems(library) == []
    assert files(library) == before or plan.undated or not plan.days
    for path in (*(library / "journal").rglob("*.yml"), *(library / "journal").rglob("*.json")):
        path.unlink()
