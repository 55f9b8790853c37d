"""The roadmap's page: every item in order, with what is done."""

from pathlib import Path

import pytest

from threepass.cli import main
from threepass.ledger import ledger, source_tree
from threepass.library import load
from threepass.pages import files_of, render, site_of
from threepass.schema import json_schema

NOTE = """---
title: Attention & more
authors: [Ashish Vaswani]
published: 2017-06-12
arxiv: 1706.03762
readings: [{pass: 1, date: 2021-08-27}, {pass: 2, date: 2021-08-28}]
---
"""
ROADMAP = """sections:
  - title: Attention
    items:
      - {paper: vaswani2017attention, pass: PASS, url: "https://example.org/paper"}
      - {title: <A post>, kind: post, url: "https://example.org/post", done: 2021-08-29}
      - {title: A talk, kind: video, url: "https://example.org/talk"}
"""


def page(root: Path, roadmap: str) -> str:
    (root / "papers").mkdir(exist_ok=True)
    (root / "mkdocs.yml").write_text("plugins:\n  - threepass\n")
    (root / "papers/vaswani2017attention.md").write_text(NOTE)
    (root / "papers/roadmap.yml").write_text(roadmap)
    library = load(root)
    assert library.problems == ()
    tree = source_tree(library)
    return {page.src: page.text for page in render(library, ledger(library, tree), tree)}["roadmap.md"]


@pytest.mark.parametrize(("depth", "done"), [("1", 2), ("2", 2), ("3", 1)])
def test_a_paper_is_done_when_it_was_read_as_deeply_as_planned(tmp_path: Path, depth: str, done: int) -> None:
    text = page(tmp_path, ROADMAP.replace("PASS", depth))
    assert f"<b>{done}</b><span>of 3 items done</span>" in text
    assert text.count('aria-label="done"') == done
    assert f"{done} of 3" in text


def test_a_paper_leads_to_its_note_and_all_else_to_the_web(tmp_path: Path) -> None:
    text = page(tmp_path, ROADMAP.replace("PASS", "2"))
    assert '<a href="../papers/vaswani2017attention/">Attention &amp; more</a>' in text
    assert '<a href="https://example.org/paper" rel="noopener">source</a>' in text
    assert '<a href="https://example.org/post" rel="noopener">&lt;A post&gt;</a>' in text
    assert "Post, 29 Aug 2021" in text
    assert "Paper, pass 2, 28 Aug 2021" in text
    assert "<strong>A talk</strong><span>is next</span>" in text


def test_a_roadmap_without_items_is_a_page(tmp_path: Path) -> None:
    assert "of 0 items done" in page(tmp_path, "sections: []\n")


def test_a_library_without_a_roadmap_has_no_such_page(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("plugins:\n  - threepass\n")
    library = load(tmp_path)
    tree = source_tree(library)
    assert "roadmap.md" not in {page.src for page in render(library, ledger(library, tree), tree)}


def test_the_schemas_are_published_with_the_site(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("plugins:\n  - threepass\n")
    library = load(tmp_path)
    tree = source_tree(library)
    files = files_of(site_of(library, ledger(library, tree), tree))
    assert {name: files[f"schema/{name}.json"] for name in ("day", "paper", "roadmap")} == {
        "day": json_schema("day"), "paper": json_schema("paper"), "roadmap": json_schema("roadmap"),
    }  # fmt: skip


def test_the_roadmap_has_a_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "roadmap"]) == 0
    said = capsys.readouterr().out
    assert said == json_schema("roadmap")
    assert "RoadmapItem" in said
