"""All papers in a real browser: filter, order, the address that keeps them, the board, the timeline."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from headless import Opened
from playwright.sync_api import Page, Route

from threepass.library import load

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = load(ROOT)
ROWS = "table.tp-records tbody tr"


def titles(page: Page) -> list[str]:
    return page.locator(f"{ROWS}:visible th a").all_inner_texts()


def test_papers_are_filtered_and_the_address_says_so(page: Page, address: str) -> None:
    page.goto(address + "papers/")
    assert len(titles(page)) == len(LIBRARY.notes)
    page.locator("select[name=topic]").select_option("attention")
    expected = {note.paper.title for note in LIBRARY.topics["attention"][1]}
    assert set(titles(page)) == expected != {note.paper.title for note in LIBRARY.notes.values()}
    assert page.url.endswith("/papers/?topic=attention")
    page.locator("select[name=pass]").select_option("3")
    assert set(titles(page)) == {n.paper.title for n in LIBRARY.topics["attention"][1] if LIBRARY.pass_of(n.key) == 3}
    said = page.locator(".tp-filter output").inner_text()
    assert said == f"{len(titles(page))} of {len(LIBRARY.notes)} papers"
    before = titles(page)
    page.reload()
    assert titles(page) == before
    assert page.locator("select[name=topic]").input_value() == "attention"
    page.get_by_role("button", name="Show all").click()
    assert len(titles(page)) == len(LIBRARY.notes)
    assert page.url == address + "papers/"
    page.locator("select[name=year]").select_option("2017")
    assert set(titles(page)) == {n.paper.title for n in LIBRARY.notes.values() if n.paper.published.year == 2017}
    assert page.url.endswith("/papers/?year=2017")


def test_papers_are_found_by_words_of_title_and_author(page: Page, address: str) -> None:
    page.goto(address + "papers/")
    page.get_by_label("Title or author").fill("sundararajan axiomatic")
    assert titles(page) == ["Axiomatic Attribution for Deep Networks"]
    page.get_by_label("Title or author").fill("no such words")
    assert titles(page) == []
    assert page.locator(".tp-none").is_visible()


@pytest.mark.parametrize("state", ["verified", "none"])
def test_papers_are_filtered_by_the_state_of_their_claims(page: Page, address: str, state: str) -> None:
    page.goto(f"{address}papers/?state={state}")
    expected = {n.paper.title for n in LIBRARY.notes.values() if bool(n.paper.claims) == (state == "verified")}
    assert set(titles(page)) == expected


def test_papers_are_ordered_by_a_select_and_by_the_headings(page: Page, address: str) -> None:
    page.goto(address + "papers/?sort=published")
    published = {note.paper.title: note.paper.published for note in LIBRARY.notes.values()}
    oldest_first = sorted(published.values())
    assert [published[title] for title in titles(page)] == oldest_first
    page.locator("select[name=sort]").select_option("title")
    assert titles(page) == sorted(published, key=str.lower)
    assert page.url.endswith("?sort=title")
    page.locator("select[name=sort]").select_option("")
    if page.viewport_size == {"width": 1280, "height": 844}:
        page.get_by_role("button", name="Year").focus()
        page.keyboard.press("Enter")
        assert [published[title] for title in titles(page)] == oldest_first[::-1]
        assert page.get_by_role("columnheader", name="Year").get_attribute("aria-sort") == "descending"
        page.keyboard.press("Enter")
        assert [published[title] for title in titles(page)] == oldest_first


def test_what_the_address_asks_and_is_not_there_is_left_out(page: Page, address: str) -> None:
    page.goto(address + "papers/?topic=nothing&sort=x&pass=<b>")
    assert len(titles(page)) == len(LIBRARY.notes)


def test_two_thousand_papers_are_filtered_and_ordered(page: Page, address: str) -> None:
    def many(route: Route) -> None:
        html = route.fetch().text()
        rows = re.search(r"(<tbody>)(.*)(</tbody>)", html, re.DOTALL)
        assert rows
        copies = 2000 // len(LIBRARY.notes) + 1
        route.fulfill(body=html.replace(rows[2], rows[2] * copies), content_type="text/html")

    page.route(re.compile(r"/papers/(\?.*)?$"), many)
    page.goto(address + "papers/?topic=attention&sort=-published")
    copies = 2000 // len(LIBRARY.notes) + 1
    attention = LIBRARY.topics["attention"][1]
    said = page.locator(".tp-filter output").inner_text()
    assert said == f"{copies * len(attention)} of {copies * len(LIBRARY.notes)} papers"
    latest = max(attention, key=lambda note: note.paper.published).paper.title
    assert page.locator(f"{ROWS}:not([hidden]) th a").first.inner_text() == latest


def test_without_scripts_all_papers_are_there(opened: Opened, address: str) -> None:
    page = opened(java_script_enabled=False)
    for path in ("papers/", "papers/board/", "papers/timeline/"):
        page.goto(address + path)
        for note in LIBRARY.notes.values():
            assert page.locator("article a", has_text=note.paper.title).first.is_visible()
        assert page.locator(".tp-filter:visible").count() == 0


def test_the_board_holds_each_paper_in_the_column_of_its_pass(page: Page, address: str) -> None:
    page.goto(address + "papers/")
    page.get_by_role("navigation", name="Views").get_by_role("link", name="Board").click()
    page.wait_for_url("**/papers/board/")
    for depth, column in enumerate(page.locator(".tp-board__column").all()):
        expected = {note.paper.title for key, note in LIBRARY.notes.items() if LIBRARY.pass_of(key) == depth}
        assert set(column.locator("li a").all_inner_texts()) == expected
        assert column.locator(".tp-board__count").inner_text() == str(len(expected))


def test_the_timeline_goes_from_the_oldest_to_the_newest(page: Page, address: str) -> None:
    page.goto(address + "papers/timeline/")
    dates = page.locator(".tp-timeline time").evaluate_all("all => all.map(time => time.dateTime)")
    assert dates == sorted(note.paper.published.isoformat() for note in LIBRARY.notes.values())
    years = [int(text.rstrip("¶")) for text in page.locator(".tp-timeline h2").all_inner_texts()]
    assert years == sorted({note.paper.published.year for note in LIBRARY.notes.values()})


def test_the_ledger_is_filtered(page: Page, address: str) -> None:
    page.goto(address + "claims/?paper=vaswani2017attention")
    claims = len(LIBRARY.notes["vaswani2017attention"].paper.claims)
    assert page.locator(f"{ROWS}[data-state]:visible").count() == claims
    assert f"{claims} of " in page.locator(".tp-filter output").inner_text()
