"""The journal in a real browser: goals, summaries, and from day to day by keys and swipes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from headless import Opened
from playwright.sync_api import Page

from threepass.library import load

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = load(ROOT)


@pytest.fixture
def page(wide_page: Page) -> Page:
    return wide_page


@pytest.mark.parametrize(("after", "before"), [("ArrowRight", "ArrowLeft"), ("j", "k")])
def test_keys_lead_from_day_to_day(page: Page, address: str, after: str, before: str) -> None:
    page.goto(address + "journal/2021-08-27/")
    page.keyboard.press(after)
    page.wait_for_url("**/journal/2021-08-28/")
    page.keyboard.press(before)
    page.wait_for_url("**/journal/2021-08-27/")


def test_the_first_day_has_none_before_it(page: Page, address: str) -> None:
    first = f"{address}journal/{LIBRARY.entries[0].name}/"
    page.goto(first)
    page.keyboard.press("k")
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(300)
    assert page.url == first


def test_keys_are_left_alone_while_one_types_and_with_modifiers(page: Page, address: str) -> None:
    here = address + "journal/2021-08-27/"
    page.goto(here)
    page.keyboard.press("/")
    page.keyboard.type("jk")
    page.keyboard.press("ArrowLeft")
    assert page.locator(".tp-search input").input_value() == "jk"
    page.keyboard.press("Escape")
    page.locator("body").click(position={"x": 5, "y": 400})
    page.keyboard.press("Control+j")
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_timeout(300)
    assert page.url == here


def test_arrows_scroll_a_figure_that_is_wider_than_the_page(opened: Opened, address: str) -> None:
    page = opened(width=390)
    page.goto(address + "journal/2021-08-28/")
    figure = page.locator(".tp-figure__scroll").first
    figure.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("figure => figure.scrollLeft > 0", arg=figure.element_handle())
    assert page.url.endswith("/journal/2021-08-28/")


def swipe(page: Page, x: int, y: int, right: int, down: int = 0, *, seconds: float = 0.3) -> None:
    """Move a finger, which takes these seconds by its own times, however long a busy machine needs to pass it on."""
    devtools = page.context.new_cdp_session(page)
    points = [{"x": x + right * step / 5, "y": y + down * step / 5} for step in range(6)]
    touches = [("touchStart", points[:1]), *(("touchMove", [point]) for point in points[1:]), ("touchEnd", [])]
    began = time.time()
    for number, (kind, touching) in enumerate(touches):
        at = began + seconds * number / (len(touches) - 1)
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touching, "timestamp": at})
    devtools.detach()


def test_swipes_lead_from_day_to_day(opened: Opened, address: str) -> None:
    page = opened(width=390, has_touch=True, is_mobile=True)
    page.goto(address + "journal/2021-08-27/")
    swipe(page, 60, 450, right=15)
    swipe(page, 60, 450, right=90, down=200)
    swipe(page, 300, 450, right=-200, seconds=2)
    page.wait_for_timeout(300)
    assert page.url.endswith("/journal/2021-08-27/")
    swipe(page, 300, 300, right=-200)
    page.wait_for_url("**/journal/2021-08-28/")
    swipe(page, 60, 250, right=200)
    page.wait_for_url("**/journal/2021-08-27/")


def test_without_scripts_the_journal_is_read_by_goal(opened: Opened, address: str) -> None:
    page = opened(java_script_enabled=False)
    page.goto(address + "journal/")
    assert page.locator(".tp-day__summary").count() > 10
    for goal, entries in LIBRARY.goals.items():
        page.goto(address + "journal/")
        page.locator(".tp-views a", has_text=LIBRARY.goal_title(goal)).click()
        page.wait_for_url(f"**/journal/goals/{goal}/")
        shown = page.locator("a.tp-day__title").evaluate_all("all => all.map(a => a.href.split('/').at(-2))")
        assert shown == [entry.name for entry in entries[::-1]]


def test_the_home_page_leads_to_goals_papers_and_days(page: Page, address: str) -> None:
    page.goto(address)
    goal = page.locator(".tp-goals li", has_text="Read papers")
    assert goal.locator("progress").get_attribute("value") == str(len(LIBRARY.goals["read"]))
    goal.locator("a").click()
    page.wait_for_url("**/journal/goals/read/")
    page.goto(address)
    page.locator(".tp-tiles a", has_text="read in depth").click()
    page.wait_for_url("**/papers/board/")
