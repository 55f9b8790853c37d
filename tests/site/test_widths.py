"""What a page looks like where it is neither wide nor narrow, and at its edges."""

from __future__ import annotations

import pytest
from headless import Opened
from playwright.sync_api import Page, expect

PHONE, TABLET, DESK = 390, 768, 1280
CLAIM = "claims/sundararajan2017axiomatic/completeness/"
DAY = "journal/2021-08-27/"
PAPER = "papers/vaswani2017attention/"

SCROLLERS = """() => [...document.querySelectorAll(".md-typeset__scrollwrap, .tp-graph__scroll, .tp-heat__scroll")]
  .filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => each.textContent.trim().slice(0, 60))"""
CUT = """() => [...document.querySelectorAll("table.tp-table, .tp-tiles > li > *, .tp-filter")].filter((each) => {
  const right = (one) => one.getBoundingClientRect().right;
  return right(each) > right(each.closest("article")) + 1;
}).map((each) => each.className)"""


@pytest.mark.parametrize(
    ("width", "path"),
    [
        (TABLET, "claims/"),
        (TABLET, CLAIM),
        (TABLET, "papers/"),
        (TABLET, "graph/"),
        (TABLET, ""),
        (DESK, "guide/mutations/"),
    ],
)
def test_what_has_room_is_neither_cut_nor_scrolled(opened: Opened, address: str, width: int, path: str) -> None:
    page = opened(width=width)
    page.goto(address + path)
    assert page.evaluate(SCROLLERS) == []
    assert page.evaluate(CUT) == []


def test_a_text_keeps_from_the_edge_of_the_window(opened: Opened, address: str) -> None:
    page = opened(width=TABLET)
    page.goto(address + DAY)
    left, right = page.locator("article").evaluate(
        "text => { const { left, right } = text.getBoundingClientRect(); return [left, innerWidth - right]; }"
    )
    assert left == right
    assert left >= 12


def left_of(page: Page, what: str) -> float:
    found: float = page.locator(what).first.evaluate("each => each.getBoundingClientRect().left")
    return found


def test_each_page_begins_at_the_same_edge(opened: Opened, address: str) -> None:
    page = opened(width=DESK)
    page.goto(address + "papers/")
    edge = left_of(page, "article h1")
    page.goto(address + "404.html")
    assert left_of(page, "article h1") == edge


def test_the_empty_strip_below_a_page_is_not_there(opened: Opened, address: str) -> None:
    page = opened(width=DESK)
    page.goto(address + "topics/")
    expect(page.locator(".md-footer-meta")).to_be_hidden()


def test_on_a_phone_both_days_beside_a_day_are_named(opened: Opened, address: str) -> None:
    page = opened(width=PHONE)
    page.goto(address + DAY)
    for title in page.locator(".md-footer__title").all():
        expect(title).to_be_visible()
    assert page.locator(".md-footer__title").count() == 2


def test_a_finger_meets_a_goal(opened: Opened, address: str) -> None:
    page = opened(width=PHONE)
    page.goto(address + DAY)
    assert page.locator("a.tp-goal").evaluate("goal => goal.getBoundingClientRect().height") >= 24


def test_a_table_in_which_nothing_fits_is_gone(opened: Opened, address: str) -> None:
    page = opened(width=DESK)
    page.goto(address + "papers/")
    page.get_by_label("Title or author").fill("zzzz")
    expect(page.locator(".tp-none")).to_be_visible()
    expect(page.locator("table.tp-records")).to_be_hidden()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_what_computes_an_equation_is_named_below_the_code(opened: Opened, address: str, width: int) -> None:
    page = opened(width=width)
    page.goto(address + PAPER)
    below = page.locator(".tp-pair:has(.highlight)").evaluate_all(
        """pairs => pairs.map((pair) => pair.querySelector(".tp-pair__foot").getBoundingClientRect().top
          - pair.querySelector(".highlight").getBoundingClientRect().bottom)"""
    )
    assert below
    assert all(0 <= gap < 30 for gap in below), below
