"""What is brought up to date is what a clean build makes, byte for byte; and nothing else is rendered."""

from __future__ import annotations

import datetime as dt
import importlib.util
import logging
import multiprocessing
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from threepass.building.rendering import _in_process
from threepass.building.site import Preview, build, is_current

ROOT = Path(__file__).resolve().parents[3]
ADDRESS = "http://127.0.0.1:8000/"
DAYS = 12
GUIDE = "# Guide\n\nSee [the papers](papers/index.md), [[2015-01-03]] and [a day](journal/2015-01-04.md#2015).\n"


def _benchmark() -> ModuleType:
    found = importlib.util.spec_from_file_location("benchmark_of_the_site", ROOT / "benchmarks/site.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="module", autouse=True)
def _one_date() -> Iterator[None]:
    """Sitemaps name the day of the build: two that are compared may lie on both sides of midnight."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1704067200")
        yield


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    """Wait for the index of the last preview: where threads run, no work is divided among processes."""
    before = {*threading.enumerate()}
    yield
    for thread in {*threading.enumerate()} - before:
        thread.join()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return written(tmp_path / "library")


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a clean build makes of the library as it is written, in another folder."""
    folder = tmp_path_factory.mktemp("unchanged")
    return clean(written(folder / "library"), folder, 0)


def written(root: Path) -> Path:
    _benchmark().write_library(root, days=DAYS)
    (root / "docs" / "guide.md").write_text(GUIDE.replace("#2015", ""), "utf-8")
    config = (root / "mkdocs.yml").read_text("utf-8")
    (root / "mkdocs.yml").write_text(config + "  - guide.md\n", "utf-8")
    return root


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def differing(one: Path, other: Path) -> list[str]:
    here, there = files(one), files(other)
    return sorted(name for name in here.keys() | there.keys() if here.get(name) != there.get(name))


def clean(root: Path, tmp_path: Path, number: int) -> Path:
    target = tmp_path / f"clean-{number}"
    preview = Preview(root, target, address=ADDRESS)
    preview()
    preview.wait()
    return target


def test_the_sitemap_names_every_page(unchanged: Path) -> None:
    named = re.findall(r"<loc>(.*?)</loc>", (unchanged / "sitemap.xml").read_text("utf-8"))
    pages = {path.parent.relative_to(unchanged).as_posix() for path in unchanged.rglob("index.html")}
    assert {address.removeprefix(ADDRESS).rstrip("/") or "." for address in named} == pages
    assert len(named) == len(pages) > DAYS


def test_a_page_is_as_mkdocs_itself_makes_it(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mkdocs.commands.build import build as mkdocs_build
    from mkdocs.config import load_config

    monkeypatch.setattr(
        "threepass.building.rebuild.PER_PROCESS", 3
    )  # so that even a small site is made by several processes
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1, 2})
    assert build(root, to=tmp_path / "ours", strict=False) == 0
    mkdocs_build(load_config(str(root / "mkdocs.yml"), site_dir=str(tmp_path / "theirs")))
    assert differing(tmp_path / "ours", tmp_path / "theirs") == []


def a_day(root: Path) -> Path:
    return root / "journal/2015/2015-01-05.yml"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def edit_notes(root: Path) -> None:
    edit(a_day(root), "notes: |\n", "notes: |\n  Something new, with $\\aleph_0$ and [[2015-01-02]].\n\n")


def edit_title(root: Path) -> None:
    edit(a_day(root), "title: ", "title: Now ")


def add_a_day(root: Path) -> None:
    date = dt.date(2015, 1, 1) + dt.timedelta(DAYS)
    text = f"date: {date}\nday: {DAYS + 1}\ntitle: One more\ntopics: [brand-new]\nnotes: See [[2015-01-05]].\n"
    (root / f"journal/2015/{date}.yml").write_text(text, "utf-8")


def remove_the_last_day(root: Path) -> None:
    last = dt.date(2015, 1, 1) + dt.timedelta(DAYS - 1)
    (root / f"journal/2015/{last}.yml").unlink()


def edit_a_paper(root: Path) -> None:
    edit(min((root / "papers").glob("*.md")), "title: ", "title: Newly ")


def edit_a_page_by_hand(root: Path) -> None:
    edit(root / "docs/guide.md", "# Guide", "# A better guide")


def add_a_page_by_hand(root: Path) -> None:
    (root / "docs/more.md").write_text("# More\n", "utf-8")
    (root / "docs/picture.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", "utf-8")


def rename_the_library(root: Path) -> None:
    edit(root / "mkdocs.yml", "site_name: Bench", "site_name: Renamed")


EDITS = (
    edit_notes, edit_title, add_a_day, remove_the_last_day, edit_a_paper, edit_a_page_by_hand, add_a_page_by_hand,
    rename_the_library,
)  # fmt: skip


def test_after_edits_the_site_is_as_a_clean_build_makes_it(root: Path, tmp_path: Path) -> None:
    once = Preview(root, tmp_path / "kept", address=ADDRESS)
    once()
    for number, change in enumerate(EDITS):
        change(root)
        once()
        once.wait()
        assert differing(tmp_path / "kept", clean(root, tmp_path, number)) == [], change.__name__


def rendered_by(once: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the pages that one call renders."""
    from threepass.building import rendering

    found: list[str] = []
    original = rendering._render_page

    def counting(job: object, file: object) -> object:
        found.append(file.src_uri)  # type: ignore[attr-defined]
        return original(job, file)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(rendering, "_render_page", counting)
        once()
    return sorted(found)


def test_only_what_changed_is_rendered(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    once = Preview(root, tmp_path / "kept", address=ADDRESS)
    once()
    assert rendered_by(once, monkeypatch) == []
    edit(a_day(root), "    return [value", "    return [other")
    assert rendered_by(once, monkeypatch) == ["journal/2015-01-05.md"]
    edit_title(root)
    assert {"index.md", "journal/2015-01-04.md", "journal/2015.md"} < set(rendered_by(once, monkeypatch))
    edit_a_page_by_hand(root)
    assert "guide.md" in rendered_by(once, monkeypatch)


def test_a_broken_file_is_told_each_time_and_mended(
    root: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, unchanged: Path
) -> None:
    monkeypatch.setattr(logging.getLogger("mkdocs"), "propagate", True)
    once = Preview(root, tmp_path / "kept", address=ADDRESS)
    once()
    whole = a_day(root).read_text("utf-8")
    a_day(root).write_text("date: 2015-01-05\ntitle: [never closed\n", "utf-8")
    for _ in range(2):
        caplog.clear()
        once()
        assert "journal/2015/2015-01-05.yml:" in caplog.text
    assert not (tmp_path / "kept/journal/2015-01-05").exists()
    a_day(root).write_text(whole, "utf-8")
    once()
    once.wait()
    assert differing(tmp_path / "kept", unchanged) == []


def test_a_link_to_a_heading_that_goes_is_told(
    root: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("mkdocs"), "propagate", True)
    edit(root / "mkdocs.yml", "markdown_extensions", "validation: {anchors: warn}\nmarkdown_extensions")
    page = root / "docs/other.md"
    page.write_text("# Other\n\n## There\n", "utf-8")
    edit(root / "docs/guide.md", "(papers/index.md)", "(other.md#there)")
    once = Preview(root, tmp_path / "kept", address=ADDRESS)
    once()
    assert "does not contain an anchor" not in caplog.text
    page.write_text("# Other\n\n## Elsewhere\n", "utf-8")
    once()
    assert "'other.md' does not contain an anchor '#there'" in caplog.text


def test_another_plugin_with_hooks_for_pages_sees_them_all(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(root / "mkdocs.yml", "  - threepass:", "  - search\n  - threepass:")
    once = Preview(root, tmp_path / "kept", address=ADDRESS)
    once()
    assert len(rendered_by(once, monkeypatch)) > DAYS
    page = (tmp_path / "kept/index.html").read_text("utf-8")
    assert 'data-md-component="search-query"' in page
    assert "tp-search" not in page
    assert differing(tmp_path / "kept", clean(root, tmp_path, 0)) == []


def test_a_site_is_current_until_something_changes(root: Path) -> None:
    assert not is_current(root)
    (root / "docs/reproductions").mkdir()
    edit(root / "mkdocs.yml", "nav:", "validation: {omitted_files: ignore}\nnav:")
    assert build(root) == 0
    assert is_current(root)
    page = root / "site/index.html"
    page.write_text(page.read_text("utf-8") + " ", "utf-8")
    assert not is_current(root)
    assert build(root) == 0
    assert is_current(root)
    edit_notes(root)
    assert not is_current(root)


def test_a_process_that_is_interrupted_says_nothing(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("threepass.building.rendering._render_page", interrupted)
    fork = multiprocessing.get_context("fork")
    receiver, sender = fork.Pipe(duplex=False)
    process = fork.Process(target=_in_process, args=(None, [SimpleNamespace(src_uri="x.md")], sender))
    process.start()
    process.join()
    assert process.exitcode == 0
    assert not receiver.poll()
    assert capfd.readouterr() == ("", "")
