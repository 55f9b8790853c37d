"""This repository's site, served on loopback, and a real Chromium to look at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from example_library import write_example
from find_browser import chromium
from folder_server import address_of
from playwright.sync_api import Browser, Page, sync_playwright
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


def _opened(browser: Browser, width: int) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": width, "height": 844}, permissions=["clipboard-read", "clipboard-write"]
    )
    yield context.new_page()
    context.close()


@pytest.fixture(params=[1280, 390])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page that may use the clipboard: in a wide window, and in one as narrow as a phone."""
    yield from _opened(browser, request.param)


@pytest.fixture
def wide_page(browser: Browser) -> Iterator[Page]:
    """The same in a wide window only."""
    yield from _opened(browser, 1280)
