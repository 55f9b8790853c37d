"""Notes on papers from Obsidian, Zotero and by hand: which paper they speak of, and their text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threepass.importers.paper_notes import NoPaperNote, PaperNote, read_paper_note, with_our_passes


def read(text: str, name: str = "note") -> PaperNote:
    found = read_paper_note(text, name=name)
    assert isinstance(found, PaperNote)
    return found


OBSIDIAN = """---
title: "Effective Approaches: Attention"
authors: [Minh-Thang Luong, "[[Hieu Pham]]"]
year: 2015
tags: [attention, nmt]
url: https://arxiv.org/abs/1508.04025v5
status: reading
---
# Effective Approaches: Attention

Text.
"""


def test_front_matter_says_it() -> None:
    note = read(OBSIDIAN)
    said = note.metadata
    assert (said.title, said.authors) == ("Effective Approaches: Attention", ("Minh-Thang Luong", "Hieu Pham"))
    assert said.arxiv is not None
    assert (said.arxiv.id, said.arxiv.version, said.published) == ("1508.04025", 5, "2015-08")
    assert said.tags == ("attention", "nmt")
    assert said.left == ("tags: [attention, nmt]", "status: reading")
    assert (note.body, note.line) == ("Text.", 11)


def test_front_matter_that_is_no_yaml_is_read_by_its_lines() -> None:
    note = read(OBSIDIAN.replace('"Effective Approaches: Attention"', "Effective Approaches: Attention"))
    assert note.metadata.title == "Effective Approaches: Attention"
    assert note.metadata.arxiv is not None


def test_a_title_without_a_word_in_it_is_none() -> None:
    note = read_paper_note("---\ntitle: [\narxiv: 1409.0473\n---\n# …\n\nx\n", name="Align and translate")
    assert isinstance(note, PaperNote)
    assert note.metadata.title == "Align and translate"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("# [A title](https://arxiv.org/pdf/1706.03762.pdf)\n\nx", "note"),
        ("# A title (arXiv:1706.03762)\n\nhttps://arxiv.org/abs/1706.03762", "note"),
        ("---\narxiv: 1706.03762\ntitle: A title\n---\nx", "note"),
        ("---\ndoi: 10.48550/arXiv.1706.03762\ntitle: A title\n---\nx", "note"),
        ("---\nsource: '[pdf](https://arxiv.org/pdf/1706.03762v7)'\ntitle: A title\n---\nx", "note"),
        ("# A title\n\n[paper](https://arxiv.org/abs/1706.03762)\n\n## Summary\n\nx", "note"),
        ("# A title\n\n- **URL**: https://arxiv.org/abs/1706.03762\n", "note"),
        ("Link:: https://arxiv.org/abs/1706.03762\nTitle:: A title\n", "note"),
        ("# A title\n\nx", "1706.03762 A title"),
    ],
)
def test_a_link_to_arxiv_is_found(text: str, name: str) -> None:
    note = read(text, name)
    assert note.metadata.arxiv is not None
    assert note.metadata.arxiv.id == "1706.03762"
    assert note.metadata.title.startswith("A title")
    assert note.metadata.published == "2017-06"


ZOTERO = """## Metadata

* Authors: [[John Smith]], [[Jane Roe]]
* Date: [[2019-03-02]]
* DOI: [10.1000/xyz123](https://doi.org/10.1000/xyz123)
* Title: On things
* Journal: Journal of Things
"""


def test_an_export_of_zotero_says_it_below_a_heading() -> None:
    said = read(ZOTERO).metadata
    assert (said.doi, said.title, said.authors) == ("10.1000/xyz123", "On things", ("John Smith", "Jane Roe"))
    assert (said.published, said.venue, said.arxiv) == ("2019-03-02", "Journal of Things", None)
    assert read(ZOTERO).body == ZOTERO.rstrip()


@pytest.mark.parametrize(
    ("written", "authors"),
    [
        ("Vaswani, Ashish and Shazeer, Noam", ("Ashish Vaswani", "Noam Shazeer")),
        ("A. Vaswani, N. Shazeer & N. Parmar", ("A. Vaswani", "N. Shazeer", "N. Parmar")),
        ("Vaswani, Ashish; Shazeer, Noam", ("Ashish Vaswani", "Noam Shazeer")),
        ("Vaswani, Ashish", ("Ashish Vaswani",)),
        ("Ashish Vaswani et al.", ("Ashish Vaswani",)),
        ("Ashish Vaswani and Noam Shazeer", ("Ashish Vaswani", "Noam Shazeer")),
        ("[{firstName: Ashish, lastName: Vaswani}, {name: DeepMind}]", ("Ashish Vaswani", "DeepMind")),
    ],
)
def test_names_are_read_as_people_write_them(written: str, authors: tuple[str, ...]) -> None:
    said = read(f"---\narxiv: 1706.03762\nauthors: {written}\n---\nx").metadata
    assert said.authors == authors


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("# Shopping\n\nmilk", "no arXiv or DOI link"),
        (
            "# Reading list\n\n- https://arxiv.org/abs/1706.03762\n- https://arxiv.org/abs/1409.0473\n",
            "no arXiv or DOI link",
        ),
        ("# Mine\n\n## See\n\nhttps://arxiv.org/abs/1706.03762", "no arXiv or DOI link"),
        ("---\ndoi: 10.1000/xyz\n---\nx", "it does not say when"),
        ("", "no arXiv or DOI link"),
    ],
)
def test_what_is_no_note_on_a_paper_is_said(text: str, why: str) -> None:
    found = read_paper_note(text, name="x")
    assert isinstance(found, NoPaperNote)
    assert found.reason.startswith(why)


def test_headings_that_mean_a_pass_get_our_names_and_others_stay() -> None:
    before = (
        "# 1st Pass (5 min)\na\n### Details\nb\n## Pass 2: the method\nc\n## Summary\n"
        "```\n## Third pass\n```\n## Reading III\n## First pass again"
    )
    assert with_our_passes(before) == (
        "## First pass\n\n(5 min)\n\na\n### Details\nb\n## Second pass\n\nthe method\n\nc\n## Summary\n"
        "```\n## Third pass\n```\n## Third pass\n## First pass again"
    )


PIECES = st.one_of(
    st.text(max_size=15),
    st.sampled_from(["---\n", "\ntitle: x", "\narxiv: 1706.03762", "\n# ", "\n## First pass",
                     "https://arxiv.org/abs/1409.0473", "\nauthors: [a, b]", "\nyear: 2017", "\ndoi: 10.1000/x", "\n",
                     "Date:: ", "[[", "]]", ": ",
                     "\ntags:\n  - a"]),
)  # fmt: skip


@given(st.lists(PIECES, max_size=20).map("".join), st.text(max_size=10))
def test_any_text_is_read_and_none_of_its_body_is_lost(text: str, name: str) -> None:
    found = read_paper_note(text, name=name)
    if isinstance(found, PaperNote):
        assert found.body in text.replace("\r\n", "\n").replace("\r", "\n")
        assert found.metadata.title or not name.strip()
