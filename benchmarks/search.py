"""Material's search beside Pagefind: what a phone fetches for one query, how long the index takes, what is found.

    python benchmarks/search.py --notes 2000

Both are built of the same library, of which 3 in 13 records are papers. The bytes are those of the files that the
browser asks for, compressed where a web server would.
"""

from __future__ import annotations

import argparse
import gzip
import sys
import tempfile
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "code"), str(ROOT / "tests/site")]

from find_browser import chromium  # noqa: E402 - of the tests
from folder_server import address_of  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

from threepass.building.search_index import write_search_index  # noqa: E402
from threepass.building.site import build  # noqa: E402
from threepass.library import load  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notes", type=int, default=2000, help="days and papers together")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder, "library")
        benchmark().write_library(library, days=round(options.notes / 1.3))
        note = list(load(library).notes.values())[7]
        queries = {"title": note.paper.title, "author": note.paper.authors[0], "arXiv id": note.paper.arxiv or ""}
        site = Path(folder, "site")
        build(library, strict=False, to=site)
        began = time.process_time_ns(), time.perf_counter()
        write_search_index(site)
        print(f"Pagefind's index: {time.perf_counter() - began[1]:.1f} s on the clock")
        ask(site, queries, f"papers/{note.key}/")
        config = (library / "mkdocs.yml").read_text("utf-8")
        (library / "mkdocs.yml").write_text(config.replace("plugins:", "plugins:\n  - search"), "utf-8")
        site = Path(folder, "with-material")
        build(library, strict=False, to=site)
        ask(site, queries, f"papers/{note.key}/")


def benchmark() -> ModuleType:
    """Return benchmarks/site.py, which writes libraries."""
    found = spec_from_file_location("benchmark_of_the_site", ROOT / "benchmarks/site.py")
    assert found is not None
    assert found.loader is not None
    module = module_from_spec(found)
    found.loader.exec_module(module)
    return module


def ask(site: Path, queries: dict[str, str], wanted: str) -> None:
    """Ask a site's search for a paper in several ways, and print what was fetched and whether it was found."""
    with address_of(site) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium()), args=["--no-sandbox"])
        for name, words in queries.items():
            context = browser.new_context()
            one_query(context.new_page(), address, name, words, wanted)
            context.close()
        browser.close()


def one_query(page: Page, address: str, name: str, words: str, wanted: str) -> None:
    fetched: dict[str, int] = {}

    def weigh(response: object) -> None:
        url: str = response.url  # type: ignore[attr-defined]
        if "/pagefind/" in url or "/search/" in url or "/workers/" in url:
            body: bytes = response.body()  # type: ignore[attr-defined]
            fetched[url] = min(len(body), len(gzip.compress(body, 6)))

    page.context.on("response", weigh)
    page.goto(address)
    began = time.perf_counter()
    page.locator(".md-search__input").first.fill(words)
    links = page.locator(".md-search-result__list a.md-search-result__link")
    try:
        links.first.wait_for(timeout=60_000)
        page.wait_for_timeout(1500)
        places = [str(link.get_attribute("href")) for link in links.all()]
        rank = next((number for number, place in enumerate(places, 1) if wanted in place), None)
    except Exception as error:
        rank = None
        print(type(error).__name__)
    kilobytes = sum(fetched.values()) / 1000
    print(f"  by {name}: place {rank}, {kilobytes:.0f} kB in {len(fetched)} files, {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
