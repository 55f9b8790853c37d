"""Where the author stands this week, and what waits longest."""

import datetime as dt
from pathlib import Path

from threepass.ledger import ledger, source_tree
from threepass.library import load
from threepass.standing.overview import Overview, as_data, as_lines, overview

SATURDAY = dt.date(2021, 9, 4)


def standing(root: Path, days: dict[str, str], papers: dict[str, str]) -> Overview:
    """The overview on a Saturday, of days with a goal and papers with readings."""
    (root / "journal/2021").mkdir(parents=True)
    (root / "papers").mkdir()
    (root / "mkdocs.yml").write_text(
        "plugins:\n  - threepass:\n      challenge: {name: x, days: 30}\n"
        "      goals: {walk: {title: Walk, color: '#3b6fd4'}, read: {title: Read}}\n"
    )
    for date, goal in days.items():
        text = f"date: {date}\ngoals: [{goal}]\nnotes: See [[bee2017unread]].\n"
        (root / f"journal/2021/{date}.yml").write_text(text)
    for key, readings in papers.items():
        head = f"title: T {key}\nauthors: [A]\npublished: 2017-06-12\nurl: https://example.org\nreadings: {readings}\n"
        (root / f"papers/{key}.md").write_text(f"---\n{head}---\n")
    library = load(root)
    assert library.problems == ()
    return overview(library, ledger(library, source_tree(library)), today=SATURDAY)


def test_a_week_begins_on_monday_and_the_goals_are_those_of_mkdocs_yml(tmp_path: Path) -> None:
    days = {"2021-08-29": "read", "2021-08-30": "read", "2021-09-04": "walk", "2021-09-05": "walk"}
    found = standing(tmp_path, days, {"bee2017unread": "[]"})
    assert found.goals == {"walk": 2, "read": 2}
    assert found.goals_this_week == {"walk": 1, "read": 1}
    assert found.of == 30
    assert "         this week: walk 1 · read 1" in list(as_lines(found))


def test_what_waits_longest_goes_first_and_what_was_read_in_depth_does_not_wait(tmp_path: Path) -> None:
    found = standing(
        tmp_path,
        {"2021-08-30": "read"},
        {
            "bee2017unread": "[]",
            "bee2017never": "[]",
            "bee2017one": "[{pass: 1, date: 2021-08-25}]",
            "bee2017all": "[{pass: 1, date: 2021-08-01}, {pass: 2, date: 2021-08-01}, {pass: 3, date: 2021-08-01}]",
        },
    )
    assert as_data(found)["waiting"] == [
        {"paper": "bee2017one", "pass": 2, "since": "2021-08-25", "days": 10},
        {"paper": "bee2017unread", "pass": 1, "since": "2021-08-30", "days": 5},
    ]
    assert list(as_lines(found))[-2:] == ["  bee2017one: pass 2, for 10 days", "  bee2017unread: pass 1, for 5 days"]


def test_a_week_without_goals_says_so(tmp_path: Path) -> None:
    assert "         this week: none yet" in list(as_lines(standing(tmp_path, {}, {"bee2017unread": "[]"})))
