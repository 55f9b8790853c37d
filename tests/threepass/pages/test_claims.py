"""The ledger, a page a claim, and what other sites take from them."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from generate import BASE

from threepass.ledger import Ledger, Row, ledger, source_tree
from threepass.library import load
from threepass.models import Expect, Measurement
from threepass.pages import Site, site_of
from threepass.pages.claim_files import claim_files
from threepass.pages.claims import claim_pages, claims_page
from threepass.pages.papers import paper_pages
from threepass.results import State

NOTE = """---
title: {title}
authors: [Ashish Vaswani]
published: 2017-06-12
url: https://example.org/{key}
topics: [{topic}]
claims:
{claims}
---
## First pass

A note.
"""
CLAIM = """\
  - id: {id}
    says: The {id} of a row.
    where: Section 3
    check: equations.attention:sum_of_rows
    expect: {{equals: 1, within: 0.5}}
    control: equations.attention:sum_without_softmax
"""
STATES = {"sum": State.VERIFIED, "mean": State.STALE, "largest": State.FAILED, "least": State.UNPROVEN}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A library with five claims of two papers; of the last one nothing is known."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    for key, topic, names in (
        ("vaswani2017attention", "attention", [*STATES][:3]),
        ("b2018b", "nlp", ["least", "new"]),
    ):
        claims = "".join(CLAIM.format(id=name) for name in names)
        note = NOTE.format(title=f"<{key}>", key=key, topic=topic, claims=claims)
        (tmp_path / "papers" / f"{key}.md").write_text(note)
    library = load(tmp_path)
    tree = source_tree(library)
    rows = tuple(known(row) for row in ledger(library, tree).rows)
    return site_of(library, Ledger(rows), tree)


def known(row: Row) -> Row:
    state = STATES.get(row.claim.id)
    if state is None:
        return row
    measurement = Measurement(
        values={"value": 0.75}, control={"value": 2.0}, met=True, control_met=False, expect=row.claim.expect,
        reason="", seconds=0.25, measured=dt.date(2021, 8, 27), environment={"python": "3.11.7", "torch": "2.13.0"},
        fingerprint="f" * 64,
    )  # fmt: skip
    return replace(row, state=state, measured=measurement)


def test_a_row_says_what_it_can_be_filtered_by(site: Site) -> None:
    text = claims_page(site).text
    rows = [dict(re.findall(r'data-(\w+)="([^"]*)"', row)) for row in re.findall(r"<tr (data-state[^>]*)>", text)]
    expected = [(state, "vaswani2017attention", "attention") for state in ("verified", "stale", "failed")]
    expected += [("unproven", "b2018b", "nlp"), ("unmeasured", "b2018b", "nlp")]
    assert sorted((row["state"], row["paper"], row["topic"]) for row in rows) == sorted(expected)
    for name, options in (("state", set(map(str, State))), ("paper", {"vaswani2017attention", "b2018b"})):
        select = re.search(rf'<select name="{name}">(.*?)</select>', text)
        assert select
        assert set(re.findall(r'<option value="([^"]+)"', select[1])) == options


def test_a_row_says_all_that_is_known(site: Site) -> None:
    text = claims_page(site).text
    row = re.search(r'<tr data-state="stale".*?</tr>', text, re.DOTALL)
    assert row
    said = " ".join(re.sub(r"<[^>]*>", " ", row[0]).replace("\N{NO-BREAK SPACE}", " ").split())
    for part in (
        "The mean of a row.",
        "Section 3",
        "0.75",
        "2",
        "stale",
        "27 Aug 2021",
        "python 3.11.7",
        "torch 2.13.0",
    ):
        assert part in said
    assert 'datetime="2021-08-27"' in row[0]
    assert "&lt;vaswani2017attention&gt;" in text


def test_each_claim_has_a_page_with_its_neighbours(site: Site) -> None:
    pages = {page.src: page for page in claim_pages(site)}
    names = [row.name for row in site.ledger.rows]
    assert list(pages) == [f"claims/{name}.md" for name in names]
    assert "Where" in pages["claims/b2018b/new.md"].text
    stale = pages["claims/vaswani2017attention/mean.md"].text
    assert "its code has changed" in stale
    assert "equations.attention" in stale
    assert '<circle class="tp-plot__mark tp-plot__mark--met"' in stale
    assert "tp-plot" not in pages["claims/b2018b/new.md"].text


def test_a_stale_claim_says_that_its_bound_was_another(site: Site) -> None:
    rows = [
        replace(row, measured=row.measured.model_copy(update={"expect": Expect(at_most=3.0)})) if row.measured else row
        for row in site.ledger.rows
    ]
    pages = {page.src: page.text for page in claim_pages(replace(site, ledger=Ledger(tuple(rows))))}
    assert "the bound was ≤ 3" in pages["claims/vaswani2017attention/mean.md"].replace("\N{NO-BREAK SPACE}", " ")
    assert "the bound was" not in pages["claims/vaswani2017attention/sum.md"]


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", text).replace("\N{NO-BREAK SPACE}", " ").split())


def test_a_control_that_meets_the_bound_is_told_on_every_page_of_its_claim(site: Site) -> None:
    pages = {page.src: page.text for page in (*claim_pages(site), *paper_pages(site))}
    own, paper = pages["claims/b2018b/least.md"], pages["papers/b2018b.md"]
    assert "unproven the bound is met, but the control meets it too, so that it proves nothing" in words(own)
    assert "tp-claim--unproven" in own
    (article,) = re.findall(r'<article class="tp-claim tp-claim--unproven".*?</article>', paper, re.DOTALL)
    assert "unproven" in words(article)
    assert "Control, must miss 2" in words(article)
    assert "unproven" not in words(pages["claims/vaswani2017attention/sum.md"])


def test_what_could_not_be_followed_is_told_on_the_page_of_its_claim(site: Site) -> None:
    pages = {page.src: page.text for page in claim_pages(site)}
    assert "tp-widened" not in pages["claims/b2018b/least.md"]
    module = site.library.root / "code/equations/attention.py"
    computed = "import equations\n\n    return float(getattr(equations, 'a' + str(2), 1.0))"
    module.write_text(module.read_text().replace("return 1.0", computed))
    tree = source_tree(site.library)
    (page,) = [page.text for page in claim_pages(replace(site, tree=tree)) if page.src == "claims/b2018b/least.md"]
    assert "equations.attention:sum_of_rows" in words(
        page.partition('<ul class="tp-widened">')[2].partition("</ul>")[0]
    )


def test_programs_get_every_claim_as_json(site: Site) -> None:
    data = json.loads(claim_files(site)["claims.json"])
    assert data["states"] == dict.fromkeys(map(str, State), 1)
    one = next(claim for claim in data["claims"] if claim["id"] == "sum")
    url = one.pop("url")
    assert one == {
        "key": "vaswani2017attention", "id": "sum", "says": "The sum of a row.", "where": "Section 3",
        "bound": {"equals": 1.0, "within": 0.5}, "values": {"value": 0.75}, "control": {"value": 2.0},
        "state": "verified", "reason": "", "measured": "2021-08-27", "seconds": 0.25,
        "environment": {"python": "3.11.7", "torch": "2.13.0"}, "fingerprint": "f" * 64,
    }  # fmt: skip
    assert url == "claims/vaswani2017attention/sum/"
    new = next(claim for claim in data["claims"] if claim["id"] == "new")
    assert (new["state"], new["values"], new["measured"]) == ("unmeasured", {}, None)


@pytest.mark.parametrize("url", ["https://example.org/notes", "https://example.org/notes/"])
def test_addresses_are_those_of_the_site(site: Site, url: str) -> None:
    library = replace(site.library, site=site.library.site.model_copy(update={"url": url}))
    data = json.loads(claim_files(replace(site, library=library))["claims.json"])
    assert data["claims"][0]["url"].startswith("https://example.org/notes/claims/")


@pytest.mark.parametrize(
    ("states", "words", "colour"),
    [
        ([State.VERIFIED, State.VERIFIED], "2 verified", "#17693a"),
        ([State.VERIFIED, State.STALE, State.FAILED, State.STALE], "1 failed, 2 stale", "#a92323"),
        ([State.VERIFIED, State.UNPROVEN], "1 unproven", "#a92323"),
        ([State.UNMEASURED], "1 unmeasured", "#566070"),
        ([], "none yet", "#566070"),
    ],
)
def test_a_badge_says_the_worst_first_and_asks_for_nothing(
    site: Site, states: list[State], words: str, colour: str
) -> None:
    rows = tuple(replace(row, state=state) for row, state in zip(site.ledger.rows, states, strict=False))
    badge = claim_files(replace(site, ledger=Ledger(rows)))["claims/badge.svg"]
    image = ET.fromstring(badge)
    (title,) = image.findall("{*}title")
    assert title.text == f"claims: {words}"
    assert colour in badge
    assert "http" not in badge.replace('xmlns="http://www.w3.org/2000/svg"', "")
