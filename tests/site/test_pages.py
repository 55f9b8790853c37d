"""The built site, read as files: what is there, where links lead, and that nothing calls home."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from threepass.library import load
from threepass.wording import long_date

ROOT = Path(__file__).resolve().parents[2]
HOST = "http://site.test/"


class Reader(HTMLParser):
    """Collects what a page asks for, where it links, its anchors and its headings."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.headings: list[int] = []
        self.images: list[dict[str, str | None]] = []
        self.duplicates: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if name := given.get("id"):
            if name in self.ids:
                self.duplicates.append(name)
            self.ids.add(name)
        if tag == "a" and (href := given.get("href")):
            self.links.append(href)
        if tag == "link" and given.get("rel") not in ("canonical", "prev", "next"):
            self.requests.append(given.get("href") or "")
        if tag in ("script", "img", "iframe", "source", "video", "audio", "embed") and given.get("src"):
            self.requests.append(given["src"] or "")
        if tag == "img":
            self.images.append(given)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))


@cache
def read(path: Path) -> Reader:
    reader = Reader()
    reader.feed(path.read_text())
    return reader


def pages(site: Path) -> list[Path]:
    return [path for path in sorted(site.rglob("*.html")) if path.name != "404.html"]


def test_every_record_has_its_page(site: Path) -> None:
    library = load(ROOT)
    expected = [f"journal/{entry.name}" for entry in library.entries]
    expected += [f"papers/{key}" for key in library.notes]
    expected += [f"topics/{topic}" for topic in library.topics]
    expected += ["", "journal", "papers", "topics", "reproductions", "claims", "guide", "guide/problems"]
    missing = [address for address in expected if not (site / address / "index.html").is_file()]
    assert missing == []
    assert len(library.entries) >= 16
    assert len(library.notes) >= 9


def test_the_reproduction_of_integrated_gradients_has_a_page(site: Path) -> None:
    page = (site / "reproductions/attribution.integrated_gradients/index.html").read_text()
    assert "integrated_gradients" in page
    assert "Used by" in page


def test_no_page_asks_another_host_for_anything(site: Path) -> None:
    foreign = [
        (path.relative_to(site).as_posix(), address)
        for path in [*pages(site), site / "404.html"]
        for address in read(path).requests
        if urlsplit(address).netloc
    ]
    assert foreign == []


def test_no_script_in_a_page_imports_from_another_host(site: Path) -> None:
    found = [path for path in pages(site) if re.search(r"import\(\s*[\"'](?:https?:)?//", path.read_text())]
    assert found == []


def test_no_style_sheet_asks_another_host_for_anything(site: Path) -> None:
    sheets = {path.relative_to(site).as_posix(): path.read_text() for path in site.rglob("*.css")}
    sheets |= {path.relative_to(site).as_posix(): path.read_text() for path in pages(site)}
    foreign = [
        (name, found)
        for name, text in sheets.items()
        for found in re.findall(r"(?:url\(|@import\s+)[\"']?((?:https?:)?//[^\"')\s]+)", text)
    ]
    assert foreign == []


def test_links_lead_somewhere(site: Path) -> None:
    broken = []
    for path in pages(site):
        here = HOST if path.parent == site else f"{HOST}{path.parent.relative_to(site).as_posix()}/"
        for link in read(path).links:
            target = urlsplit(urljoin(here, link))
            if f"{target.scheme}://{target.netloc}/" != HOST:
                continue
            file = site / unquote(target.path.lstrip("/"))
            file = file / "index.html" if file.is_dir() else file
            anchor = unquote(target.fragment)
            if not file.is_file() or (anchor and file.suffix == ".html" and anchor not in read(file).ids):
                broken.append((path.relative_to(site).as_posix(), link))
    assert broken == []


def test_ids_are_unique_on_a_page(site: Path) -> None:
    ours = [path for path in pages(site) if "notebooks" not in path.parts]
    assert {path.relative_to(site).as_posix(): read(path).duplicates for path in ours if read(path).duplicates} == {}


def test_headings_come_in_order(site: Path) -> None:
    wrong = {}
    for path in pages(site):
        levels = read(path).headings
        jumps = [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1]
        if levels[:1] != [1] or jumps or levels.count(1) != 1:
            wrong[path.relative_to(site).as_posix()] = levels
    assert wrong == {}


def elements(page: str, tag: str) -> list[str]:
    return re.findall(rf"<{tag}\b.*?</{tag}>", page, re.DOTALL)


def test_tables_have_headings_and_figures_have_words(site: Path) -> None:
    wrong = []
    for path in pages(site):
        text = path.read_text()
        tables = [table for table in elements(text, "table") if 'class="highlighttable"' not in table]  # lines of code
        wrong += [(path, table[:80]) for table in tables if "<th" not in table]
        wrong += [(path, figure[:80]) for figure in elements(text, "figure") if "<figcaption" not in figure]
    assert wrong == []


def test_each_day_is_a_link_in_the_calendar_that_says_what_its_colour_does(site: Path) -> None:
    library = load(ROOT)
    cells = re.findall(r'<a class="tp-heat__day" data-level="(\d)" [^>]*>(.*?)</a>', (site / "index.html").read_text())
    said = {unescape(re.sub("<[^>]*>", "", words)) for _, words in cells}
    assert len(cells) == len(said) == len(library.by_date)
    for date, entries in library.by_date.items():
        served = {library.goal_title(goal) for entry in entries for goal in entry.day.goals}
        (words,) = [words for words in said if words.startswith(f"{long_date(date)}: {entries[0].title}")]
        assert all(goal in words for goal in served)


def test_five_goals_stand_on_the_home_page_with_their_progress(site: Path) -> None:
    library = load(ROOT)
    home = (site / "index.html").read_text()
    bars = re.findall(r'<progress max="\d+" value="(\d+)" aria-label="([^":]+): (\d+) days?">', home)
    expected = [
        (str(len(entries)), library.goal_title(goal), str(len(entries))) for goal, entries in library.goals.items()
    ]
    assert bars == expected
    assert len(bars) == 5


def test_the_passes_of_a_paper_are_a_path_with_the_days_on_it(site: Path) -> None:
    library = load(ROOT)
    for key in library.notes:
        text = (site / "papers" / key / "index.html").read_text()
        (path,) = re.findall(r'<ol class="tp-passes".*?</ol>', text, re.DOTALL)
        steps = re.findall(r"<li( class=\"tp-on\")?><b>(\d)</b>", path)
        assert [number for _, number in steps] == ["1", "2", "3"]
        assert max([int(number) for on, number in steps if on], default=0) == library.pass_of(key)
        assert path.count("not yet") == sum(not on for on, _ in steps)


def test_each_reproduction_is_shown_with_a_figure_or_its_equation(site: Path) -> None:
    exhibits = elements((site / "reproductions" / "index.html").read_text(), "section")
    assert len(exhibits) > 5
    assert [each[:120] for each in exhibits if "<img" not in each and "<math" not in each] == []


def test_where_no_page_is_the_ways_on_are(site: Path) -> None:
    text = (site / "404.html").read_text()
    links = re.findall(r'<li><a href="([^"]*)"><strong>', text)
    assert len(links) > 8
    assert [link for link in links if not (site / link.strip("/") / "index.html").is_file()] == []


def test_images_have_a_text(site: Path) -> None:
    assert [(path, image) for path in pages(site) for image in read(path).images if not image.get("alt")] == []


def test_math_is_mathml(site: Path) -> None:
    page = (site / "papers/sundararajan2017axiomatic/index.html").read_text()
    assert page.count("<math") > 3
    assert "MathJax" not in page
    assert (site / "assets/threepass/math.woff2").stat().st_size < 200_000


def test_no_formula_is_left_as_latex(site: Path) -> None:
    left = {}
    for path in pages(site):
        text = re.sub(r"<(pre|code|script|style|math)\b.*?</\1>", " ", path.read_text(), flags=re.DOTALL)
        text = re.sub(r"<[^>]*>", " ", text)
        if found := re.findall(r"\$[^$\n]{1,80}\$", text):
            left[path.relative_to(site).as_posix()] = found
    assert left == {}


@pytest.mark.parametrize("name", ["pagefind/pagefind.js", "sitemap.xml", "404.html"])
def test_what_a_site_needs_is_there(site: Path, name: str) -> None:
    assert (site / name).stat().st_size > 100


@pytest.mark.parametrize(
    ("page", "tab"), [("roadmap", "Roadmap"), ("papers", "Papers"), ("papers/vaswani2017attention", "Papers")]
)
def test_one_tab_says_where_the_reader_is(site: Path, page: str, tab: str) -> None:
    text = (site / page / "index.html").read_text()
    active = re.findall(r'<li class="md-tabs__item md-tabs__item--active">\s*<a [^>]*>\s*(.*?)\s*</a>', text, re.DOTALL)
    assert active == [tab]
