"""`threepass update`: what arXiv has changed comes, what the author made stays. arXiv is a server on this machine."""

import dataclasses
import datetime as dt
import functools
import json
import shutil

import pytest

from threepass.cli import main
from threepass.importers import arxiv
from threepass.ledger import ledger, source_tree
from threepass.library import load
from threepass.pages import render
from threepass.standing.overview import as_data, as_lines, overview

KEY = "sundararajan2017axiomatic"


@pytest.fixture
def server(arxiv_is_here, monkeypatch):
    quick = functools.partial(arxiv.fetch, manners=arxiv.Manners(delay=0.0, sleep=lambda _: None))
    monkeypatch.setattr("threepass.authoring.asking.fetch", quick)
    authors = ("Mukund Sundararajan", "Ankur Taly")
    arxiv_is_here.knows(arxiv_is_here.Entry("1703.01365v2", title="Axiomatic Attribution", authors=authors))
    return arxiv_is_here


@pytest.fixture
def library(server, library, capsys):
    """A library with one paper from arXiv, and none else that is there."""
    (library / "papers/vaswani2017attention.md").unlink()
    (library / "journal/2024/2024-11-21.yml").unlink()
    assert main(["add", "1703.01365"]) == 0
    capsys.readouterr()
    return library


def tomorrow(server, tmp_path, **changes):
    """A day later, when arXiv says something else."""
    shutil.rmtree(tmp_path / "cache" / "threepass" / "arxiv")
    server.knows(dataclasses.replace(server.papers["1703.01365"], **changes))


def edit(library, old, new):
    path = library / "papers" / f"{KEY}.md"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return path.read_text()


def paper(library):
    return load(library).notes[KEY].paper


def news(doi="10.5555/3305890", venue="PMLR 70"):
    return f"<arxiv:journal_ref>{venue}</arxiv:journal_ref><arxiv:doi>{doi}</arxiv:doi>"


def test_without_news_nothing_is_written(library, server, tmp_path, capsys):
    tomorrow(server, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in (library / "papers").rglob("*.*")}
    assert main(["update"]) == 0
    assert capsys.readouterr() == ("1 paper: 0 changed, 1 as it was\n", "")
    assert {path: path.stat().st_mtime_ns for path in (library / "papers").rglob("*.*")} == before


def test_a_journal_reference_and_a_doi_that_have_appeared_come(library, server, tmp_path, capsys):
    tomorrow(server, tmp_path, extra=news())
    assert main(["update", KEY]) == 0
    assert capsys.readouterr().out == f"{KEY}: doi, venue changed\n1 paper: 1 changed, 0 as they were\n"
    assert (paper(library).doi, paper(library).venue) == ("10.5555/3305890", "PMLR 70")
    assert main(["check"]) == 0


def test_what_the_author_changed_stays_and_the_rest_follows(library, server, tmp_path, capsys):
    edit(library, "title: Axiomatic Attribution\n", "title: My own title  # mine\n")
    tomorrow(server, tmp_path, title="Axiomatic Attribution, Revised", authors=("Mukund Sundararajan", "Qiqi Yan"))
    assert main(["update"]) == 0
    said = capsys.readouterr().out
    assert f'{KEY}: title: yours, "My own title", stays; arXiv has "Axiomatic Attribution, Revised"' in said
    assert paper(library).title == "My own title"
    assert paper(library).authors == ("Mukund Sundararajan", "Qiqi Yan")
    assert "# mine" in (library / "papers" / f"{KEY}.md").read_text()
    tomorrow(server, tmp_path)
    assert main(["update"]) == 0
    assert "title" not in capsys.readouterr().out  # it has been said


def test_what_the_author_took_away_stays_away(library, server, tmp_path, capsys):
    tomorrow(server, tmp_path, extra=news())
    assert main(["update"]) == 0
    edit(library, "venue: PMLR 70\n", "")
    tomorrow(server, tmp_path, extra=news(venue="PMLR 70, 2017"))
    assert main(["update"]) == 0
    assert paper(library).venue is None
    assert 'venue: you took it away; arXiv has "PMLR 70, 2017"' in capsys.readouterr().out


def test_every_other_character_of_the_note_stays(library, server, tmp_path):
    before = edit(library, "## Second pass", "Mine: [x], 'y'.  \n\n## Second pass")
    before = edit(library, "authors:\n", "# who\nauthors:   # all\n")
    tomorrow(server, tmp_path, extra=news(doi="10.1/x"))  # too short to be a DOI: left out
    assert main(["update"]) == 0
    after = (library / "papers" / f"{KEY}.md").read_text()
    assert after.replace("venue: PMLR 70\n", "") == before


def test_a_dry_run_shows_the_difference_and_writes_nothing(library, server, tmp_path, capsys):
    tomorrow(server, tmp_path, extra=news(), title="Revised")
    before = {path: path.read_bytes() for path in library.rglob("*.*") if path.is_file()}
    assert main(["update", "--dry-run"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line[:1] in "+-"] == [
        f"--- papers/{KEY}.md", f"+++ papers/{KEY}.md", "-title: Axiomatic Attribution", "+title: Revised",
        "+doi: 10.5555/3305890", "+venue: PMLR 70",
    ]  # fmt: skip
    assert lines[-1] == "1 paper: 1 would change, 0 as they were"
    assert {path: path.read_bytes() for path in library.rglob("*.*") if path.is_file()} == before


def test_an_unread_paper_follows_to_the_newest_version(library, server, tmp_path, capsys):
    tomorrow(server, tmp_path, id="1703.01365v4", updated="2018-01-02T00:00:00Z")
    assert main(["update"]) == 0
    assert (paper(library).version, paper(library).updated) == (4, dt.date(2018, 1, 2))
    assert "is out" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "how",
    [
        ("five_cs:\n", "readings:\n  - {pass: 1, date: 2024-11-21}\nfive_cs:\n"),
        ("  category:  #", "  category: Theory  #"),
        ("## Second pass", "It says much.\n\n## Second pass"),
    ],
)
def test_notes_that_speak_of_an_older_version_are_flagged_everywhere(library, server, tmp_path, capsys, how):
    edit(library, *how)
    tomorrow(server, tmp_path, id="1703.01365v4", updated="2018-01-02T00:00:00Z")
    for _ in range(2):
        assert main(["update"]) == 0
        said = capsys.readouterr().out
        assert f"{KEY}: version 4 of 2 Jan 2018 is out; the notes speak of version 2\n" in said
    assert paper(library).version == 2
    assert main(["status"]) == 0
    assert f"on arXiv\n  {KEY}: version 4; the notes speak of version 2\n" in capsys.readouterr().out
    assert 'arXiv has <a href="https://arxiv.org/abs/1703.01365v4"' in page(library)
    edit(library, "version: 2\n", "version: 4\n")
    assert "arXiv has" not in page(library)
    assert "on arXiv" not in "\n".join(as_lines(standing(library)))


def page(library):
    loaded = load(library)
    tree = source_tree(loaded)
    return {one.src: one.text for one in render(loaded, ledger(loaded, tree), tree)}[f"papers/{KEY}.md"]


def standing(library):
    loaded = load(library)
    return overview(loaded, ledger(loaded, source_tree(loaded)), today=dt.date(2024, 11, 21))


def test_a_withdrawn_paper_is_flagged_and_its_notes_stay_with_what_they_speak_of(library, server, tmp_path, capsys):
    comment = "This paper has been withdrawn by the authors: an error in $x$"
    tomorrow(server, tmp_path, id="1703.01365v3", extra=f"<arxiv:comment>{comment}</arxiv:comment>")
    assert main(["update"]) == 0
    assert f"{KEY}: the paper is withdrawn: {comment}" in capsys.readouterr().out
    assert paper(library).version == 2
    assert "This paper is withdrawn, says arXiv" in page(library)
    assert as_data(standing(library))["news"] == ({"paper": KEY, "withdrawn": True, "version": 3, "notes_speak_of": 2},)


def test_a_withdrawn_paper_can_be_added_and_is_named_as_one(library, server, capsys):
    comment = "<arxiv:comment>Withdrawn</arxiv:comment>"
    server.knows(server.Entry("2301.00010v1", authors=("Ada Lovelace",), extra=comment))
    assert main(["add", "2301.00010"]) == 0
    assert capsys.readouterr().err == "2301.00010: arXiv says that this paper is withdrawn\n"


def test_a_note_by_hand_gets_what_it_lacks_and_keeps_what_it_says(library, server, tmp_path, capsys):
    (library / "papers/imported/arxiv" / f"{KEY}.json").unlink()
    edit(library, "title: Axiomatic Attribution\n", "title: By hand\n")
    edit(library, "categories: [cs.LG, cs.AI]\n", "")
    tomorrow(server, tmp_path, extra=news())
    assert main(["update"]) == 0
    assert paper(library).title == "By hand"
    assert (paper(library).categories, paper(library).venue) == (("cs.LG", "cs.AI"), "PMLR 70")
    assert 'title: yours, "By hand", stays; arXiv has "Axiomatic Attribution"' in capsys.readouterr().out


def test_a_clone_can_merge_since_what_was_imported_is_kept_with_the_notes(library, server, tmp_path):
    edit(library, "title: Axiomatic Attribution\n", "title: Mine\n")
    clone = tmp_path / "clone"
    shutil.copytree(library, clone, ignore=shutil.ignore_patterns(".threepass"))
    tomorrow(server, tmp_path, extra=news(), title="Theirs")
    assert main(["-C", str(clone), "update"]) == 0
    assert paper(clone).title == "Mine"
    assert paper(clone).venue == "PMLR 70"


def test_a_paper_that_was_given_another_id_is_not_merged_against_the_old_one(library, server, tmp_path):
    server.knows(server.Entry("1409.0473v1", title="Neural", authors=("Dzmitry Bahdanau",)))
    edit(library, "arxiv: 1703.01365\n", "arxiv: 1409.0473\n")
    tomorrow(server, tmp_path)
    assert main(["update"]) == 0
    assert paper(library).title == "Axiomatic Attribution"


def test_the_abstract_follows_only_where_the_note_keeps_it(library, server, tmp_path):
    server.knows(server.Entry("2301.00010v1", authors=("Ada Lovelace",), summary="Old."))
    assert main(["add", "2301.00010", "--abstract"]) == 0
    server.knows(server.Entry("2301.00010v1", authors=("Ada Lovelace",), summary="New."))
    tomorrow(server, tmp_path, summary="New.")
    assert main(["update"]) == 0
    found = load(library).notes
    assert found["lovelace2017title"].paper.abstract == "New."
    assert found[KEY].paper.abstract is None


def test_each_paper_has_its_own_outcome(library, server, tmp_path, capsys):
    (library / "papers/lovelace1843notes.md").write_text(
        "---\ntitle: Notes\nauthors: [Ada Lovelace]\npublished: 1843-09-01\nurl: https://example.org/\n---\n"
    )
    (library / "papers/lovelace1999notes.md").write_text(
        "---\ntitle: Notes\nauthors: [Ada Lovelace]\npublished: 1999-09-01\narxiv: 9901.99999\n---\n"
        .replace("9901.99999", "hep-th/9901999")
    )  # fmt: skip
    tomorrow(server, tmp_path, extra=news())
    assert main(["update", "1703.01365", "lovelace1999notes"]) == 1
    out, err = capsys.readouterr()
    assert out.endswith("2 papers: 1 changed, 0 as they were, 1 failed\n")
    assert err == "lovelace1999notes: arXiv knows no hep-th/9901999\nhint: is the id right?\n"
    assert paper(library).venue == "PMLR 70"


def test_a_paper_that_is_not_on_arxiv_is_left_alone(library, server, capsys):
    path = library / "papers/keshav2007how.md"
    path.write_text("---\ntitle: How\nauthors: [S. Keshav]\npublished: 2007-07-01\nurl: https://example.org/\n---\n")
    assert main(["update"]) == 0
    assert capsys.readouterr().out == "1 paper: 0 changed, 1 as it was\n"
    assert main(["update", "keshav2007how"]) == 1
    assert "keshav2007how: it has no arXiv id" in capsys.readouterr().err


def test_an_unknown_paper_is_said_before_arxiv_is_asked(library, server, capsys):
    asked = len(server.requests)
    assert main(["update", "sundararajan2017axiomatc"]) == 2
    assert capsys.readouterr().err.startswith("no paper 'sundararajan2017axiomatc'\nhint: did you mean")
    assert len(server.requests) == asked


def test_where_arxiv_is_down_nothing_is_written(library, server, tmp_path, capsys):
    tomorrow(server, tmp_path, extra=news())
    server.says(*[server.Reply(status=503)] * 4)
    server.oai_says(*[server.Reply(status=503)] * 4)
    before = {path: path.read_bytes() for path in (library / "papers").rglob("*.*")}
    assert main(["update"]) == 1
    assert f"{KEY}: arXiv is out of order (HTTP 503)\n" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in (library / "papers").rglob("*.*")} == before


def test_the_history_that_oai_pmh_told_is_kept(library, server, tmp_path):
    tomorrow(server, tmp_path, id="1703.01365v3")
    server.says(*[server.Reply(status=503)] * 4)
    assert main(["update"]) == 0
    stored = library / "papers/imported/arxiv" / f"{KEY}.json"
    assert len(json.loads(stored.read_text())["versions"]) == 3
    server.script.clear()
    tomorrow(server, tmp_path, extra=news())
    assert main(["update"]) == 0
    assert len(json.loads(stored.read_text())["versions"]) == 3


def test_what_was_imported_and_cannot_be_read_is_a_problem_with_a_way_out(library, server, tmp_path, capsys):
    stored = library / "papers/imported/arxiv" / f"{KEY}.json"
    stored.write_text("{")
    assert main(["check"]) == 1
    assert "P080" in capsys.readouterr().out
    tomorrow(server, tmp_path)
    assert main(["update"]) == 0
    assert main(["check"]) == 0


def test_text_from_outside_cannot_break_a_note(library, server, tmp_path):
    title = "---\nno: {{ x }} \u202e &lt;script&gt; '\" # \\alpha"
    tomorrow(server, tmp_path, title=title, authors=("- [x]", "null"))
    assert main(["update"]) == 0
    assert paper(library).title == "--- no: {{ x }} \u202e <script> '\" # \\alpha"
    assert paper(library).authors == ("- [x]", "null")
