"""The editor of the published site, in a real Chromium: it shows our fields, and what it writes is a library's file.

Files are in the browser's own storage (the editor's `test-repo`), where a repository's host would have them.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from example_library import write_example
from folder_server import address_of
from jsonschema import Draft7Validator
from platformdirs import user_cache_path
from playwright.sync_api import Browser, Page, Request, Route, expect
from playwright.sync_api import Error as PlaywrightError

from threepass.authoring.new_library import write_library
from threepass.checks import check
from threepass.cms import SVELTIA, write_editor
from threepass.ledger import source_tree
from threepass.library import Library, load
from threepass.npm_package import NpmError, files_of

ROOT = Path(__file__).resolve().parents[2]
STORAGE = "sveltia-cms-test"
NOTE = "papers/vaswani2017attention.md"
PUT = """async ([storage, files]) => {
  const top = await (await navigator.storage.getDirectory()).getDirectoryHandle(storage, { create: true });
  for (const [path, text] of Object.entries(files)) {
    let folder = top;
    const names = path.split("/");
    for (const name of names.slice(0, -1)) folder = await folder.getDirectoryHandle(name, { create: true });
    const file = await (await folder.getFileHandle(names.at(-1), { create: true })).createWritable();
    await file.write(text);
    await file.close();
  }
}"""
GET = """async (storage) => {
  const found = {};
  const walk = async (folder, before) => {
    for await (const [name, one] of folder.entries()) {
      if (one.kind === "directory") await walk(one, `${before}${name}/`);
      else found[before + name] = await (await one.getFile()).text();
    }
  };
  await walk(await (await navigator.storage.getDirectory()).getDirectoryHandle(storage), "");
  return found;
}"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    root = write_example(tmp_path_factory.mktemp("library") / "notes", today=dt.date(2024, 11, 20))
    config = root / "mkdocs.yml"
    said = config.read_text().replace('!ENV [SITE_REPOSITORY, ""]', "https://github.com/ada/notes")
    config.write_text(said.replace("!ENV [SITE_EDITOR, false]", "true"))
    note = root / NOTE
    note.write_text(note.read_text().replace("arxiv: 1706.03762", "arxiv: 2301.00010   # ends with a nought"))
    return load(root)


@pytest.fixture(scope="module")
def site(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The editor, once as it is published and once with its files in the browser."""
    target = tmp_path_factory.mktemp("editor")
    try:
        for name in ("published", "kept-here"):
            write_editor(library, target / name)
    except NpmError as error:
        pytest.skip(str(error))
    config = target / "kept-here" / "edit" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"backend": {"name": "test-repo"}}))
    return target


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with address_of(site) as address:
        yield address


@dataclasses.dataclass
class Heard:
    """What a page asked for outside of the site, and what it complained of."""

    outside: list[str] = dataclasses.field(default_factory=list)
    complaints: list[str] = dataclasses.field(default_factory=list)


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Callable[..., tuple[Page, Heard]]]:
    contexts = []

    def open_page(path: str, **options: Any) -> tuple[Page, Heard]:
        context = browser.new_context(**options)
        contexts.append(context)
        page, heard = context.new_page(), Heard()
        ours = (address, "data:", "blob:")
        page.on("request", lambda request: request.url.startswith(ours) or heard.outside.append(request.url))
        page.on("pageerror", lambda error: heard.complaints.append(str(error)))
        page.on("console", lambda said: said.type in ("error", "warning") and heard.complaints.append(said.text))
        page.goto(address + path, wait_until="networkidle")
        return page, heard

    yield open_page
    for context in contexts:
        context.close()


SIGN_IN = {"en-US": "Sign In Using Access Token", "de-DE": "Mit Zugriffstoken anmelden"}


@pytest.mark.parametrize("locale", SIGN_IN)
def test_nothing_is_asked_outside_before_the_author_signs_in(opened: Any, locale: str) -> None:
    page, heard = opened("published/edit/", locale=locale)
    expect(page.get_by_role("button", name=SIGN_IN[locale])).to_be_visible()
    fonts = page.evaluate("document.fonts.ready.then(() => [...document.fonts].map((one) => one.status))")
    assert "error" not in fonts
    assert "loaded" in fonts
    assert heard == Heard()
    # The control: what is asked outside is heard, and refused.
    assert page.evaluate("fetch('https://example.org/').catch((error) => error.name)") == "TypeError"
    assert any("Content Security Policy" in said for said in heard.complaints)


def test_the_configuration_is_one_by_the_editors_own_schema(site: Path) -> None:
    schema = files_of(SVELTIA, re.compile("schema/.*"), cache=user_cache_path("threepass") / "npm")
    config = json.loads((site / "published" / "edit" / "config.json").read_text())
    validator = Draft7Validator(json.loads(schema["schema/sveltia-cms.json"]))
    assert [error.message for error in validator.iter_errors(config)] == []
    config["collections"][0]["fields"][0]["required"] = "maybe"
    assert not validator.is_valid(config)


def begin(page: Page, library: Library) -> dict[str, str]:
    """Put a library's files where the editor looks for them, and open it."""
    paths = [*library.root.glob("journal/*/*.yml"), *library.root.glob("papers/*.md")]
    files = {path.relative_to(library.root).as_posix(): path.read_text() for path in paths}
    page.evaluate(PUT, [STORAGE, files])
    page.get_by_role("button", name="Work with Test Repository").click()
    page.wait_for_url(re.compile("#/collections"))
    return files


def saved(page: Page, before: dict[str, str]) -> dict[str, str]:
    """Save, and return the files that are others than before."""
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile(r"#/collections/\w+$"))
    return {path: text for path, text in page.evaluate(GET, STORAGE).items() if before.get(path) != text}


@pytest.mark.parametrize("size", [{"width": 1280, "height": 900}, {"width": 390, "height": 844}], ids=["1280", "390"])
def test_a_day_is_written_that_threepass_reads(opened: Any, library: Library, tmp_path: Path, size: Any) -> None:
    page, heard = opened("kept-here/edit/", viewport=size)
    before = begin(page, library)
    page.evaluate("location.hash = '#/collections/days/new'")
    page.get_by_role("textbox", name="Title").fill("no: 12:30")
    wanted = [field["label"] for field in configured(page)["collections"][0]["fields"] if field["widget"] != "hidden"]
    shown = page.locator("section.field h4, .field header h4, [data-field-type] h4").all_inner_texts()
    assert [label for label in wanted if label not in "\n".join(shown)] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.get_by_role("spinbutton", name="Minutes").fill("25")
    page.get_by_role("checkbox", name="Read papers").check()
    page.get_by_role("textbox", name="Notes").fill("- one\n- two: [[vaswani2017attention]]\n\n    code\n")
    page.locator("input[type=date]").fill("2024-11-21")
    assert saved(page, before) == {
        "journal/2024/2024-11-21.yml": "date: 2024-11-21\n"
        'title: "no: 12:30"\ngoals:\n  - read\nminutes: 25\n'
        "notes: |\n  - one\n  - two: [[vaswani2017attention]]\n\n      code\n",
    }  # fmt: skip
    assert heard == Heard()

    copy = tmp_path / "notes"
    write_library(copy, files_in(library.root))
    (copy / "journal" / "2024" / "2024-11-21.yml").write_text(
        page.evaluate(GET, STORAGE)["journal/2024/2024-11-21.yml"]
    )
    after = load(copy)
    assert check(after, source_tree(after)) == []
    assert after.entries[-1].day.minutes == 25


def files_in(root: Path) -> dict[str, str]:
    return {path.relative_to(root).as_posix(): path.read_text() for path in root.rglob("*") if path.is_file()}


def configured(page: Page) -> Any:
    return page.evaluate("fetch('config.json').then((answer) => answer.json())")


def test_an_edit_changes_what_was_edited_and_nothing_else(opened: Any, library: Library) -> None:
    page, heard = opened("kept-here/edit/", viewport={"width": 1280, "height": 900})
    before = begin(page, library)
    page.evaluate("location.hash = '#/collections/papers/entries/vaswani2017attention'")
    page.get_by_role("textbox", name="Venue").fill("NeurIPS 2017")
    changed = saved(page, before)
    assert list(changed) == [NOTE]
    assert "arxiv: 2301.00010   # ends with a nought\n" in changed[NOTE]
    old, new = before[NOTE].splitlines(), changed[NOTE].splitlines()
    assert [line for line in new if line not in old] == ["venue: NeurIPS 2017"]
    assert [line for line in old if line not in new] == [line for line in old if line.startswith("venue: ")]
    assert heard == Heard()


ANYONE = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*", "Access-Control-Allow-Methods": "*"}
ADA = {"id": 1, "login": "ada", "name": "Ada", "email": "ada@example.org", "html_url": "https://github.com/ada",
       "avatar_url": "https://avatars.githubusercontent.com/u/1"}  # fmt: skip
BRANCH = {
    "repository": {"ref": {"target": {"oid": "a" * 40, "history": {"nodes": [{"oid": "a" * 40, "message": "x"}]}}}}
}
COMMIT = {"createCommitOnBranch": {"commit": {"oid": "b" * 40, "committedDate": "2024-11-21T00:00:00Z"}}}


def github(route: Route, asked: list[Request]) -> None:
    """Answer as GitHub does for a repository that is empty."""
    request = route.request
    if request.method != "OPTIONS":
        asked.append(request)
    path, sent = urlsplit(request.url).path, request.post_data or ""
    answers = {"/user": ADA, "/graphql": {"data": COMMIT if "createCommitOnBranch" in sent else BRANCH}}
    tree = {"sha": "c" * 40, "tree": [], "truncated": False}
    route.fulfill(status=200, headers=ANYONE, json=answers.get(path, tree))


def test_after_signing_in_only_the_repositorys_host_is_spoken_to(opened: Any) -> None:
    page, heard = opened("published/edit/", locale="en-US")
    asked: list[Request] = []
    page.route("https://api.github.com/**", lambda route: github(route, asked))
    page.route("https://avatars.githubusercontent.com/**", lambda route: route.fulfill(status=200, body=""))
    page.get_by_role("button", name=SIGN_IN["en-US"]).click()
    page.get_by_role("textbox").last.fill("a-token")
    page.get_by_role("button", name="Sign In", exact=True).click()
    page.wait_for_url(re.compile("#/collections"))
    page.evaluate("location.hash = '#/collections/days/new'")
    page.locator("input[type=date]").fill("2024-11-21")
    page.get_by_role("textbox", name="Title").fill("From the train")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile(r"#/collections/\w+$"))

    assert {urlsplit(url).netloc for url in heard.outside} == {"api.github.com", "avatars.githubusercontent.com"}
    assert heard.complaints == []
    assert {request.headers["authorization"] for request in asked} == {"token a-token"}
    (commit,) = [request for request in asked if "createCommitOnBranch" in (request.post_data or "")]
    sent = commit.post_data_json["variables"]["input"]
    assert sent["branch"] == {"repositoryNameWithOwner": "ada/notes", "branchName": "main"}
    assert (sent["expectedHeadOid"], sent["message"]) == ("a" * 40, {"headline": "Add 2024-11-21"})
    (added,) = sent["fileChanges"]["additions"]
    assert added["path"] == "journal/2024/2024-11-21.yml"
    assert b64decode(added["contents"]).decode() == "date: 2024-11-21\ntitle: From the train\n"


FORMAT = """async ([path, text, change]) => {
  const { day, note } = await import("/kept-here/edit/records.js");
  const format = path.endsWith(".md") ? note : day;
  const values = format.fromFile(text.trim());
  return format.toFile({ ...values, ...change });
}"""


@pytest.fixture(scope="module")
def formatted(browser: Browser, address: str) -> Iterator[Callable[..., str]]:
    """Reads a file's text as the editor does, and writes it with changes."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address + "kept-here/edit/config.json")
    yield lambda text, path="day.yml", **change: page.evaluate(FORMAT, [path, text, change])
    context.close()


def test_every_file_of_this_library_comes_back_as_it_was(formatted: Callable[..., str]) -> None:
    paths = [*ROOT.glob("journal/*/*.yml"), *ROOT.glob("papers/*.md")]
    assert len(paths) > 20
    texts = {path.name: path.read_text("utf-8") for path in paths}
    assert {name: formatted(text, name).rstrip() for name, text in texts.items()} == {
        name: text.rstrip() for name, text in texts.items()
    }


DAY = """\
# A comment
date: 2024-11-21   # today
title: 'It''s'     # in quotes
minutes: 25
goals: [read]
links:
  # the first
  - {title: One, url: "https://example.org/1"}
  - title: Two
    url: https://example.org/2
notes: >-
  Folded
  lines.
# The end
"""
LINKS = [{"title": "One", "url": "https://example.org/1"}, {"title": "Two", "url": "https://example.org/2"}]


@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        ({}, "", ""),
        ({"minutes": 30}, "minutes: 25", "minutes: 30"),
        ({"minutes": "25"}, "", ""),
        ({"title": "It is"}, "'It''s'     #", "'It is' #"),
        ({"minutes": None}, "minutes: 25\n", ""),
        ({"minutes": ""}, "minutes: 25\n", ""),
        ({"day": 4}, "# The end\n", "day: 4\n# The end\n"),
        ({"goals": ["read", "write"]}, "[read]", "[read, write]"),
        ({"goals": []}, "goals: [read]\n", ""),
        ({"shared": [], "contributions": [], "figures": None}, "", ""),
        ({"links": [LINKS[0], LINKS[1] | {"title": "2: no"}]}, "title: Two", 'title: "2: no"'),
        ({"links": [LINKS[0]]}, "  - title: Two\n    url: https://example.org/2\n", ""),
        ({"notes": "One\n\n two: # three\n"}, ">-\n  Folded\n  lines.\n", "|\n  One\n\n   two: # three\n"),
        ({"arxiv": "2301.00010"}, "# The end\n", "arxiv: 2301.00010\n# The end\n"),
    ],
    ids=str,
)  # fmt: skip
def test_a_change_is_put_in_where_it_belongs(
    formatted: Callable[..., str], change: dict[str, Any], old: str, new: str
) -> None:
    assert formatted(DAY, **change) == DAY.replace(old, new)


BROKEN = {"yaml": ("a.yml", "date: ["), "no head": ("a.md", "no front matter"), "no end": ("a.md", "---\ntitle: x\n")}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_not_opened(formatted: Callable[..., str], name: str) -> None:
    with pytest.raises(PlaywrightError, match=r"no front matter|Flow sequence"):
        formatted(BROKEN[name][1], BROKEN[name][0])
