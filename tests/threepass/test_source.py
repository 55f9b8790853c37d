"""Text in; plain data and places out."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threepass.source import Document, compose, read_note, read_yaml

SHOWN = Path("x.yml")


def read(text: str) -> Document:
    document, problems = compose(text, shown=SHOWN)
    assert problems == []
    assert document is not None
    return document


@pytest.mark.parametrize(
    "written", ["2301.00010", "no", "12:30", "1_000", "0o17", "1e3", "~", "2021-08-27", "yes", "null"]
)
def test_every_scalar_stays_what_was_written(written: str) -> None:
    assert read(f"arxiv: {written}\n").data == {"arxiv": written}


def test_a_key_with_nothing_behind_it_is_not_given_and_an_empty_text_is() -> None:
    assert read('title:\nnotes: ""\nday: 4\n').data == {"notes": "", "day": "4"}


def test_places_count_from_one() -> None:
    document = read("date: 2021-08-27\nreadings:\n  - {paper: vaswani2017attention, pass: 1}\n")
    assert document.place(("date",))[:2] == (1, 7)
    assert document.place(("date",), key=True)[:2] == (1, 1)
    assert document.place(("readings", 0, "pass"))[:2] == (3, 41)
    assert document.place(("readings", 0, "minutes"))[:2] == (3, 5)  # not there: the reading's own place


def test_places_within_a_block_are_exact() -> None:
    document = read("title: x\nnotes: |\n  One.\n\n  See [[nothing2021here]], indented.\n    And [[nowhere]].\n")
    notes = document.data["notes"]
    assert document.place_in_value(("notes",), notes.index("[[nothing"))[:2] == (5, 7)
    assert document.place_in_value(("notes",), notes.index("[[nowhere"))[:2] == (6, 9)
    assert document.place_in_value(("title",), 1)[:2] == (1, 8)


def test_places_in_a_note_count_from_the_top_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_text("---\ntitle: Ä\nauthors: [a]\n---\nFirst.\n\nSecond, [[here]].\n")
    document, problems = read_note(path, shown=path)
    assert problems == []
    assert document is not None
    assert document.place(("authors", 0))[:2] == (3, 11)
    assert document.body == "First.\n\nSecond, [[here]].\n"
    assert document.place_in_body(document.body.index("[["))[:2] == (7, 9)


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "2021-08-27.yml"
    path.write_bytes("\ufeffdate: 2021-08-27\r\ntitle: Café\r\n".encode())
    document, problems = read_yaml(path, shown=path)
    assert problems == []
    assert document is not None
    assert document.data == {"date": "2021-08-27", "title": "Café"}


def test_an_anchor_is_followed() -> None:
    assert read("a: &names [x, y]\nb: *names\n").data == {"a": ["x", "y"], "b": ["x", "y"]}


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.yml"):
        document, problems = read_yaml(path, shown=path)
        assert document is None
        assert [problem.code for problem in problems] == ["P001"]


@given(st.text(max_size=300))
def test_no_text_is_a_traceback(text: str) -> None:
    document, problems = compose(text, shown=SHOWN)
    assert document is not None or problems


@given(st.binary(max_size=300))
def test_no_file_is_a_traceback(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.md"
    path.write_bytes(raw)
    for reader in (read_yaml, read_note):
        document, problems = reader(path, shown=path)
        assert document is not None or problems


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.from_regex(r"[a-z0-9.]{1,8}", fullmatch=True)))
def test_what_is_written_plainly_is_read_back(data: dict[str, str]) -> None:
    text = "".join(f"{key}: {value}\n" for key, value in data.items())
    document, _ = compose(text or "{}", shown=SHOWN)
    assert document is not None
    assert document.data == data
