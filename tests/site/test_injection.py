"""What an author, a paper or an import brings is text: none of it runs in a reader's browser.

The policy of the pages is switched off here, so that it is the escaping that is seen to hold, and not what catches what
it has let through (`test_policy.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml
from folder_server import address_of
from payloads import PAYLOADS
from playwright.sync_api import Browser, Page

from threepass.building.site import build
from threepass.intake.bibliography import import_bibtex
from threepass.markdown.safety import is_safe_address

CONFIGURATION = {
    "site_name": "Injected",
    "theme": {"name": "material", "font": False, "features": ["search.suggest"]},
    "plugins": ["search", {"threepass": {"topics": {"t": PAYLOADS[0]}, "claims": {"code": "code", "packages": ["x"]}}}],
    "markdown_extensions": ["attr_list", "md_in_html", "tables", "pymdownx.superfences", {"toc": {"permalink": True}}],
}


def paper(number: int, payload: str) -> str:
    record = {
        "title": f"Paper {number} {payload}",
        "authors": [f"Ann {payload}", "Bo Ek"],
        "published": 2020,
        "url": f"https://example.org/{number}",
        "venue": payload,
        "topics": ["t"],
        "categories": [payload],
        "abstract": payload,
        "five_cs": dict.fromkeys(("category", "context", "correctness", "contributions", "clarity"), payload),
        "equations": [{"id": "e", "label": payload, "latex": "x", "symbols": {"x": payload}}],
        "claims": [
            {"id": "c", "says": payload, "where": payload, "check": "x:y", "expect": {"at_most": 1},
             "control": "none", "why_no_control": payload}
        ],
        "links": [{"title": payload, "url": "https://example.org"}],
        "bibtex": {"note": payload},
    }  # fmt: skip
    return (
        f"---\n{yaml.safe_dump(record, allow_unicode=True)}---\n## First pass\n\nWords before {payload}\n\n{payload}\n"
    )


def day(number: int, payload: str) -> str:
    record = {
        "date": f"2020-{number // 28 + 1:02}-{number % 28 + 1:02}",
        "title": f"Day {number} {payload}",
        "topics": ["t"],
        "notes": f"Words before {payload} and [[sound2020note]].\n\n{payload}\n",
        "links": [{"title": payload, "url": "https://example.org"}],
        "contributions": [{"title": payload, "url": "https://example.org"}],
    }
    return yaml.safe_dump(record, allow_unicode=True)


def entry(number: int, payload: str) -> str:
    text = " ".join(payload.replace("{", "").replace("}", "").split())
    fields = (
        f"title = {{Entry {number} {text}}}, author = {{Ek{number}, Ann {text}}}, journal = {{{text}}}, year = 2021"
    )
    return f"@article{{bib{number}, {fields}}}"


def file_name(payload: str) -> str:
    """Return as much of a text as a file can be called."""
    return payload.replace("/", "&#47;").replace("\n", " ").strip(". ")


@pytest.fixture(scope="module")
def injected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose every field tries to run, built as any other."""
    root, target = tmp_path_factory.mktemp("library"), tmp_path_factory.mktemp("site")
    (root / "mkdocs.yml").write_text(yaml.safe_dump(CONFIGURATION))
    for folder in ("docs/named", "papers", "journal/2020", "code"):
        (root / folder).mkdir(parents=True)
    (root / "code" / "x.py").write_text("def y():\n    return 1\n")
    sound = {"title": "A sound note", "authors": ["Cy Ode"], "published": 2020, "url": "https://example.org"}
    (root / "papers" / "sound2020note.md").write_text(f"---\n{yaml.safe_dump(sound)}---\n## First pass\n\nText.\n")
    for number, payload in enumerate(PAYLOADS):
        (root / "papers" / f"ann2020p{number}.md").write_text(paper(number, payload))
        text = day(number, payload)
        date = yaml.safe_load(text)["date"]
        (root / "journal" / "2020" / f"{date}.yml").write_text(text)
        for name in (f"docs/named/{file_name(payload)}.md", f"papers/{file_name(payload)}.md"):
            (root / name).write_text("A page whose title is its file's name.\n")
        (root / "journal" / "2020" / f"{file_name(payload)}.yml").write_text("title: x\n")
    import_bibtex(root, "\n".join(entry(number, payload) for number, payload in enumerate(PAYLOADS)))
    build(root, strict=False, to=target)
    return target


@pytest.fixture(scope="module")
def home(injected: Path) -> Iterator[str]:
    with address_of(injected) as address:
        yield address


class Wrong(HTMLParser):
    """Collects what could run and is not the theme's: handlers, inline styles with addresses, schemes that run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name.startswith("on") or name == "srcdoc" or "ran(1)" in name:
                self.found.append(f"<{tag} {name}>")
            if name in ("href", "src", "action", "formaction", "data", "xlink:href") and not is_safe_address(
                value or ""
            ):
                self.found.append(f"<{tag} {name}={value}>")
        if tag in ("base", "object", "embed", "marquee", "iframe") or (
            tag == "meta" and ("http-equiv", "refresh") in attrs
        ):
            self.found.append(f"<{tag}>")


def test_there_are_enough_of_them() -> None:
    assert len(set(PAYLOADS)) >= 60


def test_every_record_has_its_page(injected: Path) -> None:
    assert len([*(injected / "papers").glob("ann2020p*/index.html")]) == len(PAYLOADS)
    assert len([*(injected / "journal").glob("2020-*/index.html")]) == len(PAYLOADS)
    assert len([*(injected / "papers").glob("ek*/index.html")]) > 0.7 * len(PAYLOADS)
    assert len([*(injected / "named").glob("*/index.html")]) == len(PAYLOADS)
    assert len([*(injected / "papers").glob("*/index.html")]) < 3 * len(PAYLOADS), "a file of another name is no note"


def test_no_page_holds_a_handler_or_an_address_that_runs(injected: Path) -> None:
    wrong = {}
    for path in injected.rglob("*.html"):
        parser = Wrong()
        parser.feed(path.read_text("utf-8"))
        if parser.found:
            wrong[path.relative_to(injected).as_posix()] = parser.found
    assert wrong == {}


def test_the_reader_of_pages_sees_what_is_wrong() -> None:
    parser = Wrong()
    parser.feed("<img onerror=x><a href='javascript:x'>x</a><iframe srcdoc=x></iframe><base href=/>")
    assert len(parser.found) == 5


SHOW = """addresses => Promise.all(addresses.map((address) => new Promise((shown) => {
  const frame = document.createElement("iframe");
  Object.assign(frame, { src: address, width: 1280, height: 844, onload: shown });
  document.body.append(frame);
}))).then(() => addresses.length)"""
"""Loads each address in a frame of its own: that takes half of what it takes in a window of its own."""

HEAR = """() => [...document.querySelectorAll("iframe")].map((frame) => {
  const { document: shown, heard, Event } = frame.contentWindow;
  for (const element of shown.querySelectorAll("article *"))
    for (const kind of ["mouseover", "focus", "toggle", "animationstart", "begin", "error"])
      element.dispatchEvent(new Event(kind));
  frame.remove();
  return [Boolean(shown.querySelector("article h1")), heard.length,
    shown.querySelectorAll("article script:not([src])").length];
})"""
"""Takes the frames away; of each: whether a page is in it, how much of it ran, how many scripts are in its text."""


@pytest.fixture
def hearing(browser: Browser, home: str) -> Iterator[Page]:
    """An empty page of the site, whose frames note what runs in them."""
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.add_init_script("window.heard = []; window.ran = (what) => window.heard.push(what)")
    page.on("dialog", lambda dialog: dialog.dismiss())
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    without = ["*/search_index.json", "*.woff2"]  # a test of its own looks at the search, and fonts run nothing
    network.send("Network.setBlockedURLs", {"urls": without})
    page.route(f"{home}frames/", lambda route: route.fulfill(body="<p>x</p>", content_type="text/html"))
    page.goto(f"{home}frames/")
    yield page
    context.close()


def test_nothing_runs_in_chromium(hearing: Page, injected: Path, home: str) -> None:
    pages = sorted(path.relative_to(injected).parent.as_posix() for path in injected.rglob("index.html"))
    kinds = (
        "claims/ann",
        "papers/ek",
        "journal/2020-",
        "named/",
    )  # hold what the papers' pages hold: some of each will do
    pages = [name for number, name in enumerate(pages) if not name.startswith(kinds) or number % 7 == 0]
    found = {}
    for first in range(0, len(pages), 12):
        some = pages[first : first + 12]
        hearing.evaluate(SHOW, [f"{home}{quote(name)}/" for name in some])
        found |= dict(zip(some, hearing.evaluate(HEAR), strict=True))
    assert {name: said for name, said in found.items() if said != [True, 0, 0]} == {}
    assert len(found) == len(pages) > 100


@pytest.mark.parametrize("payload", ["<img src=x onerror=ran(1)>", "<p onfocus=ran(1)>x", "<script>ran(1)</script>"])
def test_what_runs_is_heard(hearing: Page, home: str, payload: str) -> None:
    """The control of the test above."""
    page = f"<article><h1>x</h1>{payload}</article>"
    hearing.route(f"{home}bad/", lambda route: route.fulfill(body=page, content_type="text/html"))
    hearing.evaluate(SHOW, [f"{home}bad/"])
    ((there, heard, scripts),) = hearing.evaluate(HEAR)
    assert (there, heard > 0, scripts) == (True, True, "script" in payload)


def test_the_search_shows_text(browser: Browser, home: str) -> None:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.add_init_script("window.heard = []; window.ran = (what) => window.heard.push(what)")
    page.goto(home)
    page.keyboard.press("/")
    page.keyboard.type("onerror", delay=20)
    page.locator(".md-search-result__item").first.wait_for()
    page.wait_for_timeout(300)  # a broken image takes a moment to say so
    assert page.evaluate("window.heard") == []
    context.close()
