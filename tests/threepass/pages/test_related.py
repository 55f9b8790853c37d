"""Which papers and days are like a paper."""

import shutil
from importlib import import_module
from pathlib import Path

import pytest
from generate import BASE

from threepass.library import Library, load
from threepass.pages.related import CACHE, likeness, related
from threepass.remembered.kept import FOLDER

HEAD = "---\ntitle: {title}\nauthors: [A]\npublished: 2017-06-12\nurl: https://example.org\n"
NOTE = HEAD + "topics: [{topics}]\n---\n{text}\n"
GRADIENTS = "Integrated gradients attribute a prediction to pixels along a path from a baseline."


@pytest.fixture
def library(tmp_path: Path) -> Library:
    shutil.copy(BASE / "mkdocs.yml", tmp_path)
    (tmp_path / "papers").mkdir()
    (tmp_path / "journal").mkdir()
    for key, topics, text in (
        ("a2017attributions", "attention", GRADIENTS),
        ("b2017baselines", "", f"{GRADIENTS} Saliency."),
        ("c2017cooking", "attention", "Soup, bread and salad are made in a kitchen."),
        ("d2017dinner", "", "Soup and bread from the kitchen, for dinner."),
    ):
        (tmp_path / "papers" / f"{key}.md").write_text(NOTE.format(title=key, topics=topics, text=text))
    (tmp_path / "journal" / "2021-08-27.yml").write_text(
        "date: 2021-08-27\nnotes: Integrated gradients along a path.\n"
    )
    return load(tmp_path)


def test_the_likest_come_first(library: Library) -> None:
    found = related(library)["a2017attributions"]
    assert found.papers[0].name == "b2017baselines"
    assert [day.name for day in found.days] == ["2021-08-27"]
    assert [paper.name for paper in related(library)["d2017dinner"].papers] == ["c2017cooking"]


def test_it_is_the_same_from_the_cache_and_made_anew_when_a_text_changes(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = related(library)
    assert (library.root / FOLDER / f"{CACHE}.json").is_file()
    monkeypatch.setattr(import_module("threepass.pages.related"), "likeness", lambda *_, **__: {})
    assert related(library) == first
    (library.root / "papers" / "d2017dinner.md").write_text(NOTE.format(title="d", topics="", text=GRADIENTS))
    assert related(load(library.root))["a2017attributions"].papers == ()


@pytest.mark.parametrize("broken", ["", "[]", "{", '{"key": 1}'])
def test_a_broken_cache_is_written_anew(library: Library, broken: str) -> None:
    first = related(library)
    (library.root / FOLDER / f"{CACHE}.json").write_text(broken)
    assert related(library) == first


def test_texts_without_a_common_word_are_not_alike() -> None:
    assert likeness(["a", "b"], ["", "the"], of=2) == {}
    assert likeness(["a", "b"], ["soup kitchen", "baseline path"], of=2) == {}


def test_a_likeness_lies_between_0_and_1() -> None:
    texts = ["soup kitchen bread"] * 2 + ["path baseline gradient"] * 2
    found = likeness(list("abcd"), texts, of=4)
    assert found == {"a": {"b": 1.0}, "b": {"a": 1.0}, "c": {"d": 1.0}, "d": {"c": 1.0}}


def test_a_text_that_is_less_like_itself_than_shorter_ones_are_is_as_like_as_they_are() -> None:
    texts = ["soup kitchen bread " + "path " * 400] + ["soup kitchen bread"] * 40 + ["gradient"] * 60
    found = likeness([str(number) for number in range(len(texts))], texts, of=1)
    assert set(found["0"].values()) == {1.0}


def test_chance_has_no_part_in_it() -> None:
    """Tantivy chooses by chance among equally weighty words where it may take only some."""
    words = [f"{chr(97 + number // 26)}{chr(97 + number % 26)}word" for number in range(120)]
    texts = [" ".join(words[number % 7 :: 1 + number % 3]) for number in range(12)]
    names = [str(number) for number in range(len(texts))]
    assert all(likeness(names, texts, of=12) == likeness(names, texts, of=12) for _ in range(5))


def test_a_library_without_papers_has_nothing_related(tmp_path: Path) -> None:
    shutil.copy(BASE / "mkdocs.yml", tmp_path)
    assert related(load(tmp_path)) == {}
