"""A paper's page in a real browser: citation, symbols, what links here, what is like it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from headless import Opened
from playwright.sync_api import Page

from threepass.library import load

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = load(ROOT)
PAPER = "papers/sundararajan2017axiomatic/"
NOTE = LIBRARY.notes["sundararajan2017axiomatic"]


@pytest.mark.parametrize(("number", "form"), [(0, "words"), (1, "bibtex"), (2, "csl")])
def test_a_citation_is_copied_in_three_forms(page: Page, address: str, number: int, form: str) -> None:
    page.goto(address + PAPER)
    page.locator("details.tp-cite summary").click()
    block = page.locator("details.tp-cite .highlight").nth(number)
    block.hover()
    block.locator("button.md-code__button, button.md-clipboard").first.click()
    copied = page.evaluate("navigator.clipboard.readText()")
    if form == "csl":
        assert json.loads(copied)[0]["author"][0]["family"] == "Sundararajan"
    else:
        assert copied.startswith("@misc{sundararajan2017axiomatic," if form == "bibtex" else "Mukund Sundararajan, ")


def test_a_symbol_is_named_by_pointer_keyboard_and_touch(page: Page, address: str) -> None:
    page.goto(address + PAPER)
    pair = page.locator("#equation-integrated-gradients")
    meanings = NOTE.paper.equations[0].symbols
    symbol = pair.locator(f".tp-equation [data-symbol='{list(meanings).index('x')}']").first
    hint = page.locator("[role=tooltip].tp-hint")
    assert not hint.is_visible()
    symbol.hover()
    assert hint.inner_text() == meanings["x"] == "the input"
    assert pair.locator(".tp-where .tp-symbol--on dd").inner_text() == "the input"
    box, at = hint.bounding_box(), symbol.bounding_box()
    assert box
    assert at
    assert abs(box["x"] + box["width"] / 2 - at["x"] - at["width"] / 2) < 2
    page.mouse.move(0, 0)
    hint.wait_for(state="hidden")
    pair.locator(".tp-equation").focus()
    page.keyboard.press("Tab")
    assert hint.inner_text().startswith("the attribution to component")
    page.keyboard.press("Escape")
    assert not hint.is_visible()


def test_a_symbol_is_named_by_a_tap(opened: Opened, address: str) -> None:
    page = opened(width=390, has_touch=True, is_mobile=True)
    page.goto(address + PAPER)
    page.locator("#equation-integrated-gradients .tp-equation .tp-symbol").first.tap()
    assert page.locator(".tp-hint").inner_text().startswith("the attribution to component")
    page.locator("#equation-integrated-gradients .tp-label").tap()
    assert not page.locator(".tp-hint").is_visible()


def test_each_symbol_is_explained_without_scripts(opened: Opened, address: str) -> None:
    page = opened(java_script_enabled=False)
    for note in LIBRARY.notes.values():
        explained = [equation for equation in note.paper.equations if equation.symbols]
        if explained:
            page.goto(f"{address}papers/{note.key}/")
        for equation in explained:
            shown = page.locator(f"#equation-{equation.id} .tp-where dd")
            assert shown.count() == len(equation.symbols)
            assert shown.first.is_visible()


SELECT = "element => getSelection().selectAllChildren(element)"


def test_the_latex_of_formulas_is_copied(page: Page, address: str) -> None:
    page.goto(address + PAPER)
    latex = NOTE.paper.equations[0].latex
    pair = page.locator("#equation-integrated-gradients")
    pair.locator(".tp-equation").evaluate(SELECT)
    page.keyboard.press("Control+c")
    assert page.evaluate("navigator.clipboard.readText()") == latex.strip()
    sentence = page.locator("article p:has(> math)").first
    sentence.evaluate(SELECT)
    page.keyboard.press("Control+c")
    copied = page.evaluate("navigator.clipboard.readText()")
    words, tex = sentence.evaluate(
        "p => [[...p.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()), "
        "[...p.querySelectorAll('annotation')].map((a) => `$${a.textContent}$`)]"
    )
    assert tex
    assert all(part in " ".join(copied.split()) for part in [*(" ".join(word.split()) for word in words), *tex])
    page.locator(".tp-authors").evaluate(SELECT)
    page.keyboard.press("Control+c")
    assert page.evaluate("navigator.clipboard.readText()") == ", ".join(NOTE.paper.authors)
    pair.locator("details.tp-tex summary").click()
    assert pair.locator("details.tp-tex code").inner_text() == " ".join(latex.split())
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_links_here_comes_with_its_sentence(page: Page, address: str) -> None:
    page.goto(address + PAPER)
    day = page.locator(".tp-mentions li", has=page.locator("a[href$='2021-08-27/']"))
    said = day.locator("blockquote")
    assert said.locator("mark").inner_text() == "Axiomatic Attribution for Deep Networks"
    assert said.inner_text().startswith("I have been using Integrated Gradients since")
    assert "pass 1" in day.inner_text()
    day.locator("a").first.click()
    page.wait_for_url("**/journal/2021-08-27/")


def test_related_papers_and_days_are_linked_and_none_is_the_paper_itself(page: Page, address: str) -> None:
    page.goto(address + "papers/vaswani2017attention/")
    papers = page.locator(".tp-alike .tp-papers a")
    keys = [address.strip("/").split("/")[-1] for address in papers.evaluate_all("all => all.map(a => a.href)")]
    assert {"bahdanau2014neural", "luong2015effective"} <= set(keys)
    assert "vaswani2017attention" not in keys
    page.locator(".tp-alike .tp-days a").first.click()
    page.wait_for_url("**/journal/2021-*/")
