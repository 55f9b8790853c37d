"""Every problem code, by its examples: small libraries that an author could have written."""

from pathlib import Path

import pytest
from generate import BASE, CASES, MADE, PAGES, case_names, problems_of

from threepass.checks import check, check_claims
from threepass.ledger import ledger, source_tree
from threepass.library import load
from threepass.problems import CODES

LATER = {
    *("P050", "P051", "P052"),  # need a measurement: tests/threepass/test_claims.py
    *("P070", "P071", "P072"),  # need the web: tests/threepass/web_links/test_link_requests.py
}


@pytest.mark.parametrize("case", case_names())
def test_the_example_says_just_what_is_expected(case: str, tmp_path: Path) -> None:
    expected = (CASES / f"{case}.txt" if case in MADE else CASES / case / "expected.txt").read_text()
    said = "\n".join(str(problem) for problem in problems_of(case, tmp_path)) + "\n"
    assert said == expected
    assert case[:4] in said


def test_the_library_under_the_examples_is_silent() -> None:
    library = load(BASE)
    tree = source_tree(library)
    assert [*check(library, tree), *check_claims(ledger(library, tree))] == []


def test_every_code_has_an_example() -> None:
    shown = {case[:4] for case in case_names()}
    assert set(CODES) - shown - LATER == set()
    assert shown <= set(CODES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_generated_pages_are_fresh(page: Path) -> None:
    assert page.read_text() == PAGES[page](), "run `python tests/generate.py`"
