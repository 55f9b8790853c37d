"""A library with nothing in it yet: each page says so, and what to do."""

import re
import shutil

import pytest
from generate import BASE

from threepass.ledger import ledger, source_tree
from threepass.library import load
from threepass.pages import pages_of, site_of

SAID = {
    "index.md": ["None yet: threepass today", "None yet: threepass add", "No claim yet"],
    "journal/index.md": ["No day yet: `threepass today"],
    "papers/index.md": ["No paper yet: `threepass add"],
    "papers/timeline.md": ["No paper yet: `threepass add"],
    "topics/index.md": ["No topic yet: `topics:`"],
    "graph.md": ["Nothing to draw yet"],
    "contributions.md": ["None yet: `contributions:`"],
    "reproductions/index.md": ["No code yet: `claims.packages`"],
    "claims.md": ["No claim yet: `claims:`"],
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    root = tmp_path_factory.mktemp("library")
    shutil.copy(BASE / "mkdocs.yml", root)
    library = load(root)
    tree = source_tree(library)
    made = {page.src: page.text for page in pages_of(site_of(library, ledger(library, tree), tree))}
    return {src: re.sub(r"<[^>]*>", "", text) for src, text in made.items()}


@pytest.mark.parametrize("src", SAID)
def test_a_page_says_what_would_fill_it(pages: dict[str, str], src: str) -> None:
    assert [part for part in SAID[src] if part not in pages[src]] == []


def test_no_sentence_is_left_without_its_end(pages: dict[str, str]) -> None:
    ends = {src: re.findall(r"^.*(?<!can show)[:,;] ?\.?$", text, re.MULTILINE) for src, text in pages.items()}
    assert {src: found for src, found in ends.items() if found} == {}
