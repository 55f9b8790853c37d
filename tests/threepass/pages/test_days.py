"""The journal's pages: goals, years, summaries, the same day of earlier years."""

import re
import shutil
from pathlib import Path

import pytest
from generate import BASE

from threepass.ledger import ledger, source_tree
from threepass.library import load
from threepass.pages import Site, site_of
from threepass.pages.days import day_pages, journal_pages
from threepass.pages.home import NEWEST, home_page


@pytest.fixture
def site(tmp_path: Path) -> Site:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    for name, text in {
        "2020-08-27": "title: A year before",
        "2019-08-27": "title: Two years before\ngoals: [read]",
        "2020-02-29": "title: Leap",
        "2021-02-28": "title: No leap",
        "2021-08-27": "title: Today\ngoals: [read]\nnotes: |\n  One *thing* with $x_1$. <b>Another</b>.\n\n  More.",
    }.items():
        path = tmp_path / "journal" / f"{name}.yml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"date: {name}\n{text}\n")
    library = load(tmp_path)
    assert [problem for problem in library.problems if problem.code != "P031"] == []
    tree = source_tree(library)
    return site_of(library, ledger(library, tree), tree)


def links(text: str) -> list[tuple[str, str]]:
    return re.findall(r'<a [^>]*href="([^"]*)"[^>]*>([^<]*)</a>', text)


def test_the_same_day_of_earlier_years(site: Site) -> None:
    pages = {page.src: page.text for page in day_pages(site)}
    ago = pages["journal/2021-08-27.md"].partition('<aside class="tp-ago"')[2]
    assert re.findall(r"<strong>([^<]*)</strong>", ago) == ["One year ago", "2 years ago"]
    assert links(ago)[:2] == [("../2020-08-27/", "A year before"), ("../2019-08-27/", "Two years before")]
    assert "tp-ago" not in pages["journal/2020-02-29.md"]
    assert "tp-ago" not in pages["journal/2021-02-28.md"]


def test_a_goal_has_its_days_newest_first(site: Site) -> None:
    pages = {page.src: page.text for page in journal_pages(site)}
    days = re.findall(r'<a class="tp-day__title" href="([^"]*)">', pages["journal/goals/read.md"])
    assert days == ["../../2021-08-27/", "../../2019-08-27/"]
    assert links(pages["journal/index.md"]).count(("goals/read/", site.library.goal_title("read"))) == 1
    assert 'href="../../goals/read/"' not in pages["journal/goals/read.md"].partition("<nav")[0]
    assert ("../goals/read/", site.library.goal_title("read")) in links(
        next(page.text for page in day_pages(site) if page.src == "journal/2021-08-27.md")
    )


def test_a_year_leads_to_its_months(site: Site) -> None:
    year = next(page.text for page in journal_pages(site) if page.src == "journal/2021.md")
    assert links(year.partition('class="tp-months"')[2])[:2] == [
        ("#august-2021", "August"),
        ("#february-2021", "February"),
    ]
    assert year.index("## August 2021") < year.index("## February 2021")


def test_a_summary_is_the_first_sentences(site: Site) -> None:
    summary = site.summaries["2021-08-27"]
    assert re.sub(r"<math>.*?</math>", "$", summary) == "One <em>thing</em> with $. &lt;b&gt;Another&lt;/b&gt;."
    assert site.summaries["2020-08-27"] == ""
    index = next(page.text for page in journal_pages(site) if page.src == "journal/index.md")
    assert f'<p class="tp-day__summary">{summary}</p>' in index


def test_the_home_page_says_what_is_read_and_how_deeply(site: Site) -> None:
    home = home_page(site).text
    depths = re.findall(r'<rect data-pass="(\d)" x="(\d+)" width="(\d+)"', home)
    assert sum(int(width) for _, _, width in depths) == len(site.library.notes)
    said = " ".join(re.sub(r"<[^>]*>", " ", home).split())
    days = len(site.library.by_date)
    assert f" {days} of {site.library.settings.challenge.days} days 1 day, the longest streak" in said
    assert f" 0 of {len(site.ledger.rows)} claims verified" in said
    newest = re.findall(r'<a class="tp-day__title" href="journal/([^"]*)/">', home)
    assert newest == [entry.name for entry in site.library.entries[: -NEWEST - 1 : -1]]
    assert ("journal/goals/read/", site.library.goal_title("read")) in links(home) or not site.library.settings.goals
