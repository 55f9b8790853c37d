"""What may run on a page: nothing that is not the theme's or ours. And what a page weighs."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route
from test_browser import KINDS

POLICY = '<meta http-equiv="Content-Security-Policy"'
LIMIT = 150_000
"""Bytes, compressed, of a first load; fonts and the search's index aside."""


def test_every_page_has_a_policy_without_unsafe_scripts(site: Path) -> None:
    for path in site.rglob("*.html"):
        text = path.read_text("utf-8")
        assert POLICY in text, path
        policy = text.split(POLICY)[1].split(">")[0]
        scripts = policy.split("script-src")[1].split(";")[0]
        assert "unsafe" not in scripts, path
        assert text.index(POLICY) < text.index("<script"), path


INJECTIONS = {
    "script": "<script>window.ran = true</script>",
    "handler": "<img src=x onerror='window.ran = true'>",
    "frame": "<iframe srcdoc='<script>parent.ran = true</script>'></iframe>",
    "address": "<script src='data:text/javascript,window.ran=true'></script>",
}


DAY = "journal/2021-08-27/"


@pytest.mark.parametrize("name", INJECTIONS)
def test_what_is_injected_into_a_page_does_not_run(wide_page: Page, address: str, name: str) -> None:
    page = wide_page

    def inject(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace("<h1", INJECTIONS[name] + "<h1", 1))

    page.route(f"**/{DAY}", inject)
    page.goto(address + DAY)
    assert INJECTIONS[name].partition(" ")[0] in page.content()
    assert page.evaluate("window.ran") is None


@pytest.mark.parametrize("name", INJECTIONS)
def test_the_injections_run_where_there_is_no_policy(wide_page: Page, address: str, name: str) -> None:
    """The control of the test above."""
    page = wide_page

    def inject(route: Route) -> None:
        response = route.fetch()
        before, after = response.text().split(POLICY)
        body = before + after.split(">", 1)[1].replace("<h1", INJECTIONS[name] + "<h1", 1)
        route.fulfill(response=response, body=body)

    page.route(f"**/{DAY}", inject)
    page.goto(address + DAY)
    assert page.evaluate("window.ran") is True


@pytest.mark.parametrize("kind", ["day", "paper", "home"])
def test_a_first_load_weighs_little(browser: Browser, address: str, kind: str) -> None:
    page = browser.new_context().new_page()
    sizes: dict[str, int] = {}

    def weigh(response: object) -> None:
        url: str = response.url  # type: ignore[attr-defined]
        if not url.endswith((".woff2", ".woff")) and "/pagefind/" not in url:
            sizes[url.removeprefix(address)] = len(gzip.compress(response.body(), 6))  # type: ignore[attr-defined]

    page.on("response", weigh)
    page.goto(address + KINDS[kind], wait_until="networkidle")
    blocking = page.evaluate(
        "performance.getEntriesByType('resource').filter((e) => e.initiatorType === 'script'"
        " && e.renderBlockingStatus === 'blocking').map((e) => e.name)"
    )
    page.context.close()
    assert len(sizes) > 3
    assert sum(sizes.values()) <= LIMIT, sizes
    assert [name for name in blocking if "/threepass/" in name] == []
