"""The history of a file, from git."""

import datetime as dt
import os
import subprocess
from pathlib import Path

import pytest

from threepass.importers.git_history import Commit, commits_of, top_of, web_address


def git(folder: Path, *arguments: str, day: int = 1) -> None:
    date = f"2021-09-{day:02d}T23:30:00+0900"
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(
        ["git", *who, *arguments], cwd=folder, check=True, capture_output=True,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_AUTHOR_DATE": date,
             "GIT_COMMITTER_DATE": "2022-01-01T00:00:00Z"},
    )  # fmt: skip


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log that was renamed, in a repository with a folder."""
    git(tmp_path, "init", "-q")
    (tmp_path / "notes").mkdir()
    old = tmp_path / "notes" / "log.md"
    for day, text in enumerate(
        ["# Log\n\nAbout it.\n\n## Day 1\n", "# Log\n\nAbout it.\n\n## Day 1\na\n\n## Day 2\n"], start=1
    ):
        old.write_text(text)
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "-qm", "x", day=day)
    git(tmp_path, "mv", "notes/log.md", "notes/README.md")
    git(tmp_path, "commit", "-qm", "rename", day=3)
    new = tmp_path / "notes" / "README.md"
    new.write_text(new.read_text().replace("# Log", "# My log"))
    git(tmp_path, "commit", "-qam", "title", day=4)
    return new


def test_commits_come_oldest_first_with_the_day_of_their_author_also_before_a_renaming(log: Path) -> None:
    first, second, _, fourth = commits_of(log)
    assert first == Commit(dt.date(2021, 9, 1), ("# Log", "", "About it.", "", "## Day 1"), ())
    assert (second.date, second.added) == (dt.date(2021, 9, 2), ("a", "", "## Day 2"))
    assert (fourth.added, fourth.removed) == (("# My log",), ("# Log",))


def test_where_no_repository_is_there_is_no_history(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text("x")
    assert (commits_of(tmp_path / "x.md"), top_of(tmp_path / "x.md"), web_address(tmp_path / "x.md")) == ((), None, "")


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://github.com/someone/some-log.git", "https://github.com/someone/some-log/blob/HEAD/notes/"),
        ("git@github.com:someone/some-log.git", "https://github.com/someone/some-log/blob/HEAD/notes/"),
        ("https://token@gitlab.com/a/b/c", "https://gitlab.com/a/b/c/blob/HEAD/notes/"),
        ("/srv/git/log.git", ""),
    ],
)
def test_the_address_of_a_logs_folder_follows_from_its_remote(log: Path, remote: str, address: str) -> None:
    git(log.parent, "remote", "add", "origin", remote)
    assert web_address(log) == address
