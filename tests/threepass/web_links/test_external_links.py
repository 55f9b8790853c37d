"""`threepass check --links`: which addresses are asked, what is remembered, and what is said at which line."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from example_library import TODAY, write_example
from web_server import Reply, serving

from threepass.cli import main
from threepass.library import load
from threepass.web_links.external_links import addresses, external_links, to_ask
from threepass.web_links.link_answers import LIFETIMES, Answer, KnownAnswers, Verdict


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library without notes and days, in the working directory, and an empty cache."""
    root = write_example(tmp_path / "library")
    for path in (*root.glob("papers/*.md"), *root.glob("journal/**/*.yml"), *root.glob("docs/*.md")):
        path.unlink()
    monkeypatch.chdir(root)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return root


def day(root: Path, text: str, *, date: str = "2021-08-27") -> None:
    path = root / "journal" / date[:4] / f"{date}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"date: {date}\n{text}", "utf-8")


@pytest.mark.parametrize(
    ("markdown", "found"),
    [
        ("See https://a.org/x.", ["https://a.org/x"]),
        ("[it](https://a.org/x_(y)), or <https://a.org/z.>", ["https://a.org/x_(y)", "https://a.org/z."]),
        ("(https://a.org/x)", ["https://a.org/x"]),
        ("Is it https://a.org/x?b=c&amp;d#e?", ["https://a.org/x?b=c&d#e"]),
        ("`https://a.org` and\n\n```\nhttps://c.org\n```\n", []),
        ("<!-- https://a.org --> HTTP://b.org", ["HTTP://b.org"]),
        (r"https://a.org/x\_y", ["https://a.org/x_y"]),
        ("<a href='https://a.org/x'>it</a>", ["https://a.org/x"]),
        ("ftp://a.org, //b.org, www.c.org", []),
    ],
)
def test_the_addresses_of_a_text(markdown: str, found: list[str]) -> None:
    assert [address for _, address in addresses(markdown)] == found
    assert all(markdown[place:].lower().startswith("http") for place, _ in addresses(markdown))


def test_days_notes_and_pages_are_asked_once_with_their_first_day(library: Path) -> None:
    day(library, "title: a\nlinks:\n  - {title: it, url: 'https://a.org/x'}\n")
    day(library, "title: b\nnotes: See https://a.org/x#part and https://b.org.\n", date="2021-08-29")
    head = "title: A\nauthors: [Ada Bee]\npublished: 2017-06-12\narxiv: 1706.03762\nversion: 5"
    (library / "papers" / "bee2017a.md").write_text(f"---\n{head}\n---\n## First pass\n\nA.\n")
    (library / "docs").mkdir(exist_ok=True)
    (library / "docs" / "index.md").write_text("# Home\n\n[c](https://c.org)\n")
    links = list(external_links(load(library)))
    assert to_ask(links, today=TODAY) == {
        "https://a.org/x": dt.date(2021, 8, 27),
        "https://b.org": dt.date(2021, 8, 29),
        "https://arxiv.org/abs/1706.03762v5": TODAY,
        "https://c.org": TODAY,
    }
    assert {link.address for link in links if not link.shown} == {"https://arxiv.org/abs/1706.03762v5"}
    problems = {link.address: link.problem("P070", "dead", "") for link in links}
    assert (problems["https://c.org"].path, problems["https://c.org"].line) == (Path("docs/index.md"), 3)
    assert problems["https://a.org/x#part"].line == 3


@pytest.mark.parametrize("verdict", list(Verdict))
def test_answers_are_remembered_for_a_time(tmp_path: Path, verdict: Verdict) -> None:
    moment = 1e9
    known = KnownAnswers(tmp_path / "links", lambda: moment)
    known.put("https://a.org", Answer(verdict=verdict, reason="x"))
    known.put("https://b.org", Answer(verdict=verdict, reached=False))
    moment += LIFETIMES[verdict] - 1
    assert known.get("https://a.org") == Answer(verdict=verdict, reason="x")
    assert known.get("https://b.org") is None, "nobody answered"
    moment += 2
    assert known.get("https://a.org") is None
    (file,) = (tmp_path / "links").iterdir()
    file.write_text("broken")
    assert known.get("https://a.org") is None


def test_a_dead_link_is_a_problem_at_its_line_with_an_archived_copy(
    library: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = "https://web.archive.org/web/2021/http://x"
    with serving() as web:
        closest = {"available": True, "url": copy}
        archive = web.page("/archive", Reply(body=json.dumps({"archived_snapshots": {"closest": closest}})))
        monkeypatch.setenv("THREEPASS_ARCHIVE_URL", archive)
        gone = web.url("/gone#there")
        day(library, f"title: a\nnotes: |\n  One.\n\n  See {gone}, and [this]({gone}).\n")
        assert main(["check"]) == 0, "nobody is asked without --links"
        assert web.asked == []
        assert main(["check", "--links"]) == 1
        out = capsys.readouterr().out
        assert f"journal/2021/2021-08-27.yml:6:7: P070 {gone} is dead: 404" in out
        assert out.count("P070") == 2
        assert f"hint: an archived copy is at {copy}" in out
        asked = list(web.asked)
        assert [request.partition("?")[0] for request in asked] == ["HEAD /gone", "GET /gone", "GET /archive"]
        assert main(["check", "--links"]) == 1
        assert web.asked == asked, "the answer is remembered"


def test_without_a_network_nothing_is_called_dead(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    day(library, "title: a\nnotes: See http://nobody.invalid/x.\n")
    assert main(["check", "--links"]) == 1
    said = capsys.readouterr()
    assert "no host on the web can be reached" in said.err
    assert "P070" not in said.out
