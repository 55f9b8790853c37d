"""The reproductions at a glance."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from generate import BASE

from threepass.ledger import Ledger, Row, ledger, source_tree
from threepass.library import load
from threepass.models import Claim
from threepass.pages import Site, site_of
from threepass.pages.gallery import package_of
from threepass.pages.reproductions import reproduction_pages
from threepass.results import State
from threepass.running.figures import Drawing

NOTE = """---
title: Attention Is All You Need
authors: [Ashish Vaswani]
published: 2017-06-12
arxiv: 1706.03762
equations:
  - {id: one, label: Equation 1, latex: 'a + b', code: 'equations.attention:sum_of_rows'}
figures:
  - {plot: 'equations.attention:sum_of_rows', caption: A figure, alt: 'What <one> sees'}
---
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "papers" / "vaswani2017attention.md").write_text(NOTE)
    library = load(tmp_path)
    assert library.problems == ()
    tree = source_tree(library)
    return site_of(library, ledger(library, tree), tree)


def overview(site: Site) -> str:
    return next(page.text for page in reproduction_pages(site) if page.src == "reproductions/index.md")


def test_a_package_shows_its_first_equation(site: Site) -> None:
    page = overview(site)
    assert page.count('class="tp-exhibit"') == 1
    assert 'aria-label="Equation 1"><math' in page
    assert 'href="../papers/vaswani2017attention/"' in page
    assert 'href="attention/"' in page


def test_what_is_run_comes_last_and_is_called_by_how_it_is_run(site: Site) -> None:
    package = site.library.root / "code" / "equations" / "rows"
    package.mkdir()
    for name in ("__init__", "__main__", "sums"):
        (package / f"{name}.py").write_text('"""Adds rows."""\n\n\ndef main() -> None:\n    """Add them."""\n')
    library = load(site.library.root)
    tree = source_tree(library)
    page = overview(site_of(library, ledger(library, tree), tree))
    named = re.findall(r'<a href="([^"]*)"><code>(.*?)</code></a>', page[page.index('id="besides"') :])
    assert named == [("rows/", "rows"), ("rows.sums/", "sums"), ("rows.__main__/", "python -m equations.rows")]


def test_a_figure_comes_before_an_equation(site: Site) -> None:
    svg = '<svg viewBox="0 0 300 200"></svg>'
    drawn = replace(site, drawings={"equations.attention:sum_of_rows": Drawing("sum", svg, svg)})
    page = overview(drawn)
    assert page.count("<img ") == 2
    assert 'alt="What &lt;one&gt; sees" width="300" height="200"' in page
    assert "<math" not in page


def test_a_figure_that_could_not_be_drawn_gives_way_to_the_equation(site: Site) -> None:
    failed = replace(site, drawings={"equations.attention:sum_of_rows": Drawing("sum", reason="no torch")})
    assert "<math" in overview(failed)


def test_code_that_no_note_shows_is_listed_below(site: Site) -> None:
    assert 'id="besides"' not in overview(site)
    (site.library.root / "papers" / "vaswani2017attention.md").unlink()
    library = load(site.library.root)
    page = overview(site_of(library, ledger(library, site.tree), site.tree))
    assert 'class="tp-exhibit"' not in page
    assert '<li><a href="attention/"><code>attention</code></a>' in page[page.index('id="besides"') :]


def test_without_both_it_shows_what_is_verified(site: Site) -> None:
    (site.library.root / "papers" / "vaswani2017attention.md").unlink()
    library = load(site.library.root)
    bare = site_of(library, ledger(library, site.tree), site.tree)
    assert "verified" not in overview(bare)
    claim = Claim.model_validate(
        {
            "id": "sum", "says": "It adds up.", "check": "equations.attention:sum_of_rows", "expect": {"at_most": 1},
            "control": "none", "why_no_control": "none is needed",
        }
    )  # fmt: skip
    rows = tuple(Row(bare.library.notes["bahdanau2014neural"], claim, None, state) for state in State)
    assert "<b>1</b> claim verified" in overview(replace(bare, ledger=Ledger(rows)))


def test_the_package_of_a_module() -> None:
    assert package_of("reproductions.attention.scores") == "reproductions.attention"
    assert package_of("equations.attention") == "equations.attention"
    assert package_of("equations") == "equations"
