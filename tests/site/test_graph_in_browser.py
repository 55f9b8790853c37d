"""The graph and the contributions in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from headless import Opened
from playwright.sync_api import Page

from threepass.library import load

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = load(ROOT)
NODES = len(LIBRARY.topics) + len(LIBRARY.notes) + len(LIBRARY.entries)


def view(page: Page) -> list[float]:
    return [float(part) for part in (page.locator(".tp-graph svg").get_attribute("viewBox") or "").split()]


def test_the_graph_is_zoomed_and_made_whole_again(page: Page, address: str) -> None:
    page.goto(address + "graph/")
    whole = view(page)
    page.get_by_role("button", name="Zoom in").click()
    closer = view(page)
    assert closer[2] < whole[2]
    assert closer[0] + closer[2] / 2 == pytest.approx(whole[2] / 2)
    page.get_by_role("button", name="Zoom out").click()
    assert view(page)[2] == pytest.approx(whole[2], rel=1e-2)
    page.get_by_role("button", name="Zoom in").click()
    page.get_by_role("button", name="Whole graph").click()
    assert view(page) == whole


OVERLAPS = """() => {
  const shown = [...document.querySelectorAll(".tp-node text")].filter(
    (text) => getComputedStyle(text).visibility === "visible");
  const boxes = shown.map((text) => [text.textContent, text.getBoundingClientRect()]);
  const pairs = [];
  boxes.forEach(([one, a], at) => boxes.slice(at + 1).forEach(([other, b]) => {
    if (a.left < b.right && b.left < a.right && a.top + 2 < b.bottom && b.top + 2 < a.bottom) pairs.push([one, other]);
  }));
  return [shown.length, Math.min(...boxes.map(([, box]) => box.height)), pairs];
}"""


def test_labels_can_be_read(page: Page, address: str) -> None:
    page.goto(address + "graph/")
    shown, height, overlaps = page.evaluate(OVERLAPS)
    assert shown > 0.9 * (len(LIBRARY.topics) + len(LIBRARY.notes))
    assert height > 12
    assert overlaps == []


def test_the_graph_is_moved_by_dragging(page: Page, address: str) -> None:
    page.goto(address + "graph/")
    for _ in range(3):
        page.get_by_role("button", name="Zoom in").click()
    before, box = view(page), page.locator(".tp-graph__scroll").bounding_box()
    assert box
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 170, steps=4)
    page.mouse.up()
    assert view(page)[0] > before[0]
    assert view(page)[1] > before[1]
    assert page.url.endswith("/graph/")


def test_a_node_in_focus_shows_what_it_is_joined_to_and_leads_to_its_page(page: Page, address: str) -> None:
    page.goto(address + "graph/")
    node = page.locator(".tp-node[href*='sundararajan2017axiomatic']")
    node.focus()
    joined = len((node.get_attribute("data-to") or "").split())
    assert page.locator(".tp-node--near").count() == joined + 1 > 2
    assert "Axiomatic Attribution for Deep Networks" in page.locator(".tp-graph__tools output").inner_text()
    assert (page.locator(".tp-graph__near").get_attribute("d") or "").count("M") == joined
    page.keyboard.press("Enter")
    page.wait_for_url("**/papers/sundararajan2017axiomatic/")


def test_days_can_be_left_out(page: Page, address: str) -> None:
    page.goto(address + "graph/")
    assert page.locator(".tp-node--day:visible").count() == len(LIBRARY.entries)
    page.get_by_label("days", exact=True).uncheck()
    assert page.locator(".tp-node--day:visible").count() == 0
    assert page.locator(".tp-node--paper:visible").count() == len(LIBRARY.notes)


def test_without_scripts_the_graph_is_whole(opened: Opened, address: str) -> None:
    page = opened(java_script_enabled=False)
    page.goto(address + "graph/")
    assert page.locator("a.tp-node").count() == NODES
    assert not page.locator(".tp-graph__tools").is_visible()
    page.locator(".tp-node--topic").first.click()
    page.wait_for_url("**/topics/*/")


def test_contributions_stand_by_their_state_with_the_days_that_worked_on_them(page: Page, address: str) -> None:
    page.goto(address + "contributions/")
    urls = {each.url for entry in LIBRARY.entries for each in entry.day.contributions}
    shown = page.locator(".tp-given > li > a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert set(shown) == urls
    assert len(shown) == len(urls)
    page.locator(".tp-given span a").first.click()
    page.wait_for_url("**/journal/2021-*/")
