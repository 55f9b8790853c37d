"""Figures as a reader sees them, on light pages, on dark ones and on paper."""

from __future__ import annotations

import io

import pytest
from headless import Opened
from PIL import Image
from playwright.sync_api import Page

NOTEBOOK = "notebooks/ways-to-write-the-next-letter/"


def colours(page: Page) -> list[tuple[int, int, int]]:
    """Return the colours of the notebook's figure, most of it first."""
    figure = Image.open(io.BytesIO(page.locator(".jupyter-wrapper img").screenshot())).convert("RGB")
    counted = figure.getcolors(maxcolors=figure.width * figure.height)
    return [colour for _, colour in sorted(counted, reverse=True)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_figure_of_a_notebook_has_the_ground_and_the_ink_of_its_page(
    opened: Opened, address: str, scheme: str
) -> None:
    page = opened(color_scheme=scheme)
    page.goto(address + NOTEBOOK)
    ground, *inks = colours(page)
    assert f"rgb{ground}" == page.evaluate("getComputedStyle(document.body).backgroundColor")
    if scheme == "light":
        assert min(sum(ink) for ink in inks) < 150
    else:
        assert max(sum(ink) for ink in inks) > 600
    page.emulate_media(media="print")
    assert page.locator(".jupyter-wrapper img").evaluate("image => getComputedStyle(image).filter") == "none"
    page.emulate_media(media="screen")


def test_on_a_phone_a_figure_of_a_notebook_is_scrolled_and_not_made_too_small_to_read(
    opened: Opened, address: str
) -> None:
    page = opened(width=390)
    page.goto(address + NOTEBOOK)
    shown = "image => image.offsetWidth > 400 && image.parentElement.scrollWidth > image.parentElement.clientWidth"
    assert page.locator(".jupyter-wrapper img").evaluate(shown)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
