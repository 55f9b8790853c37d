"""Takes the screenshots of docs/guide/tour.md: `python tests/site/tour.py [SITE]`, without SITE of a site built for it.

Each stop is taken in light and in dark, into docs/images/tour/, with few colours, so that an image weighs little.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from folder_server import address_of
from headless import launched
from PIL import Image
from playwright.sync_api import APIResponse, Page, Route, sync_playwright

from threepass.building.site import build

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images" / "tour"
SCHEMES = ("light", "dark")
COLOURS = 256
ADDRESS = "https://notes.example/"
"""Where the pictures say that the site is."""
LIMIT = 200_000
"""Bytes that an image may weigh."""


def _nothing(page: Page) -> None:
    """Leave the page as it is."""


class Stop(NamedTuple):
    """A page, the size of the window, and what is done before the picture is taken."""

    path: str
    do: Callable[[Page], object] = _nothing
    width: int = 1280
    height: int = 800


def _named_symbol(page: Page) -> None:
    page.locator("#equations").evaluate("heading => scrollTo(0, heading.offsetTop - 75)")
    page.locator(".tp-equation .tp-symbol[tabindex]").nth(1).hover()


def _share(page: Page) -> None:
    page.locator("details.tp-share summary").click()
    page.locator("details.tp-share").evaluate("details => details.scrollIntoView({block: 'center'})")


def _search(page: Page) -> None:
    page.locator(".tp-search input").click()
    page.locator(".tp-search input").press_sequentially("softmax of the scores", delay=30)
    page.locator(".tp-search li").nth(2).wait_for(timeout=90_000)


STOPS = {
    "home": Stop("", height=900),
    "day": Stop("journal/2021-08-28/", height=900),
    "papers": Stop("papers/?topic=attention&sort=-published"),
    "board": Stop("papers/board/"),
    "paper": Stop("papers/sundararajan2017axiomatic/", _named_symbol, height=820),
    "claim": Stop("claims/sundararajan2017axiomatic/completeness/"),
    "reproductions": Stop("reproductions/"),
    "graph": Stop("graph/", lambda page: page.locator(".tp-node[href*='vaswani2017attention']").focus(), height=1200),
    "search": Stop("", _search, height=620),
    "share": Stop("journal/2021-08-27/", _share, height=680),
    "phone": Stop("papers/vaswani2017attention/", width=390, height=844),
}


def take(site: Path, stops: dict[str, Stop] = STOPS) -> None:
    """Take each stop's pictures of a built site."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, address_of(site) as address:
        browser = launched(playwright)
        for scheme in SCHEMES:
            context = browser.new_context(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]  # of two
            context.route(f"{ADDRESS}**", lambda route: route.fulfill(response=_from(address, route)))
            for name, stop in stops.items():
                page = context.new_page()
                page.set_viewport_size({"width": stop.width, "height": stop.height})
                page.goto(ADDRESS + stop.path, wait_until="networkidle")
                stop.do(page)
                (IMAGES / f"{name}-{scheme}.png").write_bytes(light_weight(page.screenshot()))
                page.close()
            context.close()
        browser.close()


def _from(address: str, route: Route) -> APIResponse:
    return route.fetch(url=route.request.url.replace(ADDRESS, address))


def light_weight(png: bytes) -> bytes:
    """Return an image in few colours, which is what a page has."""
    few = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    written = io.BytesIO()
    few.save(written, "PNG", optimize=True)
    return written.getvalue()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        take(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            if build(ROOT, to=Path(folder)):
                sys.exit("the library has problems")
            take(Path(folder))
