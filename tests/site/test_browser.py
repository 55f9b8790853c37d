"""Each kind of page in a real Chromium: wide and phone-narrow, light and dark."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from headless import Opened
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
    "claim": "claims/sundararajan2017axiomatic/completeness/",
    "roadmap": "roadmap/",
    "guide": "guide/",
    "problems": "guide/problems/",
    "notebook": "notebooks/integrated-gradients-by-hand/",
    "no page": "404.html",
}

FEW_OF_A_KIND = """most => {
  const chains = new Map(), seen = new Map();
  for (const element of document.querySelectorAll("body *")) {
    if (!element.isConnected) continue;
    const { parentElement: parent, cellIndex: column, dataset: { state = "", level = "" } } = element;
    const kind = [element.localName, element.getAttribute("class") ?? "", state, level, column].join(" ");
    const chain = `${chains.get(parent) ?? ""}>${kind}`;
    chains.set(element, chain);
    seen.set(chain, (seen.get(chain) ?? 0) + 1);
    if (seen.get(chain) > most && element.closest("article, nav") && !element.closest(".tp-where")) element.remove();
  }
}"""
"""Leaves a few of what is repeated, rows, cards, tokens of code, links of a menu: a look at each finds nothing new.
The symbols of an equation keep their explanations, which a script takes from there.

Two elements are of a kind where they, and all that they stand in, have the same names, classes, states and columns.
"""

OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules of axe-core of which a page that keeps them when it is light may still break one when it is dark."""


VIOLATIONS = "options => axe.run(options).then(({ violations }) => violations)"
OPTIONS = {"resultTypes": ["violations"], "preload": False}  # to be preloaded are sounds, which no page has
SWITCH = "[data-md-component=palette] label:visible"
"""By which a reader turns a dark page light."""
FORGET = 'if (origin !== "null") localStorage.clear()'
"""Lets each page begin as the system asks, though the reader has switched."""
WATCH_POLICY = """window.broken = [];
document.addEventListener("securitypolicyviolation",
  ({ violatedDirective, blockedURI, sample }) => broken.push(`${violatedDirective} ${blockedURI} ${sample}`));
"""

WIDE, PHONE = 1280, 390


WATCH_FOCUS = """() => {
  const controls = "a[href], button, input, select, textarea, summary, [tabindex]";
  window.expected = [...document.querySelectorAll(controls)].filter((each) => each.tabIndex >= 0 && !each.disabled
    && !each.hidden && !each.matches("[type=radio]:not(:checked)")
    && each.checkVisibility({ visibilityProperty: true }));
  window.visited = new Set();
  window.unseen = new Set();
  const outlined = (each) => each && getComputedStyle(each).outlineStyle !== "none";
  document.addEventListener("focusin", ({ target }) => {
    visited.add(target);
    const { left, right } = target.getBoundingClientRect();
    const seen = outlined(target)
      || (target.matches(".md-option") && outlined(target.nextElementSibling))
      || (target.matches(".tp-node") && getComputedStyle(target.children[1]).strokeWidth === "3px")
      || (target.matches(".md-search__input") && document.getElementById("__search").checked);
    if (!target.hidden && (!seen || right < 1 || left >= innerWidth)) unseen.add(target.outerHTML.slice(0, 150));
  });
  return expected.length;
}"""
"""Notes what the focus should come to, where it comes to, and where it is not to be seen."""

MOVING = """() => [...document.querySelectorAll("*")].filter((each) => {
  const style = getComputedStyle(each);
  const passes = style.transitionDuration.split(", ").some((time) => parseFloat(time) > 0);
  const glides = style.animationName !== "none" || style.scrollBehavior === "smooth";
  return glides || (passes && style.transitionProperty !== "none");
}).map((each) => each.outerHTML.slice(0, 100))"""
"""What moves, though the reader asks for little motion."""

SCHEMES = {WIDE: ("dark", "light"), PHONE: ("light", "dark")}
"""The scheme that the system asks for, and the one to which the reader then switches."""

BY_KEYBOARD = {WIDE: tuple(KINDS), PHONE: ("home", "papers", "paper", "graph")}
"""Where pages are walked by the tab key, which takes the longest: each once in a wide window, a few in a narrow one."""


@pytest.mark.long
@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_pages_are_sound(browser: Browser, address: str, width: int) -> None:
    """Each page is looked at by axe-core, wide and narrow, in light and dark, and walked by keyboard."""
    # A window is never resized: Chromium, when it is busy, may wait for ever for a frame of the new size.
    context = browser.new_context(
        color_scheme=SCHEMES[width][0],  # type: ignore[arg-type]  # one of the two
        reduced_motion="reduce",
        viewport={"width": width, "height": 844},
    )
    context.add_init_script(FORGET)
    context.add_init_script(WATCH_POLICY)
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
            wrong.append(f"{kind} is {overflow} pixels wider than a window of {width}")
        page.evaluate(FEW_OF_A_KIND, 3)
        page.evaluate(Axe().axe_script)
        for scheme in SCHEMES[width]:
            if scheme != SCHEMES[width][0]:
                page.locator(SWITCH).dispatch_event("click")
            background = page.evaluate("getComputedStyle(document.body).backgroundColor")
            light = sum(int(part) for part in background[background.index("(") + 1 : -1].split(",")[:3]) > 384
            if light != (scheme == "light"):
                wrong.append(f"{kind} is {background} in the {scheme} scheme")
            rules = {} if scheme == "light" else {"runOnly": OF_COLOURS}
            found = page.evaluate(VIOLATIONS, OPTIONS | rules)
            wrong += [f"{kind}, {scheme}: {_said(each)}" for each in found if each["impact"] in ("serious", "critical")]
            wrong += [f"{kind} moves, {scheme}: {each}" for each in page.evaluate(MOVING)]
        if kind in BY_KEYBOARD[width]:
            wrong += [f"{kind}, by keyboard: {each}" for each in _out_of_reach(page)]
        wrong += [f"{kind} breaks its policy: {each}" for each in page.evaluate("window.broken")]
    context.close()
    assert wrong == []


def _out_of_reach(page: Page) -> list[str]:
    """Go through a page by the tab key, and return what it does not come to, or where it is not to be seen."""
    controls = page.evaluate(WATCH_FOCUS)
    assert controls > 5
    for _ in range(controls + 4):
        page.keyboard.down("Tab")
    page.keyboard.up("Tab")
    left_out: list[str] = page.evaluate("expected.filter((each) => !visited.has(each)).map((each) => each.outerHTML)")
    unseen: list[str] = page.evaluate("[...unseen].map((each) => `not seen: ${each}`)")
    return left_out + unseen


def _ours(url: str, address: str) -> bool:
    return url.startswith((address, "data:", "blob:"))


def _said(violation: dict[str, Any]) -> str:
    node = violation["nodes"][0]
    return f"{violation['id']}, {len(violation['nodes'])} times: {node['target']} {node['failureSummary']}"


NEEDS_SCRIPTS = ".tp-filter, .tp-none, .tp-graph__tools, .tp-draft, .md-code__nav, .headerlink"
"""What is offered only where it works."""

WORDS = """without => {
  const article = document.querySelector("article");
  for (const each of article.querySelectorAll(without)) each.remove();
  for (const each of article.querySelectorAll("details")) each.open = true;
  return article.innerText.split(/\\s+/).filter(Boolean);
}"""


def test_without_scripts_all_content_is_there(opened: Opened, address: str) -> None:
    pages = [opened(java_script_enabled=False), opened()]
    lost = {}
    for kind in ("home", "journal", "day", "papers", "paper", "graph", "reproductions", "claims", "claim", "notebook"):
        for page in pages:
            page.goto(address + KINDS[kind])
        without, usual = (Counter(page.evaluate(WORDS, NEEDS_SCRIPTS)) for page in pages)
        assert usual.total() > 3
        if missing := usual - without:
            lost[kind] = missing
    assert lost == {}


@pytest.mark.parametrize("kind", ["day", "paper"])
def test_what_is_printed_is_the_text_in_dark_ink_on_white(opened: Opened, address: str, kind: str) -> None:
    page = opened(width=700, color_scheme="dark")
    page.goto(address + KINDS[kind])
    assert page.evaluate("document.body.dataset.mdColorScheme") == "slate"
    page.emulate_media(media="print")
    for left_out in (".md-header", ".md-tabs", ".md-footer", ".tp-share", ".tp-cite", ".headerlink"):
        assert page.locator(f"{left_out}:visible").count() == 0, left_out
    ink = page.evaluate(
        "() => ['article h1', 'article p', 'article a', 'article h2', '.tp-pair', 'article math', 'article code']"
        ".flatMap((name) => [...document.querySelectorAll(name)].slice(0, 3))"
        ".filter((each) => each.checkVisibility()).map((each) => getComputedStyle(each).color)"
    )
    assert len(ink) > 5
    assert [color for color in ink if max(map(int, re.findall(r"\d+", color)[:3])) > 200] == []
    grounds = page.evaluate(
        "() => [...document.querySelectorAll('article, article *, body')].filter((each) => each.checkVisibility())"
        ".map((each) => getComputedStyle(each).backgroundColor).filter((color) => /^rgb\\(/.test(color))"
    )
    dark = [color for color in grounds if min(map(int, re.findall(r"\d+", color)[:3])) < 16]
    assert dark == []
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    page.emulate_media(media="null")


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
    page.locator(".tp-uses a", has_text="completeness").first.click()
    page.wait_for_url("**/papers/sundararajan2017axiomatic/#claim-completeness")
    page.go_back()
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
