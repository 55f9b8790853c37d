"""This repository's site, served on loopback, and a real Chromium to look at it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from example_library import write_example
from folder_server import address_of
from headless import Opened, launched
from playwright.sync_api import Browser, Error, Page, ViewportSize, expect, sync_playwright
from serving import Served, free_port

FORGET = "localStorage.clear(), sessionStorage.clear()"
expect.set_options(timeout=30_000)  # as for all else that Playwright waits for: a machine may be busy


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The site's address on loopback."""
    with address_of(site) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, headless."""
    with sync_playwright() as playwright:
        started = launched(playwright)
        yield started
        started.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A small library, served: each test writes days of its own."""
    running = Served(
        write_example(tmp_path_factory.mktemp("served") / "library", today=dt.date(2024, 10, 21)), free_port()
    )
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def pages() -> dict[str, Page]:
    """What tests have opened, by its options, for the tests that come: to open a page takes longer than most tests."""
    return {}


@pytest.fixture
def opened(browser: Browser, pages: dict[str, Page], request: pytest.FixtureRequest) -> Iterator[Opened]:
    """Open an empty page that may use the clipboard, with the options of a context, such as `color_scheme`.

    Tests share these pages, so that none may add to one what stays: no listener, no script that runs in each document.
    """
    taken, failed = {}, request.session.testsfailed

    def open_page(*, width: int = 1280, **options: Any) -> Page:
        name = repr((width, sorted(options.items())))
        if name not in pages:
            size: ViewportSize = {"width": width, "height": 844}
            context = browser.new_context(viewport=size, permissions=["clipboard-read", "clipboard-write"], **options)
            pages[name] = context.new_page()
        taken[name] = pages[name]
        return pages[name]

    yield open_page
    for name, page in taken.items():
        if request.session.testsfailed > failed:
            pages.pop(name).context.close()
        else:
            _empty(page)


def _empty(page: Page) -> None:
    page.unroute_all()
    page.context.unroute_all()
    for other in page.context.pages:
        if other != page:
            other.close()
    if page.url.startswith("http"):
        try:
            page.evaluate(FORGET)
        except Error:  # it was just being left for another page
            page.wait_for_load_state()
            page.evaluate(FORGET)
    page.mouse.move(-1, -1)
    page.goto("about:blank")


@pytest.fixture(params=[1280, 390])
def page(opened: Opened, request: pytest.FixtureRequest) -> Page:
    """A page in a wide window, and in one as narrow as a phone."""
    return opened(width=request.param)


@pytest.fixture
def wide_page(opened: Opened) -> Page:
    """A page in a wide window only."""
    return opened()
