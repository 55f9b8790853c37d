"""The ledger in a real browser: its claims are filtered by state, paper and topic, and the address keeps that."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page

from threepass.library import load

LIBRARY = load(Path(__file__).resolve().parents[2])


@pytest.fixture
def page(wide_page: Page) -> Page:
    return wide_page


def test_claims_are_filtered_by_state_paper_and_topic(page: Page, address: str) -> None:
    shown = page.locator("table.tp-ledger tbody tr[data-state]:visible")
    page.goto(f"{address}claims/")
    everything = {note.key: {claim.id for claim in note.paper.claims} for note in LIBRARY.notes.values()}
    assert shown.count() == sum(map(len, everything.values()))
    page.locator("select[name=topic]").select_option("attention")
    of_topic = {note.key for note in LIBRARY.topics["attention"][1] if note.paper.claims}
    assert {row.get_attribute("data-paper") for row in shown.all()} == of_topic
    page.locator("select[name=paper]").select_option("luong2015effective")
    assert shown.count() == len(everything["luong2015effective"])
    state = page.locator("select[name=state] option:not([value=''])").first.get_attribute("value")
    assert state
    page.locator("select[name=state]").select_option(state)
    assert {row.get_attribute("data-state") for row in shown.all()} <= {state}
    asked = parse_qs(urlsplit(page.url).query)
    assert asked == {"state": [state], "paper": ["luong2015effective"], "topic": ["attention"]}
    before = shown.count()
    page.reload()
    assert shown.count() == before
    page.get_by_role("button", name="Show all").click()
    assert shown.count() == sum(map(len, everything.values()))
