"""Text from outside on a page: its LaTeX is rendered, and nothing of it runs."""

import re

import markdown
import pytest

from threepass.pages.outside import as_title, paragraphs, with_formulas


def shown(text: str) -> str:
    """The text as a reader sees it, in a heading that Markdown has made."""
    made = markdown.markdown(f"# {with_formulas(text)}", extensions=["md_in_html", "attr_list", "tables"])
    return re.sub(r"<(/?)(math|semantics|m\w+)\b[^>]*>", "", made)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "a *b* _c_ `d` **e** ~~f~~",
        "[a](javascript:alert(1)) ![b](c) <https://d.e>",
        "# no heading { #id .class }",
        "a | b & c &amp; &lt;",
        "1. no list - + >",
        "{{ 7*7 }} {% x %} {# y #}",
        r"$\badmacro{x}$ and \alpha",
        "שלום עולם",
    ],
)
def test_text_is_shown_and_runs_nothing(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    made = shown(text)
    for sign in re.findall(r"&#(\d+);", made):
        made = made.replace(f"&#{sign};", chr(int(sign)))
    assert made == f"<h1>{escaped}</h1>"


def test_formulas_are_mathml_without_their_source() -> None:
    made = with_formulas(r"On $O(n^2)$ and \(x_i\)")
    assert made.count("<math") == 2
    assert "<msup>" in made
    assert "annotation" not in made
    assert "$" not in made


def test_markdown_finds_nothing_in_a_formula() -> None:
    made = markdown.markdown(f"# {with_formulas('$a * b * c_i _ d$')}")
    assert "<em>" not in made


def test_a_formula_of_a_title_stays_in_a_link() -> None:
    made = markdown.markdown(f"[{with_formulas('$x_i$ [or] y')}](there.md)")
    assert made.startswith('<p><a href="there.md"><math>')
    assert made.count("<a ") == 1


def test_what_sets_text_is_read_through() -> None:
    assert shown(r"Poincar\'e and {BERT} -- \emph{so}").replace("&#8211;", "–") == "<h1>Poincaré and BERT – so</h1>"


def test_marks_that_turn_the_line_are_left_out() -> None:
    assert with_formulas("a \u202eb\u202c c") == "a b c"
    assert as_title("a \u202eb\u202c c") == "a b c"


def test_an_abstract_keeps_its_paragraphs() -> None:
    assert [str(part) for part in paragraphs("One\nline.\n\nTwo.\n")] == ["One line.", "Two."]
    assert paragraphs("") == []


def test_a_title_as_plain_text_has_no_dollar_signs() -> None:
    assert as_title(r"On $n^2$ {BERT}s \& more") == "On n^2 BERTs & more"
