"""The papers together: what the table, the board and the timeline are made from."""

import re
import shutil
from pathlib import Path

import pytest
from generate import BASE

from threepass.ledger import ledger, source_tree
from threepass.library import load
from threepass.pages import Site, site_of
from threepass.pages.catalogue import BOARD, TABLE, TIMELINE, catalogue_pages, listed

NOTE = """---
title: {title}
authors: [Ashish Vaswani]
published: {published}
url: https://example.org/{key}
topics: [{topics}]
readings: [{readings}]
---
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    for key, published, topics, readings in (
        ("vaswani2017attention", "2017-06-12", "attention", "{pass: 1, date: 2021-08-28}, {pass: 2, date: 2021-08-29}"),
        ("smith2019first", "2019-01-02", "", "{pass: 1, date: 2021-08-30}"),
        ("smith2020second", "2020-01-02", "attention", ""),
    ):
        text = NOTE.format(title=f"<{key}>", published=published, key=key, topics=topics, readings=readings)
        (tmp_path / "papers" / f"{key}.md").write_text(text)
    library = load(tmp_path)
    tree = source_tree(library)
    return site_of(library, ledger(library, tree), tree)


def test_those_read_last_come_first(site: Site) -> None:
    assert [(paper.note.key, paper.depth) for paper in listed(site)][:2] == [
        ("smith2019first", 1),
        ("vaswani2017attention", 2),
    ]


def test_a_row_says_what_it_can_be_filtered_by(site: Site) -> None:
    table = next(page.text for page in catalogue_pages(site) if page.src == TABLE)
    row = re.search(r"<tr ([^>]*)>\s*<th[^>]*><a href=\"vaswani2017attention/\">(.*?)</a>", table)
    assert row
    said = dict(re.findall(r'data-(\w+)="([^"]*)"', row[1]))
    assert said == {
        "topic": "attention", "year": "2017", "pass": "2", "state": "none", "published": "2017-06-12", "claims": "0",
    }  # fmt: skip
    assert row[2] == "&lt;vaswani2017attention&gt;"
    assert f'<option value="0">not read yet ({len(site.library.notes) - 2})</option>' in table


def test_the_board_and_the_timeline_hold_every_paper_once(site: Site) -> None:
    pages = {page.src: page.text for page in catalogue_pages(site)}
    for src in (BOARD, TIMELINE):
        assert all(pages[src].count(f'href="../{key}/"') == 1 for key in site.library.notes), src
    dates = re.findall(r'<time datetime="([^"]*)">', pages[TIMELINE])
    assert dates == sorted(dates)


def test_a_library_without_papers_says_how_to_add_one(tmp_path: Path) -> None:
    shutil.copy(BASE / "mkdocs.yml", tmp_path)
    library = load(tmp_path)
    tree = source_tree(library)
    table, *_ = catalogue_pages(site_of(library, ledger(library, tree), tree))
    assert "threepass add" in table.text
    assert "<form" not in table.text
