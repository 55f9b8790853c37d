"""What a text asks for: measured values and live source."""

import pytest

from threepass.markdown.inserts import DEFAULT, sources, values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ a2017b/c }}", ("a2017b", "c", None, False, None)),
        ("{{a2017b/c|tanh}}", ("a2017b", "c", "tanh", False, None)),
        ("{{ a2017b/c | control | random  inputs | 2 digits }}", ("a2017b", "c", "random inputs", True, 2)),
        ("{{ a2017b/c | 1 digit }}", ("a2017b", "c", None, False, 1)),
    ],
)
def test_the_forms_of_a_value(text: str, expected: tuple[object, ...]) -> None:
    (found,) = values(f"before {text} after")
    assert (found.key, found.claim, found.number, found.control, found.digits) == expected
    assert (found.start, found.end, found.wrong) == (7, 7 + len(text), "")


@pytest.mark.parametrize(
    "text",
    ["{{ a }}", "{{ / }}", "{{ a/ }}", "{{}}", "{{ a/b | 0 digits }}", "{{ a/b | x | y }}", "{{ a/b | }}"],
)
def test_what_can_be_no_value(text: str) -> None:
    (found,) = values(text)
    assert found.wrong


@pytest.mark.parametrize(
    "text", ["`{{ a/b }}`", "$\\frac{{a/b}}{c}$", "```\n{{ a/b }}\n```", "{ {a/b} }", "{{ a/\nb }}"]
)
def test_what_asks_for_no_value(text: str) -> None:
    assert list(values(text)) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("::: a.b:c", ("a.b:c", DEFAULT, "", "")),
        ("   ::: a.b:C.d signature tests", ("a.b:C.d", ("signature", "tests"), "", "")),
        ('::: a:b from="for x, y in"', ("a:b", ("source",), "for x, y in", "")),
        ('::: a:b tests from="a = $1" to="`b`"', ("a:b", ("tests", "source"), "a = $1", "`b`")),
    ],
)
def test_the_forms_of_live_source(line: str, expected: tuple[object, ...]) -> None:
    (found,) = sources(f"text\n\n{line}\n\nmore")
    assert (found.name, found.shows, found.first, found.last) == expected
    assert (found.start, found.end, found.wrong) == (6, 6 + len(line), "")


@pytest.mark.parametrize("line", ["::: a:b all", '::: a:b lines="3"', '::: a:b to="return"'])
def test_what_cannot_be_shown(line: str) -> None:
    (found,) = sources(line)
    assert found.wrong


@pytest.mark.parametrize("text", ["`::: a:b`", "```\n::: a:b\n```", "a ::: b:c", "    ::: a:b", ":::", "::::a:b"])
def test_what_asks_for_no_source(text: str) -> None:
    assert list(sources(text)) == []
