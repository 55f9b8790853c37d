"""Each kind of page in a real Chromium: wide and phone-narrow, light and dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

KINDS = {
    "home": "",
    "journal": "journal/",
    "year": "journal/2021/",
    "goal": "journal/goals/read/",
    "day": "journal/2021-08-27/",
    "papers": "papers/",
    "board": "papers/board/",
    "timeline": "papers/timeline/",
    "paper": "papers/sundararajan2017axiomatic/",
    "graph": "graph/",
    "contributions": "contributions/",
    "topics": "topics/",
    "topic": "topics/interpretability/",
    "reproductions": "reproductions/",
    "reproduction": "reproductions/attribution.integrated_gradients/",
    "claims": "claims/",
    "guide": "guide/",
    "problems": "guide/problems/",
    "notebook": "notebooks/integrated-gradients-by-hand/",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_are_sound(browser: Browser, address: str, width: int, scheme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(f"{page.url}: {message.text}") if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    page.on("request", lambda request: None if _ours(request.url, address) else wrong.append(f"asks {request.url}"))
    for kind, path in KINDS.items():
        response = page.goto(address + path)
        assert response is not None
        assert response.ok, path
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if overflow > 0:
            wrong.append(f"{kind} is {overflow} pixels wider than the window")
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        light = sum(int(part) for part in background[background.index("(") + 1 : -1].split(",")[:3]) > 384
        if light != (scheme == "light"):
            wrong.append(f"{kind} is {background} in the {scheme} scheme")
    context.close()
    assert wrong == []


def _ours(url: str, address: str) -> bool:
    return url.startswith((address, "data:", "blob:"))


@pytest.fixture
def page(wide_page: Page) -> Page:
    return wide_page


def test_the_calendar_leads_to_days_by_keyboard(page: Page, address: str) -> None:
    page.goto(address)
    day = page.locator("a.tp-heat__day").first
    day.focus()
    name = day.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/journal/2021-*/")
    assert page.locator("h1").inner_text().rstrip("¶ ") in name


def test_a_day_leads_to_the_paper_to_the_code_and_the_claim(page: Page, address: str) -> None:
    page.goto(address + "journal/2021-08-27/")
    page.locator("a.tp-paper__link", has_text="Axiomatic Attribution").click()
    page.wait_for_url("**/papers/sundararajan2017axiomatic/")
    page.locator(".tp-pair__equation a", has_text="integrated_gradients").first.click()
    page.wait_for_url("**/reproductions/attribution.integrated_gradients/#integrated_gradients")
    page.locator(".tp-uses a", has_text="Equation 1").first.click()
    page.wait_for_url("**/papers/sundararajan2017axiomatic/#equation-*")
    page.goto(address + "claims/")
    page.locator(".tp-ledger tr[data-state] th a").first.click()
    page.wait_for_url("**/claims/*/*/")


def test_days_follow_each_other(page: Page, address: str) -> None:
    page.goto(address + "journal/2021-08-27/")
    page.locator("a.md-footer__link--next").click()
    page.wait_for_url("**/journal/2021-08-28/")
    page.locator("a.md-footer__link--prev").click()
    page.wait_for_url("**/journal/2021-08-27/")


def test_a_topic_is_a_tag_that_leads_to_its_page(page: Page, address: str) -> None:
    page.goto(address + "papers/sundararajan2017axiomatic/")
    page.locator("a.md-tag", has_text="Interpretability").click()
    page.wait_for_url("**/topics/interpretability/")
