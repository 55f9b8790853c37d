"""What a page is called in a browser's tab, where it is shared, and to a screen reader: by its own name, said once."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest
from example_library import write_example

from threepass.building.site import build
from threepass.ledger import ledger, source_tree
from threepass.library import load
from threepass.pages import site_of
from threepass.pages.home import home_page
from threepass.pages.page import without_front_matter

NAME = 'R&D: "notes" on a <b>'


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a library whose name, and a day's title, hold what means something in HTML."""
    root = write_example(tmp_path_factory.mktemp("named") / "library")
    config = (root / "mkdocs.yml").read_text("utf-8")
    (root / "mkdocs.yml").write_text(config.replace('"x"', json.dumps(NAME)), "utf-8")
    (root / "journal" / "2024" / "2024-11-20.yml").write_text("date: 2024-11-20\ntitle: A <day> & more\n", "utf-8")
    target = root / "site"
    assert build(root, to=target) == 0
    return target


def said(page: Path) -> dict[str, str]:
    """What a page's head says that it is, as a browser reads it."""
    html = page.read_text("utf-8")
    found = dict(re.findall(r'<meta (?:property|name)="([^"]*)" content="([^"]*)">', html))
    found["title"] = re.findall(r"<title>(.*?)</title>", html)[0]
    return {name: unescape(value) for name, value in found.items()}


def test_the_home_page_is_called_by_the_sites_name_once(named: Path) -> None:
    home = said(named / "index.html")
    assert (home["title"], home["og:title"], home["og:site_name"]) == (NAME, NAME, NAME)


def test_another_page_is_called_by_its_own_title_and_the_sites_name(named: Path) -> None:
    day = said(named / "journal" / "2024-11-20" / "index.html")
    assert (day["title"], day["og:title"]) == (f"A <day> & more - {NAME}", "A <day> & more")
    assert day["og:description"] == day["description"] == f"Wednesday, 20 November 2024 · {NAME}"


def test_the_sites_name_is_text_wherever_the_theme_shows_it(named: Path) -> None:
    html = (named / "index.html").read_text("utf-8")
    assert [unescape(name) for name in re.findall(r'class="md-header__button md-logo" aria-label="([^"]*)"', html)] == [
        NAME
    ]
    assert "<b>" not in re.sub(r"<b>\d+</b>", "", html)


@pytest.mark.parametrize(("challenge", "title"), [("x", None), ("100 days of NLP", "100 days of NLP")])
def test_a_challenge_of_another_name_is_the_home_pages_title(tmp_path: Path, challenge: str, title: str | None) -> None:
    root = write_example(tmp_path / "library")
    config = (root / "mkdocs.yml").read_text("utf-8")
    (root / "mkdocs.yml").write_text(config.replace('challenge: {name: "x"', f'challenge: {{name: "{challenge}"'))
    library = load(root)
    assert (library.site.name, library.settings.challenge.name) == ("x", challenge)
    tree = source_tree(library)
    head, _ = without_front_matter(home_page(site_of(library, ledger(library, tree), tree)).text)
    assert head.get("title") == title
