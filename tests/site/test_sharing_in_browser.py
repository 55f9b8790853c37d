"""Sharing a day, and the feeds, in a real browser."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit
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


@pytest.mark.parametrize("typed", ["example.social", " https://Example.social/@me", "@me@example.social"])
def test_a_post_is_handed_over_to_the_readers_own_server_that_is_kept(page: Page, address: str, typed: str) -> None:
    page.context.route("https://example.social/**", lambda route: route.fulfill(body="taken"))
    page.goto(address + "journal/2021-08-27/")
    page.locator("details.tp-share summary").click()
    field = page.get_by_label("Your server")
    field.fill("no server")
    page.get_by_role("button", name="Open it in Mastodon").click()
    assert "such as example.social" in field.evaluate("field => field.validationMessage")
    field.fill(typed)
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Open it in Mastodon").click()
    taken = urlsplit(opened.value.url)
    assert (taken.scheme, taken.netloc, taken.path) == ("https", "example.social", "/share")
    assert parse_qs(taken.query)["text"] == [page.locator("#share-mastodon code").inner_text()]
    page.reload()
    assert field.input_value() == "example.social"


def test_x_takes_the_text_and_linkedin_the_link(page: Page, address: str) -> None:
    day = address + "journal/2021-08-27/"
    page.goto(day)
    page.locator("details.tp-share summary").click()
    x = page.get_by_role("link", name="Open it in X").get_attribute("href") or ""
    assert parse_qs(urlsplit(x).query)["text"] == [page.locator("#share-x code").inner_text()]
    linkedin = page.get_by_role("link", name="Open the link in LinkedIn").get_attribute("href") or ""
    assert parse_qs(urlsplit(linkedin).query)["url"] == [day]


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
