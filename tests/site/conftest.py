"""This repository's site, served on loopback, and a real Chromium to look at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from example_library import write_example
from find_browser import chromium
from folder_server import address_of
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright
from serving import Served, free_port


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The site's address on loopback."""
    with address_of(site) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, headless."""
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(chromium()), args=flags)
        yield started
        started.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A small library, served: each test writes days of its own."""
    running = Served(write_example(tmp_path_factory.mktemp("served") / "library"), free_port())
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Iterator[dict[int, BrowserContext]]:
    """What tests share, by the width of its pages: to make one takes a browser longer than most tests take."""
    made: dict[int, BrowserContext] = {}
    yield made
    for context in made.values():
        context.close()


def _opened(browser: Browser, contexts: dict[int, BrowserContext], width: int) -> Iterator[Page]:
    if width not in contexts:
        size: ViewportSize = {"width": width, "height": 844}
        contexts[width] = browser.new_context(viewport=size, permissions=["clipboard-read", "clipboard-write"])
    context = contexts[width]
    yield context.new_page()
    context.unroute_all()
    for page in context.pages:
        if page.url.startswith("http"):
            page.evaluate("localStorage.clear()")
        page.close()


@pytest.fixture(params=[1280, 390])
def page(browser: Browser, contexts: dict[int, BrowserContext], request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page that may use the clipboard: in a wide window, and in one as narrow as a phone."""
    yield from _opened(browser, contexts, request.param)


@pytest.fixture
def wide_page(browser: Browser, contexts: dict[int, BrowserContext]) -> Iterator[Page]:
    """The same in a wide window only."""
    yield from _opened(browser, contexts, 1280)
