"""How lines run in a real browser: from right to left too, and to their ends."""

from __future__ import annotations

import pytest
from headless import Opened
from playwright.sync_api import Page, Route

ARABIC = "يوم عن الانتباه"
PAPER = "papers/sundararajan2017axiomatic/"
OTHER = "Integrated Gradients, first sitting"


@pytest.fixture
def page(opened: Opened) -> Page:
    return opened(width=390)


def in_arabic(route: Route) -> None:
    route.fulfill(body=route.fetch().text().replace(OTHER, ARABIC), content_type="text/html; charset=utf-8")


def test_a_title_from_right_to_left_turns_nothing_beside_it_around(page: Page, address: str) -> None:
    page.route(f"**/{PAPER}", in_arabic)
    page.goto(address + PAPER)
    parts = page.locator(".tp-mentions li", has_text=ARABIC).first.evaluate(
        """item => {
          const date = document.createRange();
          date.selectNodeContents(item.querySelector(".tp-quiet"));
          const title = item.querySelector("a").getClientRects();
          return [title.length, date.getClientRects().length, [...date.getClientRects()].map((r) => r.left),
            title[0].right];
        }"""
    )
    title, date, (starts, *_), ends = parts
    assert (title, date) == (1, 1)
    assert starts >= ends


def test_words_from_right_to_left_begin_on_the_right(page: Page, address: str) -> None:
    page.route("**/journal/2021-08-27/", in_arabic)
    page.goto(f"{address}journal/2021-08-27/")
    gaps = page.locator("h1").evaluate(
        """title => {
          const words = document.createRange();
          words.selectNode(title.firstChild);
          const [first] = words.getClientRects();
          const box = title.getBoundingClientRect();
          return [first.left - box.left, box.right - first.right];
        }"""
    )
    assert gaps[1] < 1 < gaps[0]


def test_the_link_of_a_heading_begins_no_line_of_its_own(page: Page, address: str) -> None:
    page.goto(f"{address}reproductions/attribution.integrated_gradients/")
    heights = page.locator("article h2").evaluate_all("all => all.map((each) => each.getBoundingClientRect().height)")
    assert len(heights) > 3
    assert max(heights) < 1.5 * min(heights)
    page.locator("#integrated_gradients_approx .headerlink").focus()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_what_comes_next_is_named_whole(page: Page, address: str) -> None:
    page.goto(f"{address}journal/2021-08-27/")
    name = page.locator(".md-footer__link--next .md-ellipsis")
    assert name.evaluate("name => name.scrollWidth <= name.clientWidth && name.scrollHeight <= name.clientHeight + 2")


def test_what_a_notebook_prints_breaks_between_words(page: Page, address: str) -> None:
    page.goto(f"{address}notebooks/integrated-gradients-by-hand/")
    broken = page.locator(".jp-RenderedText pre").evaluate_all(
        """all => all.filter((each) => getComputedStyle(each).wordBreak !== "normal").length"""
    )
    assert page.locator(".jp-RenderedText pre").count() > 2
    assert broken == 0


@pytest.mark.parametrize("name", ["guide/", "guide/live/"])
def test_code_in_a_table_breaks_between_words(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}{name}")
    words, broken = page.evaluate("""() => {
      const cells = [...document.querySelectorAll("article table:not([class]) code")];
      const texts = cells.flatMap((code) => [...code.childNodes]).filter((node) => node.nodeType === Node.TEXT_NODE);
      const words = texts.flatMap((text) => [...text.data.matchAll(/[\\w.]+/g)].map((word) => {
        const range = document.createRange();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        return [word[0], range.getClientRects().length];
      }));
      return [words.length, words.filter(([, lines]) => lines > 1).map(([word]) => word)];
    }""")
    assert words > 1
    assert broken == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
