"""Sharing a day, and the feeds, in a real browser."""

from __future__ import annotations

import json
from xml.etree import ElementTree as Xml

import pytest
from playwright.sync_api import Page


@pytest.mark.parametrize("network", ["x", "mastodon", "linkedin"])
def test_a_post_is_copied_with_the_link(page: Page, address: str, network: str) -> None:
    page.goto(address + "journal/2021-08-27/")
    details = page.locator("details.tp-share")
    details.locator("summary").click()
    block = details.locator(f"#share-{network}")
    block.hover()
    block.locator("button").first.click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Day 4 of 100 days of NLP: Integrated Gradients, first sitting")
    assert address + "journal/2021-08-27/" in copied


def test_the_feeds_that_a_page_names_are_there(page: Page, address: str) -> None:
    page.goto(address + "papers/sundararajan2017axiomatic/")
    feeds = page.locator("link[rel=alternate][type*='feed'], link[rel=alternate][type*='atom']")
    kinds = {}
    for feed in feeds.all():
        answer = page.request.get(feed.evaluate("link => link.href"))
        assert answer.ok
        kinds[feed.get_attribute("type")] = answer.text()
    entries = Xml.fromstring(kinds["application/atom+xml"]).findall("{http://www.w3.org/2005/Atom}entry")
    assert len(entries) == len(json.loads(kinds["application/feed+json"])["items"]) > 10
