"""A folder becomes a library: found by key, date, topic and arXiv id; linked both ways; counted."""

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from generate import BASE

from threepass.citing.bibtex import to_bibtex
from threepass.library import Entry, Library, hint_at_paper, load, resolve
from threepass.library_root import find_root
from threepass.models import Day
from threepass.pages.calendar import year_of
from threepass.source import Document
from threepass.standing.progress import current_streak, progress

NOTE = """---
title: Attention Is All You Need
authors: [Ashish Vaswani, Noam Shazeer]
published: 2017-06-12
arxiv: 1706.03762
categories: [cs.CL]
doi: 10.1000/a_b
topics: [attention]
readings:
  - {pass: 1, date: 2021-08-25}
---
## First pass

It builds on [[bahdanau2014neural]] (twice: [[bahdanau2014neural]]).
"""


def day(date: str, text: str = "", *, name: str = "") -> tuple[str, str]:
    return f"journal/{date[:4]}/{name or date}.yml", f"date: {date}\ntitle: The day {date}\n{text}"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    root = tmp_path / "notes"
    shutil.copytree(BASE, root)
    files = dict(
        [
            day("2021-08-24", "day: 1\ngoals: [read]\nminutes: 30\n"),
            day("2021-08-25", "day: 2\nreadings:\n  - {paper: bahdanau2014neural, pass: 1, minutes: 20}\n"),
            day("2021-08-27", "day: 3\ngoals: [read, build]\nnotes: After [[2021-08-25]], [[vaswani2017attention]].\n"),
            day("2021-08-27", "topics: [nlp]\n", name="2021-08-27-2"),
            day("2021-08-28", "contributions:\n  - {title: A, url: 'https://example.org/1', status: open}\n"),
            day("2021-08-29", "contributions:\n  - {title: A, url: 'https://example.org/1', status: merged}\n"),
        ]
    )
    for path, text in (files | {"papers/vaswani2017attention.md": NOTE}).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    loaded = load(root)
    assert loaded.problems == ()
    return loaded


def test_entries_come_by_date_and_the_second_of_a_date_after_the_first(library: Library) -> None:
    names = [entry.name for entry in library.entries]
    assert names == ["2021-08-24", "2021-08-25", "2021-08-27", "2021-08-27-2", "2021-08-28", "2021-08-29"]
    assert [entry.name for entry in library.by_date[dt.date(2021, 8, 27)]] == ["2021-08-27", "2021-08-27-2"]


@pytest.mark.parametrize("name", ["vaswani2017attention", "1706.03762", "1706.03762v5", "arXiv:1706.03762"])
def test_a_paper_is_found_by_key_and_by_arxiv_id(library: Library, name: str) -> None:
    found = resolve(library, name)
    assert found is not None
    assert found.key == "vaswani2017attention"


def test_what_is_not_there_is_not_found(library: Library) -> None:
    assert resolve(library, "1706.03763") is None
    assert library.find("nobody2020nothing") is None


def test_topics_hold_entries_and_notes(library: Library) -> None:
    entries, notes = library.topics["attention"]
    assert [note.key for note in notes] == ["bahdanau2014neural", "vaswani2017attention"]
    assert entries == ()
    assert [entry.name for entry in library.topics["nlp"][0]] == ["2021-08-27-2"]


def test_the_pass_of_a_paper_follows_from_its_note_and_from_the_days(library: Library) -> None:
    assert [library.pass_of(key) for key in ("bahdanau2014neural", "vaswani2017attention")] == [1, 1]
    (reading,) = library.passes["bahdanau2014neural"]
    assert (reading.number, reading.date, reading.minutes, reading.entry) == (
        1, dt.date(2021, 8, 25), 20, "2021-08-25",
    )  # fmt: skip
    assert library.pass_of("nobody2020nothing") == 0


def test_a_pass_that_a_note_and_a_day_record_is_one(library: Library) -> None:
    path = library.root / "papers/vaswani2017attention.md"
    own = "{pass: 1, date: 2021-08-25, minutes: 25}\n  - {pass: 1, date: 2021-08-26}"
    path.write_text(NOTE.replace("{pass: 1, date: 2021-08-25}", own))
    reading = "\nreadings:\n  - {paper: vaswani2017attention, pass: 1}\n  - {paper: bahdanau2014neural"
    day = library.root / "journal/2021/2021-08-25.yml"
    day.write_text(day.read_text().replace("\nreadings:\n  - {paper: bahdanau2014neural", reading))
    passes = load(library.root).passes["vaswani2017attention"]
    assert [(one.date.day, one.minutes, one.entry) for one in passes] == [(25, 25, "2021-08-25"), (26, None, None)]


def test_backlinks_name_each_source_once(library: Library) -> None:
    found = {target: [(link.source, link.kind) for link in links] for target, links in library.backlinks.items()}
    assert found["bahdanau2014neural"] == [("2021-08-25", "pass 1"), ("vaswani2017attention", "link")]
    assert found["2021-08-25"] == [("2021-08-27", "link")]
    assert found["vaswani2017attention"] == [("2021-08-27", "link")]


def test_progress_counts_days_and_not_entries(library: Library) -> None:
    made = progress(library)
    assert (made.days, made.streak, made.longest_streak) == (5, 3, 3)
    assert made.minutes == 30 + 20
    assert made.contributions == 1
    assert made.goals == {"read": 2, "build": 1}
    assert made.papers_by_pass == (0, 2, 0, 0)


def test_a_streak_lives_until_a_whole_day_is_missed() -> None:
    dates = [dt.date(2021, 8, 24), dt.date(2021, 8, 25), dt.date(2021, 8, 27)]
    assert current_streak(dates[:2], today=dt.date(2021, 8, 25)) == 2
    assert current_streak(dates[:2], today=dt.date(2021, 8, 26)) == 2
    assert current_streak(dates[:2], today=dt.date(2021, 8, 27)) == 0
    assert current_streak(dates, today=dt.date(2021, 8, 27)) == 1
    assert current_streak([], today=dt.date(2021, 8, 27)) == 0


def test_a_calendar_holds_every_day_of_the_year_once(library: Library) -> None:
    calendar = year_of(library, 2021)
    dates = sorted(cell.date for row in calendar.rows for cell in row if cell)
    assert dates == [dt.date(2021, 1, 1) + dt.timedelta(number) for number in range(365)]
    assert [row[1].date.weekday() for row in calendar.rows if row[1]] == list(range(7))
    assert sum(span for _, span in calendar.months) == len(calendar.rows[0])
    levels = {cell.date.day: cell.level for row in calendar.rows for cell in row if cell and cell.entries}
    assert levels == {24: 1, 25: 1, 27: 2, 28: 1, 29: 1}


@pytest.mark.parametrize(
    ("notes", "below"),
    [
        ("One line.\n", ""),
        ("One line.\n\nAnd more.\n", "And more."),
        ("A line that\ngoes on.\n", "A line that\ngoes on.\n"),
        ("See [[2021-08-24]].\n", "See [[2021-08-24]].\n"),
        ("- an item\n", "- an item\n"),
        ("Words " * 20 + "\n", "Words " * 20 + "\n"),
    ],
)
def test_a_line_that_serves_as_the_title_is_not_said_twice(notes: str, below: str) -> None:
    document = Document(Path(), "", {})
    entry = Entry("2021-08-24", Day(date=dt.date(2021, 8, 24), notes=notes), document)
    assert entry.below_title == below
    assert replace(entry, day=Day(date=dt.date(2021, 8, 24), title="Named", notes=notes)).below_title == notes


@pytest.mark.parametrize("year", [1, 1970, 2000, 9999])
def test_the_first_and_the_last_year_have_a_calendar(library: Library, year: int) -> None:
    cells = [cell.date for row in year_of(library, year).rows for cell in row if cell]
    assert (min(cells), max(cells)) == (dt.date(year, 1, 1), dt.date(year, 12, 31))
    assert len(cells) == dt.date(year, 12, 31).timetuple().tm_yday


def test_bibtex_names_the_arxiv_paper(library: Library) -> None:
    made = to_bibtex(library.notes["vaswani2017attention"])
    assert made.splitlines()[0] == "@misc{vaswani2017attention,"
    assert "author      = {Ashish Vaswani and Noam Shazeer}," in made
    assert "eprint      = {1706.03762}," in made
    assert "eprintclass = {cs.CL}," in made
    assert "doi         = {10.1000/a_b}," in made  # addresses stay verbatim


def test_the_root_is_found_from_below(library: Library) -> None:
    assert find_root(library.root / "journal" / "2021") == library.root.resolve()
    assert find_root(Path("/")) is None


def test_a_library_with_nothing_but_a_configuration_is_one(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("site_name: Notes\nplugins:\n  - threepass\n")
    empty = load(tmp_path)
    assert (empty.entries, dict(empty.notes), empty.problems) == ((), {}, ())
    assert progress(empty).longest_streak == 0


def test_where_no_note_is_the_nearest_key_is_named_or_how_one_is_made(library: Library) -> None:
    assert hint_at_paper(library, "vaswani2017atention") == "did you mean 'vaswani2017attention'?"
    assert hint_at_paper(library, "Vaswani") == "did you mean 'vaswani2017attention'?"
    assert hint_at_paper(library, "zzz") == "`threepass add` makes a paper's note"


def test_no_hint_would_put_a_file_in_the_place_of_another(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("site_name: Notes\nplugins:\n  - threepass\n")
    journal = tmp_path / "journal/2021"
    journal.mkdir(parents=True)
    for name in ("2021-08-27.yml", "2021-08-26.yml", "notes.yml", "2021-08-27.yaml", "2021-08-25-2.yaml"):
        (journal / name).write_text("date: 2021-08-27\ntitle: x\n")
    hints = [problem.hint for problem in load(tmp_path).problems]
    assert hints == [
        "rename it to 2021-08-25-2.yml",
        "rename the file to 2021-08-27-2.yml, or mend the date",
        "rename it to 2021-08-27-2.yml",
        "rename it to 2021-08-27-2.yml",
    ]
