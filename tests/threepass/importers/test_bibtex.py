r"""BibTeX as people have it: every entry is read, and what is broken is said by its line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threepass.importers.bibtex import read_bibtex
from threepass.importers.bibtex_entry import BibReference, BrokenReference, authors_of
from threepass.latex.text import balanced, to_latex, to_unicode

BROKEN = r"""@comment{jabref-meta: grouping:
1 StaticGroup:Deep\;0\;1\;\;\;\;;
}
@string{icml = "Proc. of " # {{ICML}}}
@article(bee2020parens,
  title = {In parentheses (really)}, author = "A. Bee and {The (Big) Team}", year = 2020, month = jun,
  journal = icml # ", Series " # 2
)
@misc{open2020a,
  title = {never closed,
  author = {X}

@article{good2021after, title={After {what {was}} broken}, author={G. Ood}, year={2021}, groups = {Deep, Read}}
@article{nocomma2020 title={A}}
@article{twice2019x, title={First}, title={Second}, author={Q. Q}, year={2019}}
@web{site2019, title={A site}, url={https://www.example.org/a\_b}, year={2019}, file={:/home/me/x.pdf:PDF}}
@book{noyear, title={No year}, author={N. Y}}
@book{notitle2001, author={N. T}, year=2001}
@article{last2022z, title={Last}, author={Z. Zed}, year={c. 1999}}
"""


def read(text: str) -> list[BibReference]:
    return [one for one in read_bibtex(text) if isinstance(one, BibReference)]


def entry(**fields: str) -> BibReference:
    given = {"title": "T", "author": "A. Bee", "year": "2020"} | fields
    (found,) = read("@misc{x, " + ", ".join(f"{name} = {{{value}}}" for name, value in given.items()) + "}")
    return found


def test_a_broken_entry_is_reported_by_line_and_does_not_take_the_next_with_it() -> None:
    found = list(read_bibtex(BROKEN))
    assert [(one.line, one.key) for one in found if isinstance(one, BibReference)] == [
        (5, "bee2020parens"), (13, "good2021after"), (15, "twice2019x"), (16, "site2019"), (19, "last2022z"),
    ]  # fmt: skip
    broken = {one.line: one.reason for one in found if isinstance(one, BrokenReference)}
    assert broken.keys() == {9, 14, 15, 17, 18}
    assert "@misc{open2020a," in broken[9]
    assert "'title' more than once" in broken[15]
    assert "no year" in broken[17]
    assert "no title" in broken[18]


def test_parentheses_strings_and_joined_values() -> None:
    paper = read(BROKEN)[0]
    assert paper.title == "In parentheses (really)"
    assert paper.authors == ("A. Bee", "The (Big) Team")
    assert (paper.venue, paper.published, paper.bibtex) == ("Proc. of ICML, Series 2", "2020-06", {"type": "article"})


def test_nested_braces_and_the_groups_of_jabref() -> None:
    paper = read(BROKEN)[1]
    assert (paper.title, paper.keywords) == ("After what was broken", ("Deep", "Read"))


def test_a_web_entry_without_author_is_by_its_site_and_no_path_of_a_machine_comes_in() -> None:
    paper = read(BROKEN)[3]
    assert (paper.authors, paper.url, paper.bibtex) == (
        ("example.org",),
        "https://www.example.org/a_b",
        {"type": "web"},
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"eprint": "1706.03762", "archivePrefix": "arXiv", "primaryClass": "cs.CL"},
        {"eprint": "arXiv:1706.03762"},
        {"url": "http://arxiv.org/abs/1706.03762"},
        {"url": "https://arxiv.org/pdf/1706.03762.pdf"},
        {"journal": "arXiv preprint arXiv:1706.03762"},
        {"journal": "CoRR", "volume": "abs/1706.03762"},
        {"doi": "10.48550/arXiv.1706.03762"},
        {"note": "{\\tt arXiv:1706.03762} [cs.CL]"},
        {"howpublished": "\\url{https://arxiv.org/abs/1706.03762}"},
    ],
)
def test_arxiv_is_recognised(fields: dict[str, str]) -> None:
    paper = entry(**fields)
    assert paper.arxiv is not None
    assert (paper.arxiv.id, paper.doi, paper.url, paper.venue) == ("1706.03762", "", "", "")


def test_an_arxiv_id_says_when_the_paper_appeared_first() -> None:
    assert entry(eprint="1706.03762", eprinttype="arxiv", year="2018").published == "2017-06"
    assert entry(eprint="hep-th/9901001", eprinttype="arxiv", year="").published == "1999-01"


@pytest.mark.parametrize(
    "fields",
    [{"doi": "10.1145/3386569.3392408"}, {"doi": "https://doi.org/10.1145/3386569.3392408"},
     {"url": "https://doi.org/10.1145/3386569.3392408"}, {"doi": "doi:10.1145/3386569.3392408"}],
)  # fmt: skip
def test_a_doi_is_recognised(fields: dict[str, str]) -> None:
    assert (entry(**fields).doi, entry(**fields).url) == ("10.1145/3386569.3392408", "")


def test_what_we_have_no_key_for_is_kept_as_it_stands() -> None:
    paper = entry(volume="12", pages="1--10", publisher="{IEEE} Press", journal="J. of X")
    assert (paper.venue, paper.bibtex) == ("J. of X", {"type": "misc", "volume": "12", "pages": "1--10", "publisher": "{IEEE} Press"})  # fmt: skip  # noqa: E501


@pytest.mark.parametrize(
    ("names", "authors"),
    [
        ("van den Oord, A{\\\"a}ron and Oriol Vinyals", ("Aäron van den Oord", "Oriol Vinyals")),
        ("King, Jr., Martin Luther", ("Martin Luther King Jr.",)),
        ("{NASA and ESA} and others", ("NASA and ESA", "et al.")),
        ("Ludwig\n\t von Mises", ("Ludwig von Mises",)),
    ],
)  # fmt: skip
def test_names(names: str, authors: tuple[str, ...]) -> None:
    assert authors_of(names) == authors


def test_latex_becomes_text_and_formulas_stay() -> None:
    assert to_unicode(r"Poincar{\'e} {NLP} \& $\alpha_{i}$ 50\% {\"O}ber") == "Poincaré NLP & $\\alpha_{i}$ 50% Öber"
    assert to_latex("50% & $x_1$ a_b") == r"50\% \& $x_1$ a\_b"
    assert balanced(to_latex("a } b"))


@given(
    cuts=st.lists(st.tuples(st.integers(0, len(BROKEN)), st.integers(0, 40)), max_size=4),
    put=st.lists(st.tuples(st.integers(0, len(BROKEN)), st.sampled_from([*'{}"#\\@=$\0', "\r\n", "@x{"])), max_size=6),
)
@settings(max_examples=60)
def test_a_mutated_file_gives_references_and_problems_and_never_an_exception(
    cuts: list[tuple[int, int]], put: list[tuple[int, str]]
) -> None:
    text = BROKEN
    for at, length in cuts:
        text = text[:at] + text[at + length :]
    for at, piece in put:
        text = text[:at] + piece + text[at:]
    lines = text.count("\n") + 1
    assert all(1 <= one.line <= lines for one in read_bibtex(text))
