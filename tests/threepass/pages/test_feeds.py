"""Feeds of the newest days, with their whole text."""

import datetime as dt
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from generate import BASE

from threepass.ledger import ledger, source_tree
from threepass.library import load
from threepass.pages import Site, files_of, site_of
from threepass.pages.feeds import ATOM, JSON, NEWEST, feed_files

NS = {"a": "http://www.w3.org/2005/Atom"}
NOTES = """title: A <day> & more
topics: [attention]
readings: [{paper: bahdanau2014neural, pass: 1}]
contributions: [{title: Add it, url: 'https://example.org/1', status: open}]
links: [{title: Elsewhere, url: 'https://example.org/2'}]
notes: |
  See [[bahdanau2014neural#First pass]] and [[2021-08-26]], where $x < y$.

  <script>alert(1)</script>

  ```python
  a < b
  ```
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "journal").mkdir(exist_ok=True)
    for number in range(NEWEST + 5):
        date = dt.date(2021, 8, 27) - dt.timedelta(number)
        (tmp_path / "journal" / f"{date}.yml").write_text(f"date: {date}\n{NOTES if not number else 'title: Old'}\n")
    library = load(tmp_path)
    assert library.problems == ()
    tree = source_tree(library)
    return site_of(library, ledger(library, tree), tree)


def with_address(site: Site, url: str) -> Site:
    library = replace(site.library, site=site.library.site.model_copy(update={"url": url}))
    return replace(site, library=library)


def test_an_atom_feed_has_what_the_standard_asks_for(site: Site) -> None:
    feed = Xml.fromstring(feed_files(with_address(site, "https://example.org/notes"))[ATOM])
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    entries = feed.findall("a:entry", NS)
    assert len(entries) == NEWEST
    for element in (feed, *entries):
        for name in ("id", "title", "updated"):
            found = element.findall(f"a:{name}", NS)
            assert len(found) == 1, name
            assert found[0].text
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", element.findtext("a:id", "", NS))
        assert dt.datetime.fromisoformat(element.findtext("a:updated", "", NS))
    assert feed.findtext("a:author/a:name", "", NS)
    assert len({entry.findtext("a:id", "", NS) for entry in entries}) == NEWEST
    links = {link.get("rel"): link.get("href") for link in feed.findall("a:link", NS)}
    assert links == {"self": "https://example.org/notes/feed.xml", "alternate": "https://example.org/notes/"}
    assert entries[0].findtext("a:title", "", NS) == "A <day> & more"
    link = entries[0].find("a:link", NS)
    assert link is not None
    assert link.get("href") == "https://example.org/notes/journal/2021-08-27/"


def test_the_whole_text_is_there_with_links_that_lead_to_the_site(site: Site) -> None:
    feed = json.loads(feed_files(with_address(site, "https://example.org/notes/"))[JSON])
    html = feed["items"][0]["content_html"]
    hrefs = re.findall(r'href="([^"]*)"', html)
    base = "https://example.org/notes/"
    assert f"{base}papers/bahdanau2014neural/#first-pass" in hrefs
    assert f"{base}papers/bahdanau2014neural/" in hrefs
    assert f"{base}journal/2021-08-26/" in hrefs
    assert "https://example.org/2" in hrefs
    assert "<math" in html
    assert "a &lt; b" in re.sub(r"</?(span|code|pre|div)[^>]*>", "", html)
    assert "<script" not in html
    assert "Add it" in html


def test_a_json_feed_has_what_the_standard_asks_for(site: Site) -> None:
    feed = json.loads(feed_files(with_address(site, "https://example.org"))[JSON])
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "https://example.org/feed.json"
    assert len(feed["items"]) == NEWEST
    assert all(item["id"] and item["content_html"] is not None and item["url"] for item in feed["items"])
    assert feed["items"][0]["tags"] == [site.library.topic_title("attention")]
    assert feed["items"][0]["date_published"] == "2021-08-27T00:00:00Z"


def test_without_an_address_links_are_relative_to_the_feed(site: Site) -> None:
    html = json.loads(feed_files(site)[JSON])["items"][0]["content_html"]
    assert 'href="papers/bahdanau2014neural/"' in html
    assert 'href="journal/2021-08-26/"' in html


def test_feeds_belong_to_the_site_and_an_empty_library_has_them(tmp_path: Path) -> None:
    shutil.copy(BASE / "mkdocs.yml", tmp_path)
    library = load(tmp_path)
    tree = source_tree(library)
    files = files_of(site_of(library, ledger(library, tree), tree))
    assert Xml.fromstring(files[ATOM]).findall("a:entry", NS) == []
    assert json.loads(files[JSON])["items"] == []
