"""What is kept of a former site is used again exactly as long as it would be made the same."""

import dataclasses
import shutil
from collections.abc import Callable
from inspect import getclosurevars
from pathlib import Path

import pytest
from generate import BASE

from threepass.ledger import ledger, source_tree
from threepass.library import Library, load
from threepass.pages import Page, Site, site_of
from threepass.pages.contributions import contributions_page
from threepass.pages.graph import graph_of, graph_page
from threepass.standing.progress import progress

DAY = "2021-08-27"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    library = load(tmp_path)
    tree = source_tree(library)
    return site_of(library, ledger(library, tree), tree, kept={})


def another(site: Site, **changes: object) -> Site:
    """Return a later site, with what this one has kept."""
    return dataclasses.replace(site, library=dataclasses.replace(site.library, **changes))  # type: ignore[arg-type]


def retitled(site: Site) -> Site:
    key, note = next(iter(site.library.notes.items()))
    paper = note.paper.model_copy(update={"title": "Another title"})
    return another(site, notes={**site.library.notes, key: dataclasses.replace(note, paper=paper)})


def first(library: Library) -> str:
    return next(iter(library.notes))


LOOKUPS: dict[str, tuple[Callable[[Site], object], bool]] = {
    "what is not there": (lambda site: site.library.find("nothing of that name"), True),
    "what a method gives": (lambda site: site.library.find(first(site.library)), False),
    "one of a mapping": (lambda site: site.library.notes[first(site.library)], False),
    "one that may be missing": (lambda site: site.library.notes.get(first(site.library)), False),
    "all of a mapping": (lambda site: [note.paper.title for note in site.library.notes.values()], False),
    "what a method of the site looks up": (lambda site: site.prose(f"[[{first(site.library)}]]", "index.md"), False),
}
"""What is looked up, and whether it is the same after a paper has got a new title."""


@pytest.mark.parametrize(("look", "same"), LOOKUPS.values(), ids=LOOKUPS)
def test_what_was_looked_up_decides(site: Site, look: Callable[[Site], object], same: bool) -> None:
    made: list[Site] = []

    def make(site: Site) -> int:
        look(site)
        made.append(site)
        return len(made)

    assert site.keep("name", (), make) == 1
    assert another(site).keep("name", (), make) == 1
    assert retitled(site).keep("name", (), make) == (1 if same else 2)


def test_what_is_gone_is_no_error(site: Site) -> None:
    library = site.library
    name = first(library)
    site.keep("name", (), lambda site: site.library.notes.get(name) and site.library.notes[name].key)
    assert another(site, notes={}).keep("name", (), lambda _: "anew") == "anew"


def test_what_was_asked_decides(site: Site) -> None:
    assert [site.keep("name", (asked,), lambda _, asked=asked: asked) for asked in (1, 1, 2)] == [1, 1, 2]  # type: ignore[misc]
    assert site.keep("other", (2,), lambda _: "another name") == "another name"


def test_nothing_is_kept_where_nothing_is_to_be(site: Site) -> None:
    alone = dataclasses.replace(site, kept=None)
    assert [alone.keep("name", (), lambda _, number=number: number) for number in (1, 2)] == [1, 2]  # type: ignore[misc]


def test_what_a_page_says_is_written_once_when_it_is_asked_for(site: Site) -> None:
    written: list[Site] = []

    def found(site: Site) -> dict[str, object]:
        written.append(site)
        return {"calendars": [], "months": [], "more": False}

    def page(site: Site) -> Page:
        done = progress(site.library)
        return site.page("x.md", "journal.md.jinja", title="Days", found=found, views={}, progress=done)

    alone = page(dataclasses.replace(site, kept=None))
    assert not written
    assert alone.text is alone.text
    assert len(written) == 1
    kept = page(site)
    assert len(written) == 2, "what it reads must be noted"
    assert kept.text == alone.text


def test_a_page_that_is_kept_keeps_no_site(site: Site) -> None:
    page = contributions_page(site)
    assert getclosurevars(page.write).nonlocals == {"text": page.text}


def test_the_graph_is_waited_for_when_its_page_is_written(site: Site) -> None:
    waited: list[bool] = []
    page = graph_page(dataclasses.replace(site, kept=None), ready=lambda: waited.append(True))
    assert not waited
    assert "<svg" in page.text
    assert waited == [True]


def test_the_graph_is_drawn_anew_where_a_node_has_changed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    before = graph_page(site)
    after = retitled(site)
    monkeypatch.setattr("threepass.pages.layout.layout", lambda *_: pytest.fail("no node or edge is new"))
    page = graph_page(after)
    assert "Another title" in page.text
    assert "Another title" not in before.text
    monkeypatch.setattr("threepass.pages.graph._drawn", lambda *_: pytest.fail("nothing has changed"))
    assert graph_page(another(after)) is page
    monkeypatch.undo()
    assert any(node.title == "Paper: Another title" for node in graph_of(after.library).nodes)
