"""The graph of a library, and its contributions."""

import re
import shutil
from pathlib import Path

import pytest
from generate import BASE

from threepass.ledger import ledger, source_tree
from threepass.library import load
from threepass.pages import Site, site_of
from threepass.pages.contributions import contributions, contributions_page
from threepass.pages.graph import WIDTH, graph_of, graph_page

ONE = "https://github.com/huggingface/transformers/pull/1"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "journal").mkdir(exist_ok=True)
    for name, text in {
        "2021-08-27": f"title: Day\ncontributions:\n  - {{title: A <b>, url: '{ONE}', status: open}}\n"
        "topics: [attention]\nreadings: [{paper: bahdanau2014neural, pass: 1}]",
        "2021-08-28": f"title: Day\ncontributions:\n  - {{title: A <b>, url: '{ONE}', status: merged}}\n"
        "  - {title: A review, url: 'https://example.org/?x=1'}\nnotes: See [[2021-08-27]].",
        "2021-08-29": "title: Nothing",
    }.items():
        (tmp_path / "journal" / f"{name}.yml").write_text(f"date: {name}\n{text}\n")
    library = load(tmp_path)
    assert library.problems == ()
    tree = source_tree(library)
    return site_of(library, ledger(library, tree), tree)


def test_a_contribution_is_listed_once_as_its_last_day_has_it(site: Site) -> None:
    request, review = contributions(site.library)
    assert [entry.name for entry in request.entries] == ["2021-08-27", "2021-08-28"]
    assert (request.contribution.status, request.host) == ("merged", "github.com/huggingface/transformers")
    assert (review.contribution.status, review.host) == (None, "example.org")
    page = contributions_page(site).text
    assert page.count(f'href="{ONE}"') == 1
    assert "A &lt;b&gt;" in page
    assert re.findall(r"^## .*", page, re.MULTILINE) == ["## Merged { #merged }", "## Other { #other }"]


def test_records_are_joined_to_topics_and_to_what_they_speak_of(site: Site) -> None:
    drawn = graph_of(site.library)
    named = {node.page: node for node in drawn.nodes}
    day = named["journal/2021-08-27.md"]
    joined = {drawn.nodes[number].page for number in day.joined}
    assert joined == {"topics/attention.md", "papers/bahdanau2014neural.md", "journal/2021-08-28.md"}
    assert named["journal/2021-08-29.md"].joined == ()
    assert named["papers/bahdanau2014neural.md"].depth == 1
    assert named["papers/bahdanau2014neural.md"].label == "Bahdanau 2014"
    lines = (drawn.edges + drawn.day_edges).count("M")
    assert lines == sum(len(node.joined) for node in drawn.nodes) / 2


def test_every_node_is_a_link_with_a_title(site: Site) -> None:
    page = graph_page(site).text
    links = re.findall(r'<a class="tp-node[^"]*" href="([^"]+)"[^>]*><title>([^<]+)</title>', page)
    assert len(links) == len(graph_of(site.library).nodes)
    assert ("../papers/bahdanau2014neural/", f"Paper: {site.library.notes['bahdanau2014neural'].paper.title}") in links


def test_an_empty_library_has_both_pages(tmp_path: Path) -> None:
    shutil.copy(BASE / "mkdocs.yml", tmp_path)
    library = load(tmp_path)
    tree = source_tree(library)
    site = site_of(library, ledger(library, tree), tree)
    assert "Nothing to draw yet" in graph_page(site).text
    assert "None yet" in contributions_page(site).text


def test_a_small_graph_stands_in_the_middle_where_a_phone_shows_it(site: Site) -> None:
    few = graph_of(site.library).nodes
    assert max(node.x for node in few) - min(node.x for node in few) < 0.3 * WIDTH
    assert (max(node.x for node in few) + min(node.x for node in few)) / 2 == pytest.approx(WIDTH / 2, abs=60)
    for number in range(30):
        (site.library.root / f"journal/2021-09-{number + 1:02}.yml").write_text(
            f"date: 2021-09-{number + 1:02}\ntitle: x\n"
        )
    many = graph_of(load(site.library.root)).nodes
    assert max(node.x for node in many) - min(node.x for node in many) > 0.7 * WIDTH
