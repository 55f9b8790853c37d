"""The search in a real Chromium: what it finds, by hand and by keyboard, and what it fetches."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from headless import Opened
from playwright.sync_api import Page, Request, expect

PAPER = "sundararajan2017axiomatic"


@pytest.fixture
def page(wide_page: Page) -> Page:
    return wide_page


def search(page: Page, words: str) -> None:
    """Search for words, once nothing is left of what was found before."""
    page.locator(".tp-search input").fill("жжжж")
    expect(page.locator(".tp-search [role=status]")).to_have_text("No pages")
    page.locator(".tp-search input").fill(words)


def test_a_paper_is_found_by_title_author_id_and_text(page: Page, address: str) -> None:
    page.goto(address)
    title = "Axiomatic Attribution for Deep Networks"
    for words in (title, "Sundararajan", "1703.01365", "arXiv 1703.01365", "straight path"):
        search(page, words)
        expect(page.locator(f".tp-search a[href$='papers/{PAPER}/']"), words).to_be_visible()


def test_the_note_on_a_paper_comes_first(page: Page, address: str) -> None:
    page.goto(address)
    for words, key in {
        "Attention Is All You Need": "vaswani2017attention",
        "Long short-term memory": "hochreiter1997long",
        "1703.01365": PAPER,
        "integrated gradients": PAPER,
        "pegasus": "zhang2019pegasus",
        "conductance": "dhamdhere2018how",
    }.items():
        search(page, words)
        expect(page.locator(".tp-search li a").first, words).to_have_attribute("href", re.compile(f"papers/{key}/$"))


@pytest.mark.parametrize(("words", "key"), [("transformer", "vaswani2017attention"), ("bert", "devlin2018bert")])
def test_what_notes_and_days_say_comes_before_code_and_claims(page: Page, address: str, words: str, key: str) -> None:
    page.goto(address)
    page.locator(".tp-search input").fill(words)
    expect(page.locator(".tp-search li a").nth(7)).to_be_visible()
    found = [link.get_attribute("href") or "" for link in page.locator(".tp-search li a").all()]
    code = [number for number, href in enumerate(found) if re.search("/(reproductions|claims)/", href)]
    (note,) = [number for number, href in enumerate(found) if href.endswith(f"papers/{key}/")]
    assert note < min(code, default=len(found))


def test_a_module_is_found_by_its_name(page: Page, address: str) -> None:
    page.goto(address)
    page.locator(".tp-search input").fill("pegasus.rouge")
    expect(page.locator(".tp-search li a").first).to_have_attribute("href", re.compile("reproductions/pegasus.rouge/$"))


def test_a_notebook_is_called_by_its_title_without_the_mark_of_a_link(page: Page, address: str) -> None:
    page.goto(address)
    page.locator(".tp-search input").fill("Integrated Gradients by hand")
    expect(page.get_by_role("heading", name="Integrated Gradients by hand", exact=True)).to_be_visible()


def test_the_letters_that_encode_a_notebooks_drawings_are_no_words(site: Path) -> None:
    told = [gzip.decompress(path.read_bytes()) for path in (site / "pagefind" / "fragment").iterdir()]
    assert any(b"/notebooks/the-axioms/" in page for page in told)
    assert not any(b'"image":"data:' in page for page in told)


def test_the_keyboard_opens_walks_and_closes_it(page: Page, address: str) -> None:
    page.goto(address + "papers/")
    page.keyboard.press("/")
    expect(page.locator(".tp-search input")).to_be_focused()
    page.keyboard.type("integrated gradients")
    links = page.locator(".tp-search li a")
    expect(links.nth(1)).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator(".tp-search input")).to_be_focused()
    page.keyboard.press("Escape")
    expect(links.nth(0)).not_to_be_visible()
    page.keyboard.press("/")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != address + "papers/")


def test_what_is_not_there_is_said(page: Page, address: str) -> None:
    page.goto(address)
    page.locator(".tp-search input").fill("жжжж")
    expect(page.locator(".tp-search [role=status]")).to_have_text("No pages")


def test_nothing_of_the_index_is_fetched_before_the_field_is_used(page: Page, address: str) -> None:
    asked: list[str] = []

    def hear(request: Request) -> None:
        asked.append(request.url)

    page.on("request", hear)
    page.goto(address, wait_until="networkidle")
    page.remove_listener("request", hear)
    assert asked
    assert [url for url in asked if "/pagefind/" in url] == []
    page.locator(".tp-search input").focus()
    page.wait_for_function("performance.getEntriesByType('resource').some((e) => e.name.includes('/pagefind/'))")


@pytest.mark.parametrize("by", ["tap", "key"])
def test_on_a_phone_it_fills_the_window(opened: Opened, address: str, by: str) -> None:
    page = opened(width=390)
    page.goto(address)
    if by == "tap":
        page.locator("label.md-header__button[for=__search]").click()
    else:
        page.keyboard.press("/")
    locked = page.locator("body[data-md-scrolllock]")  # the theme's: what is below does not move
    expect(locked).to_have_count(1)
    page.locator(".tp-search input").fill("attention")
    expect(page.locator(".tp-search li a").first).to_be_visible()
    box = page.locator(".tp-search .md-search__inner").bounding_box()
    assert box["width"] == 390
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    page.keyboard.press("Escape")
    expect(locked).to_have_count(0)


def test_without_scripts_no_field_is_shown_that_would_not_work(opened: Opened, address: str) -> None:
    page = opened(java_script_enabled=False)
    page.goto(address)
    expect(page.locator(".tp-search input")).not_to_be_visible()
    expect(page.get_by_role("link", name="All papers")).to_be_visible()
