"""What an author writes becomes Markdown that is safe."""

import html as entities
import re
from pathlib import Path

import markdown
import pytest
from generate import BASE
from hypothesis import given
from hypothesis import strategies as st

from threepass.library import load
from threepass.pages.page import address, front_matter, url, without_front_matter
from threepass.pages.prose import plain, prose
from threepass.source import compose

LIBRARY = load(BASE)
EXTENSIONS = [
    "attr_list", "md_in_html", "tables", "pymdownx.highlight", "pymdownx.superfences",
    "threepass.markdown.math", "threepass.markdown.safety",
]  # fmt: skip


def html(text: str) -> str:
    return markdown.markdown(
        prose(text, LIBRARY, src="journal/2021-08-27.md"),
        extensions=EXTENSIONS,
    )


def test_a_link_becomes_a_path_to_the_page() -> None:
    said = prose("See [[bahdanau2014neural|the alignment paper]].", LIBRARY, src="journal/2021-08-27.md")
    assert said == "See [the alignment paper](../papers/bahdanau2014neural.md)."


def test_a_link_without_words_takes_the_title() -> None:
    assert "[Neural Machine Translation by" in prose(
        "[[bahdanau2014neural#First pass]] [[bahdanau2014neural]]", LIBRARY, src="a.md"
    )


def test_headings_begin_at_the_level_asked_for() -> None:
    assert prose("# A\n### B\n```\n# c\n```\n", LIBRARY, src="a.md") == "## A\n#### B\n```\n# c\n```\n"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "[x](https://example.org){: onclick='alert(1)' style='position:fixed' }",
        "<a href='javascript:alert(1)'>x</a>",
        "<svg/onload=alert(1)>",
        "<!-- x --><script>alert(1)</script>",
        "$\\text{<script>alert(1)</script>}$",
        "</p><script>alert(1)</script>",
        "`a\n\n<script>alert(1)</script>\n\nb`",
        "`a\n<script>alert(1)</script>\nb`",
        "\\`<img src=x onerror=alert(1)>`",
        "```python a b c\n\n<script>alert(1)</script>\n\n```",
        "```\n\n<script>alert(1)</script>\n\n",
        "> ```\n<script>alert(1)</script>\n> ```",
        "  ~~~\n<script>alert(1)</script>\n~~~",
        '```python title="<script>alert(1)</script>"\nx\n```',
        '```"<script>alert(1)</script>\nx\n```',
    ],
)
def test_nothing_runs(text: str) -> None:
    made = html(text).lower()
    tags = "".join(re.findall(r"<[^>]*>", made))
    for sign in ("<script", "<img", "<svg", "script:", "data:", "onclick", "style="):
        assert sign not in tags, made


@pytest.mark.parametrize(
    "text", ["```python notest: x\na < b\n```", "1. x\n\n    ```py\n    a < b\n    ```", "```\na < b"]
)
def test_code_is_shown_as_code(text: str) -> None:
    made = html(text)
    assert "<pre>" in made
    assert ("<li>" in made) == bool(re.search(r"<li>.*<pre>.*</li>", made, re.DOTALL))
    assert "a < b" in entities.unescape(re.sub(r"<[^>]*>", "", made))
    assert "`" not in made


def test_what_is_safe_stays() -> None:
    made = html("[x](https://example.org/?a=1#b) <https://example.org> 1 < 2 and `<b>` and [y](../a.md)")
    assert made.count('href="') == 3
    assert "<code>&lt;b&gt;</code>" in made
    assert "1 &lt; 2" in made


@pytest.mark.parametrize(
    "text", ["a *b* _c_ [d](e) `f` # g", "<script>", "1 $ and $2", "a|b", "x \n y", "{: .c }", "!", "\\"]
)
def test_plain_text_is_shown_as_it_is(text: str) -> None:
    made = markdown.markdown("A " + plain(text), extensions=["attr_list", "threepass.markdown.math", "tables"])

    assert entities.unescape(re.sub(r"<[^>]*>", "", made)) == "A " + " ".join(text.split())
    assert made.count("<") == 2


def test_front_matter_holds_any_title() -> None:

    text = front_matter(title='a: "b" # c\n---\n{{ d }}', hide=["toc"], tags=[])
    document, problems = compose("".join(text.splitlines(keepends=True)[1:-1]), shown=Path("x"))
    assert problems == []
    assert document is not None
    assert document.data == {"title": 'a: "b" # c\n---\n{{ d }}', "hide": ["toc"]}


@given(st.text(), st.lists(st.text()), st.text())
def test_front_matter_is_read_back(title: str, tags: list[str], body: str) -> None:
    values = {name: value for name, value in (("title", title), ("tags", tags)) if value}
    assert without_front_matter(front_matter(title=title, tags=tags) + "\n" + body) == (values, body.lstrip("\n"))


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        ("index.md", "papers/index.md", "papers/"),
        ("papers/a.md", "index.md", "../../"),
        ("papers/a.md", "papers/b.md#c", "../b/#c"),
        ("papers/index.md", "papers/b.md", "b/"),
        ("papers/a.md", "papers/a.md#c", "#c"),
        ("claims.md", "papers/a.md", "../papers/a/"),
        ("papers/a.md", "papers/index.md", "../"),
    ],
)
def test_addresses_are_relative(here: str, there: str, expected: str) -> None:
    assert url(here, there) == expected


def test_the_address_of_a_page() -> None:
    assert [address(src) for src in ("index.md", "claims.md", "papers/index.md", "papers/a.md")] == [
        "",
        "claims/",
        "papers/",
        "papers/a/",
    ]
