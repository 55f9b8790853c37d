"""The page that `python -m reproductions.attribution --html` writes, in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from headless import Opened
from playwright.sync_api import Page

from reproductions.attribution.marked_text import as_page
from reproductions.attribution.word_importance import Word, WordImportance

FOUND = WordImportance(
    "joy",
    0.9,
    2.0,
    0.001,
    (Word("", "glad", 2.0), Word(" ", "not", -1.0), Word(" ", "a", 0.0), Word(" ", 60 * "x", 0.001)),
    " and what is not read",
    cut=True,
)


@pytest.fixture(params=["light", "dark"])
def marked(opened: Opened, request: pytest.FixtureRequest) -> Page:
    page = opened(width=390, color_scheme=request.param)
    page.set_content(as_page(FOUND))
    return page


def bars(page: Page) -> list[dict[str, str]]:
    """Return how the bar of each word is drawn."""
    return page.evaluate(
        """[...document.querySelectorAll("ruby span")].map(word => {
            const style = getComputedStyle(word)
            return {image: style.backgroundImage, height: style.backgroundSize, at: style.backgroundPositionY}
        })"""
    )


def test_side_and_size_are_seen_without_colour(marked: Page) -> None:
    glad, against, *_ = bars(marked)
    assert glad["image"].startswith("linear-gradient")
    assert against["image"].startswith("repeating-linear-gradient"), "hatched"
    assert (glad["at"], against["at"]) == ("100%", "0%")
    em = marked.evaluate("parseFloat(getComputedStyle(document.querySelector('ruby span')).fontSize)")
    drawn = [marked.evaluate(HEIGHT, index) for index in range(4)]
    assert drawn == pytest.approx([em / 2, em / 4, 0, 0], abs=0.1)


HEIGHT = """index => {
    const word = document.querySelectorAll("ruby span")[index], probe = document.createElement("div")
    probe.style.cssText = `height:${getComputedStyle(word).backgroundSize.replace("100% ", "")};position:absolute`
    word.append(probe)
    const height = probe.getBoundingClientRect().height
    probe.remove()
    return height
}"""


def test_a_long_word_and_a_long_text_stay_on_a_phone(marked: Page) -> None:
    assert marked.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert "Only the first 4 words and marks were read" in marked.inner_text("figcaption")


def test_it_can_be_read_by_everyone(marked: Page) -> None:
    found = Axe().run(marked)
    assert not found.response["violations"], found.generate_report()


def test_light_and_dark_have_colours_of_their_own(opened: Opened) -> None:
    seen = set()
    for scheme in ("light", "dark"):
        page = opened(width=390, color_scheme=scheme)
        page.set_content(as_page(FOUND))
        seen.add((bars(page)[0]["image"], bars(page)[1]["image"]))
    assert len({side for pair in seen for side in pair}) == 4
