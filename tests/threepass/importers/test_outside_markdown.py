"""Markdown from elsewhere, as our pages can show it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threepass.importers.outside_markdown import Adapted, Target, adapted
from threepass.latex.equations import BrokenEquation, to_mathml
from threepass.markdown.formulas import formulas
from threepass.markdown.inserts import sources, values
from threepass.markdown.links import references

HERE = {"images/a.png": "images/a.png", "more.md": "https://example.org/more.md", "#day-1": "[[2020-01-01]]"}
NOTES = {
    "Attention": "vaswani2017attention",
    "vaswani2017attention": "vaswani2017attention",
    "2020-01-01": "2020-01-01",
}


def read(markdown: str) -> Adapted:
    return adapted(markdown, locate=lambda target: HERE.get(target.address), wiki=NOTES.get)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("![x](images/a.png)", "![x](images/a.png)"),
        ("![x](b.png)", "`![x](b.png)`"),
        ("![x](https://example.org/b.png)", "[x](https://example.org/b.png)"),
        ("![](https://example.org/b.png)", "[b.png](https://example.org/b.png)"),
        ("[![badge](https://example.org/b.svg)](https://example.org)", "[badge](https://example.org)"),
        ("[![x](images/a.png)](more.md)", "[![x](images/a.png)](https://example.org/more.md)"),
        ("[w](https://example.org/a_(b))", "[w](https://example.org/a_(b))"),
        ("[w](http://[x) ![w](http://[x.png)", "w (`http://[x`) `![w](http://[x.png)`"),
        ("see https://a.org/b_(c), <https://d.org> [https://e.org](https://e.org)",
         "see <https://a.org/b_(c)>, <https://d.org> [https://e.org](https://e.org)"),
        ("<a href='https://a.org'>https://a.org</a> `https://b.org`", "[https://a.org](https://a.org) `https://b.org`"),
        ("[code](notes/x.ipynb)", "code (`notes/x.ipynb`)"),
        ("[first](#day-1) and [none](#nowhere)", "[[2020-01-01|first]] and none"),
        ("[a][1]\n\n[1]: more.md", "[a][1]\n\n[1]: https://example.org/more.md"),
        ('<p align="center">\n    <img src="images/a.png" alt="x" height=9/>\n</p>', "\n![x](images/a.png)\n"),
        ("one<br>two<br />\nthree", "one  \ntwo  \nthree"),
        ("| a<br>b |", "| a b |"),
        ("<b>bold</b> <em>it</em> <a href='https://example.org'>t</a> <a href='x.md'>u</a>",
         "**bold** *it* [t](https://example.org) [u] (`x.md`)"),
        ("<h4>Head</h4>", "#### Head"),
        ("<script>a(1)</script> <https://example.org> 1 < 2", "<script>a(1)</script> <https://example.org> 1 < 2"),
        ("[[Attention]] [[Attention#Second pass|it]]",
         "[[vaswani2017attention|Attention]] [[vaswani2017attention|it]]"),
        ("[[nobody]] ![[fig.png]]", "[\\[nobody]] `![[fig.png]]`"),
        ("{{ a/b }} and `{{ a/b }}`", "&#123;{ a/b }} and `{{ a/b }}`"),
        ("::: os.path:join", "&#58;:: os.path:join"),
        ("$a^2$ is math", "$a^2$ is math"),
        ("$\\frac{$ is none", "&#36;\\frac{&#36; is none"),
        ("#100DaysOfCode\n# Head\n#tag", "\\#100DaysOfCode\n# Head\n\\#tag"),
        ("```\n![x](b.png) <b>\n```", "```\n![x](b.png) <b>\n```"),
    ],
)  # fmt: skip
def test_a_page_can_show_it(before: str, after: str) -> None:
    assert read(before).text == after


def test_what_had_to_change_is_said_with_its_place() -> None:
    said = read("ok\n![x](b.png) ![y](https://example.org/y.png)\n[code](x.ipynb) [ok](#nowhere)")
    assert said.remarks == (
        (3, "b.png cannot be copied: its place is kept as code"),
        (15, "https://example.org/y.png is on the web: it became a link"),
        (47, "x.ipynb leads to no page here: its address stands beside the words"),
    )


def test_web_addresses_are_found_outside_of_code() -> None:
    text = "[a](https://arxiv.org/abs/1703.01365). `https://no` <https://b.org>, see https://c.org."
    assert [address for _, address in read(text).web] == [
        "https://arxiv.org/abs/1703.01365",
        "https://b.org",
        "https://c.org",
    ]


PIECES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["[[", "]]", "$", "$$", "\n$$ ", "{{", "}}", "{{ a/b }}", "\n::: a:b", "`", "```\n", "<b>", "</b>",
                     "<a href=", "<a href='q'>", "</a>", "![", "](", ")", "x.png", "\n#", "|", "\\", "<br>",
                     "[[Attention]]", "<!--", "\\frac{"]),
)  # fmt: skip


@given(st.lists(PIECES, max_size=20).map("".join))
def test_no_text_becomes_something_of_ours(markdown: str) -> None:
    text = read(markdown).text
    assert all(link.target in NOTES for link in references(text))
    assert not list(values(text))
    assert not list(sources(text))
    assert all(
        formula.closed and not isinstance(to_mathml(formula.latex, display=formula.display), BrokenEquation)
        for formula in formulas(text)
    )


@given(
    st.lists(
        st.sampled_from(["word", "<b>bold</b>", "[t](x.md)", "![i](b.png)", "<p>", "<br>", "[[no]]", "\n"]), max_size=15
    )
)
def test_no_word_is_lost(pieces: list[str]) -> None:
    before, after = " ".join(pieces), read(" ".join(pieces)).text
    plain = re.sub(r"</?(?:b|p|br)>", " ", before)
    assert re.findall(r"\w+", plain) == re.findall(r"\w+", after)


def test_the_test_of_words_can_fail() -> None:
    assert re.findall(r"\w+", read("<img src=gone.png>").text) != ["img", "src", "gone", "png"]


def test_an_image_is_told_from_a_link() -> None:
    asked: list[Target] = []

    def locate(target: Target) -> None:
        asked.append(target)

    adapted("![x](a.png) [y](a.png)", locate=locate, wiki=NOTES.get)
    assert sorted(set(asked), key=lambda target: target.is_image) == [
        Target("a.png", is_image=False),
        Target("a.png", is_image=True),
    ]
