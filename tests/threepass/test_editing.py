"""A YAML text and a change to it in; the text with that change and nothing else changed, out."""

import datetime as dt
import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from threepass.editing import (
    EditingError,
    append_item,
    append_paragraph,
    front_matter_span,
    in_front_matter,
    scalar,
    set_value,
)
from threepass.source import compose, read_note

SHOWN = Path("x.yml")


def said(text: str) -> dict[str, Any]:
    """Return what our own reader makes of a text."""
    document, problems = compose(text.removeprefix("\ufeff"), shown=SHOWN)
    assert problems == [], f"{problems[0]}\n{text}"
    assert document is not None
    return document.data


def yaml(text: str) -> str:
    return textwrap.dedent(text).lstrip("\n")


DAY = yaml(
    """
    # the day I understood it
    date: 2021-08-27   # a Friday
    title: 'Integrated Gradients, first sitting'
    goals: [read]  # and write
    readings:
      - {paper: sundararajan2017axiomatic, pass: 1}
      # one more to come
    topics:
    - interpretability
    notes: |  # as I went
      First.

      Second.

    # end
    """
)


def changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """Return the lines that went and the lines that came, given that all others stand in their order."""
    old, new = before.splitlines(), after.splitlines()
    top = 0
    while top < min(len(old), len(new)) and old[top] == new[top]:
        top += 1
    end = 0
    while end < min(len(old), len(new)) - top and old[-1 - end] == new[-1 - end]:
        end += 1
    return old[top : len(old) - end], new[top : len(new) - end]


@pytest.mark.parametrize(
    ("edit", "went", "came"),
    [
        (
            lambda text: set_value(text, ("date",), dt.date(2021, 8, 28)),
            ["date: 2021-08-27   # a Friday"],
            ["date: 2021-08-28   # a Friday"],
        ),
        (lambda text: set_value(text, ("minutes",), 40), [], ["minutes: 40"]),
        (
            lambda text: set_value(text, ("goals",), ["read", "write"]),
            ["goals: [read]  # and write"],
            ["goals: [read, write]  # and write"],
        ),
        (
            lambda text: set_value(text, ("readings", 0, "minutes"), 25),
            ["  - {paper: sundararajan2017axiomatic, pass: 1}"],
            ["  - {paper: sundararajan2017axiomatic, pass: 1, minutes: 25}"],
        ),
        (
            lambda text: set_value(text, ("notes",), "Third."),
            ["notes: |  # as I went", "  First.", "", "  Second."],
            ["notes: Third.  # as I went"],
        ),
        (
            lambda text: append_item(text, ("goals",), "write"),
            ["goals: [read]  # and write"],
            ["goals: [read, write]  # and write"],
        ),
        (lambda text: append_item(text, ("topics",), "a, b: c"), [], ['- "a, b: c"']),
        (
            lambda text: append_item(text, ("readings",), {"paper": "vaswani2017attention", "pass": 2}),
            [],
            ["  - {paper: vaswani2017attention, pass: 2}"],
        ),
        (
            lambda text: append_item(text, ("links",), {"title": "Code", "url": "https://example.org"}),
            [],
            ["links:", '  - {title: Code, url: "https://example.org"}'],
        ),
        (lambda text: append_item(text, ("shared",), "https://example.org"), [], ['shared: ["https://example.org"]']),
        (lambda text: append_paragraph(text, ("notes",), "Third.\n\n    code"), [], ["  Third.", "", "      code", ""]),
        (
            lambda text: append_paragraph(text, ("title",), "Again."),
            ["title: 'Integrated Gradients, first sitting'"],
            ["title: |", "  Integrated Gradients, first sitting", "", "  Again."],
        ),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_an_edit_changes_its_own_lines_only(
    edit: Callable[[str], str], went: list[str], came: list[str], newline: str, mark: str
) -> None:
    before = mark + DAY.replace("\n", newline)
    after = edit(before)
    assert changed(before, after) == (went, came)
    assert after.count("\n") == after.count(newline)
    assert after.startswith(f"{mark}# the day")


EDITS: list[tuple[str, Callable[[str], str], str]] = [
    # lists in every style
    ("t:\n", lambda text: append_item(text, ("t",), "a"), "t: [a]\n"),
    (
        "t:  # why\n\n# next\nu: 1\n",
        lambda text: append_item(text, ("t",), {"a": "b"}),
        "t:  # why\n  - {a: b}\n\n# next\nu: 1\n",
    ),
    ("t: []  # none\n", lambda text: append_item(text, ("t",), "a"), "t: [a]  # none\n"),
    ("t: [ ]\n", lambda text: append_item(text, ("t",), {"a": "b"}), "t:\n  - {a: b}\n"),
    ("t: [ # none\n]\n", lambda text: append_item(text, ("t",), "a"), "t: [a # none\n]\n"),
    ("t: [a, b, ]\n", lambda text: append_item(text, ("t",), "c"), "t: [a, b, c, ]\n"),
    ("t: [a,\n  b]\n", lambda text: append_item(text, ("t",), "c"), "t: [a,\n  b, c]\n"),
    (
        "t: [\n  a,  # one\n  b  # two\n  # three\n]\n",
        lambda text: append_item(text, ("t",), "c"),
        "t: [\n  a,  # one\n  b,  # two\n  c\n  # three\n]\n",
    ),
    (
        "t: [\n  a,\n  b,  # two, too\n]\n",
        lambda text: append_item(text, ("t",), "c"),
        "t: [\n  a,\n  b,  # two, too\n  c,\n]\n",
    ),
    ("t: [a,\n]\n", lambda text: append_item(text, ("t",), "c"), "t: [a, c,\n]\n"),
    ("t: [{a: 1}]\n", lambda text: append_item(text, ("t",), {"b": "c: d"}), 't: [{a: 1}, {b: "c: d"}]\n'),
    ("t:\n- a", lambda text: append_item(text, ("t",), "b"), "t:\n- a\n- b\n"),
    ("t:\n- a\n-\n", lambda text: append_item(text, ("t",), "b"), "t:\n- a\n-\n- b\n"),
    ("t:\n    -   a\nu: 1\n", lambda text: append_item(text, ("t",), "b"), "t:\n    -   a\n    -   b\nu: 1\n"),
    ("t:\n  - a\n\n\nu: 1\n", lambda text: append_item(text, ("t",), "b"), "t:\n  - a\n  - b\n\n\nu: 1\n"),
    (
        "t:\n  -  a: 1\n     b: |\n       x\n    # item\n  # list\nu: 1\n",
        lambda text: append_item(text, ("t",), {"a": "2", "b": "y\nz\n"}),
        "t:\n  -  a: 1\n     b: |\n       x\n    # item\n  -  a: 2\n     b: |\n       y\n       z\n  # list\nu: 1\n",
    ),
    ("t:\n- a: 1\n", lambda text: append_item(text, ("t",), {"a": 2, "b": 3}), "t:\n- a: 1\n- a: 2\n  b: 3\n"),
    ("t:\n- - a\n  - b\n", lambda text: append_item(text, ("t", 0), "c"), "t:\n- - a\n  - b\n  - c\n"),
    ("{t: [a], u: 1}\n", lambda text: append_item(text, ("t",), "b"), "{t: [a, b], u: 1}\n"),
    ("a:\n  b:\n    t: [x]\n", lambda text: append_item(text, ("a", "b", "t"), "y"), "a:\n  b:\n    t: [x, y]\n"),
    # values
    ("", lambda text: set_value(text, ("a",), "b"), "a: b\n"),
    ("# only this", lambda text: set_value(text, ("a",), "b"), "# only this\na: b\n"),
    ("a: 1", lambda text: set_value(text, ("b",), 2), "a: 1\nb: 2\n"),
    ("a: 1", lambda text: set_value(text, ("a",), 2), "a: 2"),
    ("a:\nb: 1\n", lambda text: set_value(text, ("a",), 2), "a: 2\nb: 1\n"),
    ("a:\nb: 1\n", lambda text: set_value(text, ("a", "x", "y"), True), "a: {x: {y: true}}\nb: 1\n"),
    ("a: {b: , c: 1}\n", lambda text: set_value(text, ("a", "b"), "x, y"), 'a: {b: "x, y", c: 1}\n'),
    ("a: {b: }\n", lambda text: set_value(text, ("a", "c"), ["x", "y"]), "a: {b: , c: [x, y]}\n"),
    ("a: b  # c\n", lambda text: set_value(text, ("a",), "x\ny\n"), "a: |  # c\n  x\n  y\n"),
    ("a:\n  # here\nb: 1\n", lambda text: set_value(text, ("a",), "x\ny"), "a: |-\n   x\n   y\n  # here\nb: 1\n"),
    ("a:\n  # here\nb: 1\n", lambda text: set_value(text, ("a",), " x\ny"), "a: |3-\n    x\n   y\n  # here\nb: 1\n"),
    (
        "a:  # k\n  - x  # one\n  # two\n  - y\n  # three\nb: 1\n",
        lambda text: set_value(text, ("a",), ["z"]),
        "a: [z]  # k\n# one\n# two\n  # three\nb: 1\n",
    ),
    ("a: |+\n  x\n\n\nb: 1\n", lambda text: set_value(text, ("a",), "y"), "a: y\nb: 1\n"),
    ("a: |+\n  x\n\n", lambda text: set_value(text, ("b",), "y"), "a: |+\n  x\n\nb: y\n"),
    ("a: x\n  y # c\nb: 1\n", lambda text: set_value(text, ("a",), "z"), "a: z # c\nb: 1\n"),
    ("a: &x 1\nb: *x  # c\n", lambda text: set_value(text, ("b",), "2"), "a: &x 1\nb: 2  # c\n"),
    ("a: no\n", lambda text: set_value(text, ("a",), "2301.00010"), "a: 2301.00010\n"),
    ("a: '1'\n", lambda text: set_value(text, ("a",), 1), "a: '1'\n"),
    ("c:\n  k: v\nd: 1\n", lambda text: set_value(text, ("c", "l"), r'"x" \a'), "c:\n  k: v\n  l: '\"x\" \\a'\nd: 1\n"),
    ("- a\n-\n  - x\n", lambda text: set_value(text, (1,), "y"), "- a\n- y\n"),
    ("a:\n  b: 1\n  # deep\n# top\n", lambda text: set_value(text, ("c",), "x"), "a:\n  b: 1\n  # deep\nc: x\n# top\n"),
    ('a: "é\u2028  b"\nc: 1\n', lambda text: set_value(text, ("c",), "x"), 'a: "é\u2028  b"\nc: x\n'),
    ("a: |2 # c \n   x\nb: 1\n", lambda text: set_value(text, ("a",), "y"), "a: y # c \nb: 1\n"),
    ("a: x\n      \nb: 1\n", lambda text: set_value(text, ("a",), "y\n"), "a: |\n       y\n      \nb: 1\n"),
    ("a:\n          # far\n", lambda text: set_value(text, ("a",), " x\ny"), 'a: " x\\ny"\n          # far\n'),
    # texts
    ("n:\n", lambda text: append_paragraph(text, ("n",), "x"), "n: |\n  x\n"),
    ("a: 1\n", lambda text: append_paragraph(text, ("n",), "\nx\r\ny\n\n"), "a: 1\nn: |\n  x\n  y\n"),
    ("n: |\n", lambda text: append_paragraph(text, ("n",), "x"), "n: |\n  x\n"),
    ("n: |-\n    x\n# c\n", lambda text: append_paragraph(text, ("n",), "y"), "n: |-\n    x\n\n    y\n# c\n"),
    ("n: |+\n  x\n\n\na: 1\n", lambda text: append_paragraph(text, ("n",), "y"), "n: |+\n  x\n\n  y\n\n\na: 1\n"),
    ("n: |1\n   x", lambda text: append_paragraph(text, ("n",), "\ty"), "n: |1\n   x\n\n \ty\n"),
    (
        "n: >-\n  a\n  b\n\n  c\nd: 1\n",
        lambda text: append_paragraph(text, ("n",), "e\nf\n\n    g\nh"),
        "n: >-\n  a\n  b\n\n  c\n\n\n  e\n\n  f\n\n      g\n  h\nd: 1\n",
    ),
    ('n: "a\\n\\nb" # c\n', lambda text: append_paragraph(text, ("n",), "d"), "n: | # c\n  a\n\n  b\n\n  d\n"),
    ("x: {n: a}\n", lambda text: append_paragraph(text, ("x", "n"), "b"), 'x: {n: "a\\n\\nb\\n"}\n'),
    ("n: |\n  a\n", lambda text: append_paragraph(text, ("n",), "b\x0c"), 'n: "a\\n\\nb\\x0c\\n"\n'),
    ("n: |\n  a\n", lambda text: append_paragraph(text, ("n",), " \n"), "n: |\n  a\n"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "edit", "after"), EDITS, ids=[f"{number}" for number in range(len(EDITS))])
def test_an_edit_follows_the_style_around_it(before: str, edit: Callable[[str], str], after: str) -> None:
    assert edit(before) == after
    assert edit(f"\ufeff{before}") == f"\ufeff{after}"
    windows = edit(before.replace("\n", "\r\n"))
    if "\n" in before:
        assert windows == after.replace("\n", "\r\n")


def test_a_long_item_stands_on_several_lines() -> None:
    after = append_item("a: 1\n", ("links",), {"title": "A title " * 9, "url": "https://example.org/" + "x" * 40})
    assert max(map(len, after.splitlines())) <= 100
    assert said(after)["links"] == [{"title": "A title " * 9, "url": "https://example.org/" + "x" * 40}]


@pytest.mark.parametrize(
    ("text", "edit", "told"),
    [
        ("a: [1\n", lambda text: set_value(text, ("a",), "x"), "broken YAML"),
        ("a: \x00\n", lambda text: set_value(text, ("a",), "x"), "broken YAML"),
        ("a: 1\na: 2\n", lambda text: set_value(text, ("a",), "x"), "key 'a' is given twice"),
        ("a: 1\n---\na: 2\n", lambda text: set_value(text, ("a",), "x"), "a second document"),
        ("? [a]\n: 1\n", lambda text: set_value(text, ("a",), "x"), "a key of the YAML is no word"),
        ("a: *b\n", lambda text: set_value(text, ("a",), "x"), "no anchor '&b'"),
        ("a: &a [*a]\n", lambda text: set_value(text, ("a",), "x"), "no anchor '&a'"),
        ("[" * 200 + "]" * 200, lambda text: set_value(text, (0,), "x"), "nested too deeply"),
        ("a: 1\n", lambda text: set_value(text, (), "x"), "names the key"),
        ("a: 1\n", lambda text: set_value(text, ("a", "b"), "x"), "'a.b' is not there"),
        ("a: [1]\n", lambda text: set_value(text, ("a", 1), "x"), "'a.1' is not there"),
        ("a:\n", lambda text: set_value(text, ("a", 0), "x"), "'a.0' is not there"),
        ("a: 1\n", lambda text: append_item(text, ("a",), "x"), "'a' is not a list"),
        ("a: [1]\n", lambda text: append_paragraph(text, ("a",), "x"), "'a' is not a text"),
        ("a: &x 1\nb: *x\n", lambda text: set_value(text, ("a",), "2"), "touching something else"),
        ("a: &x [1]\nb: *x\n", lambda text: append_item(text, ("b",), "2"), "'b' is not a list"),
        ("a: &x [1]\nb: *x\n", lambda text: append_item(text, ("a",), "2"), "touching something else"),
        ("a: {b: [1,  # c\n 2]}\n", lambda text: set_value(text, ("a", "b"), "x"), "lose a comment"),
        ("a: 1\n", lambda text: set_value(text, ("a",), "caf\udce9"), "half a character"),
        ("a: caf\udce9\n", lambda text: set_value(text, ("b",), "x"), "broken YAML"),
    ],
)
def test_an_edit_that_would_do_harm_is_refused_in_one_line(text: str, edit: Callable[[str], str], told: str) -> None:
    with pytest.raises(EditingError) as error:
        edit(text)
    assert told in error.value.reason
    assert str(error.value) == error.value.reason
    assert len(error.value.reason.splitlines()) == 1


def test_an_alias_bomb_is_refused_before_it_is_expanded() -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40))]
    with pytest.raises(EditingError, match="too many values"):
        set_value("\n".join(lines), ("b",), "1")


NOTE = "---\ntitle: x  # c\n---\n## First pass\n\n---\n\ntitle: not this\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_front_matter_is_edited_and_the_text_below_is_not(tmp_path: Path, newline: str, mark: str) -> None:
    before = mark + NOTE.replace("\n", newline)
    start, end = front_matter_span(before)
    assert before[start:end] == f"title: x  # c{newline}"
    after = in_front_matter(before, lambda text: append_item(text, ("readings",), {"pass": 1}))
    expected = NOTE.replace("# c\n", "# c\nreadings:\n  - {pass: 1}\n")
    assert after == mark + expected.replace("\n", newline)
    path = tmp_path / "x.md"
    path.write_bytes(after.encode())
    document, problems = read_note(path, shown=path)
    assert problems == []
    assert document is not None
    assert document.data == {"title": "x", "readings": [{"pass": "1"}]}


def test_empty_front_matter_takes_the_line_breaks_of_the_note() -> None:
    after = in_front_matter("---\r\n---\r\nx\r\n", lambda text: set_value(text, ("a",), "b\nc\n"))
    assert after == "---\r\na: |\r\n  b\r\n  c\r\n---\r\nx\r\n"


@pytest.mark.parametrize("text", ["", "title: x\n", "---\ntitle: x\n", "\n---\na: b\n---\n"])
def test_a_note_without_front_matter_is_refused(text: str) -> None:
    with pytest.raises(EditingError, match="front matter"):
        in_front_matter(text, lambda yaml: yaml)


def test_front_matter_that_an_edit_would_end_is_refused() -> None:
    with pytest.raises(EditingError, match="end the note's front matter"):
        in_front_matter(NOTE, lambda yaml: f"{yaml}---\n")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("no", "no"),
        ("2301.00010", "2301.00010"),
        ("12:30", "12:30"),
        ("~", "~"),
        ("Why gradients saturate?", "Why gradients saturate?"),
        ("a, b [c] {d}", "a, b [c] {d}"),
        ("https://example.org/#x", "https://example.org/#x"),
        ("", '""'),
        (" ", '" "'),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ("a:", '"a:"'),
        ("---", '"---"'),
        ("...", '"..."'),
        ("- a", '"- a"'),
        ('a: "b"', "'a: \"b\"'"),
        (r"it's: \alpha", r"'it''s: \alpha'"),
        ("a\tb", r'"a\tb"'),
        ("a\r\nb", r'"a\r\nb"'),
        ("a\x85\u2028\ufeff\x00", r'"a\x85\u2028\ufeff\0"'),
        ("a\nb", "|-\n  a\n  b"),
        ("a\n\nb\n", "|\n  a\n\n  b"),
        ("a\n\n", r'"a\n\n"'),
        (" a\nb\n", "|2\n   a\n  b"),
        ("\n\ta\n", "|2\n\n  \ta"),
    ],
)
def test_a_text_is_written_as_plainly_as_is_safe(value: str, written: str) -> None:
    assert scalar(value) == written
    assert said(f"a: {written}\nb: 1\n") == {"a": value, "b": "1"}


TROUBLE = ["---", "...", ": ", " #", "- ", "? ", "\n", "\n\n", "\r", "\r\n", "\t", " ", "  ", "\x85",
           "\u2028", "\ufeff", "\x00", "\x7f", "\ufffe", "'", '"', "\\", "{", "}", "[", "]", ",", "&a", "*a", "!", "|",
           ">", "%", "@", "`", "a", "é", "😀", "\u202e", "#", ":", "<<", "="]  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(TROUBLE), max_size=8).map("".join))


@given(value=TEXTS)
@example(value="a\n  ")
@example(value="  \na")
def test_any_text_is_read_back_equal(value: str) -> None:
    assert said(f"a: {scalar(value)}\nb: 1\n") == {"a": value, "b": "1"}


@given(value=TEXTS)
def test_any_text_can_be_an_item_a_key_and_a_value_in_any_style(value: str) -> None:
    before = "a: [x]\nb:\n- x\nc: {x: 1}\nd: x\n"
    after = append_item(append_item(before, ("a",), value), ("b",), value)
    after = set_value(set_value(after, ("c", "y"), value), ("d",), {value: "v"})
    assert said(after) == {"a": ["x", value], "b": ["x", value], "c": {"x": "1", "y": value}, "d": {value: "v"}}


# Any author's document, any sequence of edits.

COMMENT = st.sampled_from(["# remark", "#remark", '# "quoted: [ remark', "# - remark", "#\tremark", "# é 😀 remark"])
WORD = st.sampled_from(["one", "two words", "no", "2301.00010", "é 😀", "it's", "x#y", "a:b"])


@st.composite
def written_lists(draw: st.DrawFn) -> tuple[str, list[Any] | None]:
    """Return how an author may write a list behind `key:`, and what it says."""
    words = draw(st.lists(WORD, min_size=1, max_size=3))
    quoted = ['"' + word + '"' for word in words]
    comment = draw(st.one_of(st.just(""), COMMENT.map(lambda text: f"  {text}")))
    pad = " " * draw(st.integers(0, 4))
    gap = " " * draw(st.integers(1, 3))
    deep = f"{pad} {gap}"
    style = draw(
        st.sampled_from(["empty", "nothing", "flow", "trailing", "hanging", "block", "flow items", "block items"])
    )
    match style:
        case "empty":
            return f" [ ]{comment}\n", []
        case "nothing":
            return f"{comment}\n", None
        case "flow":
            return f" [{', '.join(quoted)}]{comment}\n", list(words)
        case "trailing":
            return f" [{', '.join(quoted)} , ]{comment}\n", list(words)
        case "hanging":
            last = draw(st.sampled_from(["", ","]))
            rows = "".join(f"  {word},{comment}\n" for word in quoted[:-1])
            return f" [{comment}\n{rows}  {quoted[-1]}{last}{comment}\n  ]\n", list(words)
        case "block":
            return f"{comment}\n" + "".join(f"{pad}-{gap}{word}{comment}\n" for word in quoted), list(words)
        case "flow items":
            rows = "".join(f"{pad}-{gap}{{a: {word}}}{comment}\n" for word in quoted)
            return f"{comment}\n{rows}", [{"a": word} for word in words]
        case _:
            rows = "".join(f"{pad}-{gap}a: {word}{comment}\n{deep}b: |\n{deep}  text\n" for word in quoted)
            return f"{comment}\n{rows}", [{"a": word, "b": "text\n"} for word in words]


@st.composite
def written_texts(draw: st.DrawFn) -> tuple[str, str]:
    """Return how an author may write a text behind `key:`, and what it says."""
    comment = draw(st.one_of(st.just(""), COMMENT.map(lambda text: f"  {text}")))
    pad = " " * draw(st.integers(1, 5))
    keep = draw(st.sampled_from(["", "-", "+"]))
    blank = "\n" * draw(st.integers(0, 2))
    end = {"": "\n", "-": "", "+": "\n" + blank}[keep]
    match draw(st.sampled_from(["plain", "single", "double", "several lines", "literal", "further", "folded"])):
        case "plain":
            return f" x y{comment}\n", "x y"
        case "single":
            return f" 'it''s: #'{comment}\n", "it's: #"
        case "double":
            return f' "a\\n\\nb"{comment}\n', "a\n\nb"
        case "several lines":
            return f" x\n{pad}y{comment}\n", "x y"
        case "literal":
            return f" |{keep}{comment}\n{pad}# no comment\n\n{pad}  b: c\n{blank}", f"# no comment\n\n  b: c{end}"
        case "further":
            return f" |{len(pad)}{keep}{comment}\n{pad}  a\n{pad}b\n{blank}", f"  a\nb{end}"
        case _:
            return f" >{keep}{comment}\n{pad}a\n{pad}b\n\n{pad}c\n{blank}", f"a b\nc{end}"


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """Return a document as an author may write it, and what it says."""
    text: str = draw(st.sampled_from(["", "---\n", "# top\n\n", "\ufeff# top\n"]))
    data: dict[str, Any] = {}
    for number, kind in enumerate(draw(st.lists(st.sampled_from(["list", "text", "inner"]), min_size=1, max_size=5))):
        name = f"{kind}{number}"
        value: Any
        written, value = draw(written_lists() if kind == "list" else written_texts())
        if kind == "inner":
            head, _, below = written.partition("\n")
            written = f"\n  before: 1\n  key:{head}\n{textwrap.indent(below, '  ')}"
            value = {"before": "1", "key": value}
        text += f"{name}:{written}"
        if value is not None:
            data[name] = value
        text += "".join(f"{comment}\n" for comment in draw(st.lists(COMMENT, max_size=2)))
        if not re.search(r"[|>]\d?\+", written):
            text += "\n" * draw(st.integers(0, 1))
    text += draw(st.sampled_from(["", "end: here", "end: here  # last", "end:"]))
    if "end: here" in text:
        data["end"] = "here"
    return text, data


def remarks(text: str) -> list[str]:
    """Return the comments of a document: no value holds the word."""
    return sorted(re.findall(r"#[^#\r\n]*remark", text))


PARAGRAPHS = st.sampled_from(
    ["One.", "One\ntwo", "One.\n\n    code\n\nTwo.", "  led", "\ttab", "- item", "# heading", "é\r\n😀"]
)
ITEMS: st.SearchStrategy[Any] = st.one_of(
    WORD,
    st.fixed_dictionaries({"a": WORD, "pass": st.sampled_from(["1", "2"])}),
    st.just({"a": "x\ny\n", "b": "z" * 90}),
)


@given(data=st.data(), document=documents(), windows=st.booleans())
def test_any_edits_of_any_document_keep_every_comment_and_every_other_value(
    data: st.DataObject, document: tuple[str, dict[str, Any]], windows: bool
) -> None:
    text, expected = document
    if windows:
        text = text.replace("\n", "\r\n")
    if expected:
        assert said(text) == expected
    comments = remarks(text)
    names = sorted({*re.findall(r"^(\w+):", text, re.MULTILINE), "new"})
    for _ in range(data.draw(st.integers(1, 4))):
        name = data.draw(st.sampled_from(names))
        old = expected.get(name)
        if isinstance(old, dict) and data.draw(st.booleans()):
            value = data.draw(TEXTS)
            text = set_value(text, (name, "key"), value)
            expected = {**expected, name: {**old, "key": value}}
        elif isinstance(old, dict):
            text = set_value(text, (name, "more"), ["a", "b"])
            expected = {**expected, name: {**old, "more": ["a", "b"]}}
        elif isinstance(old, list) or (old is None and name.startswith("list")):
            item = data.draw(ITEMS)
            text = append_item(text, (name,), item)
            expected = {**expected, name: [*(old or []), item]}
        elif isinstance(old, str) and data.draw(st.booleans()):
            paragraph = data.draw(PARAGRAPHS)
            text = append_paragraph(text, (name,), paragraph)
            base, added = old.rstrip("\n"), paragraph.replace("\r\n", "\n")
            now = said(text)[name]
            assert now.rstrip("\n") == (f"{base}\n\n{added}" if base else added)
            expected = {**expected, name: now}
        else:
            value = data.draw(TEXTS)
            text = set_value(text, (name,), value)
            expected = {**expected, name: value}
        assert said(text) == expected
        assert remarks(text) == comments
        if windows:
            assert re.search("[^\r]\n", text) is None
