"""A page's head, its card, and the texts to share a day with."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from generate import BASE
from PIL import Image

from threepass.cli import main
from threepass.ledger import ledger, source_tree
from threepass.library import load
from threepass.pages import Site, site_of
from threepass.pages.days import day_pages
from threepass.pages.head import card_of, head, with_head, write_cards
from threepass.pages.share import drafts


@pytest.fixture
def site(tmp_path: Path) -> Site:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "journal").mkdir(exist_ok=True)
    text = 'date: 2021-08-27\nday: 4\ntitle: Gradients & "quotes"\ntopics: [attention]\nnotes: They *saturate*. More.\n'
    (tmp_path / "journal" / "2021-08-27.yml").write_text(text)
    library = load(tmp_path)
    tree = source_tree(library)
    return site_of(library, ledger(library, tree), tree)


def with_address(site: Site) -> Site:
    library = replace(site.library, site=site.library.site.model_copy(update={"url": "https://example.org/notes"}))
    return replace(site, library=library)


def tags(text: str) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:property|name)="([^"]*)" content="([^"]*)">', text))


def test_the_head_names_feeds_and_what_the_page_is_about(site: Site) -> None:
    made = head(with_address(site), src="journal/2021-08-27.md", title='A "title" <b>', description="")
    assert 'type="application/atom+xml"' in made
    assert 'href="../../feed.xml"' in made
    assert 'href="../../feed.json"' in made
    said = tags(made)
    assert said["og:title"] == "A &#34;title&#34; &lt;b&gt;"
    assert "og:description" not in said
    assert said["og:url"] == "https://example.org/notes/journal/2021-08-27/"
    assert said["og:image"] == "https://example.org/notes/assets/threepass/cards/2021-08-27.png"
    assert said["og:type"] == "article"


def test_without_an_address_no_card_is_named_or_written(site: Site, tmp_path: Path) -> None:
    assert not {"og:image", "og:url", "twitter:card"} & set(
        tags(head(site, src="index.md", title="x", description="y"))
    )
    write_cards(site, tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_every_card_that_a_head_names_is_written(site: Site, tmp_path: Path) -> None:
    site = with_address(site)
    write_cards(site, tmp_path / "site")
    for src in ("index.md", "journal/2021-08-27.md", "papers/bahdanau2014neural.md", "papers/index.md", "guide/a.md"):
        image = tags(head(site, src=src, title="x", description=""))["og:image"]
        with Image.open(tmp_path / "site" / image.removeprefix("https://example.org/notes/")) as card:
            assert card.size == (1200, 630)


def test_a_card_says_what_the_record_is(site: Site) -> None:
    card = card_of(site, site.library.by_name["2021-08-27"])
    assert (card.title, card.passes) == ('Gradients & "quotes"', None)
    assert card.line.startswith("Day 4 · 27 Aug 2021")
    paper = card_of(site, site.library.notes["bahdanau2014neural"])
    assert paper.passes == site.library.pass_of("bahdanau2014neural")


def test_the_head_goes_before_its_end(site: Site) -> None:
    made = with_head("<head><title>x</title></head><body></head>", site, src="index.md", title="x", description="")
    assert re.fullmatch(r"<head><title>x</title><link .*></head><body></head>", made)


def test_a_days_page_holds_its_posts(site: Site) -> None:
    linked = with_address(site)
    (page,) = day_pages(linked)
    for draft in drafts(linked, linked.library.entries[0]):
        assert draft.length <= draft.network.limit
        assert draft.text.startswith("Day 4 of")
        assert "They saturate. More." in draft.text
        assert "https://example.org/notes/journal/2021-08-27/" in draft.text
        assert f'id="share-{draft.network.name}"' in page.text
    assert "data-unlinked" not in page.text
    taken_over = re.findall(r'<p><a href="(https://[^/]+)/', page.text)
    assert taken_over == ["https://x.com", "https://www.linkedin.com"]
    (page,) = day_pages(site)
    assert page.text.count("data-unlinked") == 3
    assert page.text.count("<p hidden><a rel") == 2  # a script knows the address


def test_the_command_prints_posts_and_the_card(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    root = site.library.root
    assert main(["--library", str(root), "share", "2021-08-27"]) == 0
    said = capsys.readouterr()
    assert re.findall(r"^--- (\w+)", said.out, re.MULTILINE) == ["X", "Mastodon", "LinkedIn", "Card"]
    card = re.search(r"--- Card: (.*\.png)$", said.out, re.MULTILINE)
    assert card
    assert Path(card[1]).is_file()
    assert "site_url" in said.err
    assert main(["--library", str(root), "share", "--on", "x"]) == 0
    assert capsys.readouterr().out.startswith("Day 4 of")
    assert main(["--library", str(root), "share", "2021-08-28"]) == 2
    assert "hint: the last day is 2021-08-27" in capsys.readouterr().err


def test_a_formula_is_said_in_plain_text(site: Site) -> None:
    path = site.library.root / "journal" / "2021-08-28.yml"
    path.write_text("date: 2021-08-28\nnotes: 'Divided by $\\sqrt{d_k}$, so $d_k > 1$.'\n")
    library = load(site.library.root)
    (first, *_) = drafts(replace(site, library=library), library.entries[-1])
    assert "Divided by √(d_k), so d_k > 1." in first.text


def test_a_day_without_a_title_says_its_words_once(site: Site) -> None:
    path = site.library.root / "journal" / "2021-08-28.yml"
    path.write_text("date: 2021-08-28\nday: 5\nnotes: Why gradients saturate.\n")
    library = load(site.library.root)
    untitled = replace(site, library=library)
    (first, *_) = drafts(untitled, library.entries[-1])
    assert first.text.count("Why gradients saturate.") == 1
    (page,) = [page for page in day_pages(untitled) if page.src == "journal/2021-08-28.md"]
    body = page.body.partition("Share this day")[0]
    assert body.count("Why gradients saturate.") == 1
    assert untitled.summaries["2021-08-28"] == ""
