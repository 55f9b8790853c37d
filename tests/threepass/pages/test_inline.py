"""A sentence of Markdown as one line of HTML."""

import re

import pytest
from generate import BASE

from threepass.ledger import ledger, source_tree
from threepass.library import load
from threepass.pages import Site, site_of
from threepass.pages.inline import inline, plain_words


@pytest.fixture(scope="module")
def site() -> Site:
    library = load(BASE)
    tree = source_tree(library)
    return site_of(library, ledger(library, tree), tree)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a **b** and *c* and _d_", "a <strong>b</strong> and <em>c</em> and <em>d</em>"),
        ("`a < b` and `` ` ``", "<code>a &lt; b</code> and <code>`</code>"),
        ("[x](https://example.org) <https://example.org>", "x https://example.org"),
        ("![a picture](x.png) and [y][z]", "a picture and y"),
        (r"2 \* 3 \< 4", "2 * 3 &lt; 4"),
        ("snake_case_name and 2*3*4 $5 and $6", "snake_case_name and 2*3*4 $5 and $6"),
        ("[[bahdanau2014neural|the *paper*]]", "<mark>the <em>paper</em></mark>"),
        ("[[2021-01-01]] [[bahdanau2014neural#First pass]]", "2021-01-01 <mark>First pass</mark>"),
        ("a footnote[^1] and { .x } {: .y }", "a footnote and { .x } "),
        ("{{ nothing/here }}", "{{ nothing/here }}"),
    ],
)
def test_markdown_in_a_line(site: Site, text: str, html: str) -> None:
    assert inline(text, site, about="bahdanau2014neural") == html


def test_a_formula_is_mathml(site: Site) -> None:
    made = inline("so $a_1 < b$.", site)
    assert re.fullmatch(r"so <math>.*<msub><mi>a</mi><mn>1</mn></msub>.*</math>\.", made)
    assert inline(r"$\frac{$", site) == r"<code>\frac{</code>"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "**<img src=x onerror=alert(1)>**",
        "`<svg onload=alert(1)>`",
        "[<b>](javascript:alert(1))",
        "[[bahdanau2014neural|<script>]]",
        "$<script>$",
        "$\\text{<script>}$",
        "<https://example.org/<script>>",
    ],
)
def test_nothing_runs(site: Site, text: str) -> None:
    made = inline(text, site, about="bahdanau2014neural")
    tags = set(re.findall(r"<\s*(\w+)", made))
    assert tags <= {"strong", "code", "mark", "math", "semantics", "mrow", "mo", "mi", "mtext", "annotation", "mspace"}


def test_plain_words_have_no_markup(site: Site) -> None:
    said = plain_words("**A** `b` $c$ [[bahdanau2014neural|d]] [e](https://example.org) \\*", site)
    assert said == "A b c d e *"
