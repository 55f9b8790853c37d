"""A paper as CSL-JSON and in words."""

import json

import pytest
from generate import BASE

from threepass.citing.citation import name_parts
from threepass.citing.csl import to_csl, to_words
from threepass.library import load
from threepass.models import Paper

NOTE = load(BASE).notes["bahdanau2014neural"]


def paper(**given: object) -> Paper:
    basis = {"title": "A Title", "authors": ["A. One"], "published": "2017-06-12", "url": "https://example.org/a"}
    return Paper.model_validate(basis | given)


def test_an_item_holds_what_a_reference_manager_needs() -> None:
    (item,) = json.loads(to_csl(NOTE))
    assert item["id"] == "bahdanau2014neural"
    assert item["title"] == NOTE.paper.title
    assert item["issued"] == {"date-parts": [[2014, 9, 1]]}
    assert item["author"][0] == {"family": "Bahdanau", "given": "Dzmitry"}
    assert item["URL"] == f"https://arxiv.org/abs/{NOTE.paper.arxiv}"
    assert item["type"] == "article"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Qiqi Yan", ("Qiqi", "Yan", "")),
        ("Aäron van den Oord", ("Aäron", "van den Oord", "")),
        ("van den Oord, Aäron", ("Aäron", "van den Oord", "")),
        ("Oriol Vinyals Jr.", ("Oriol", "Vinyals", "Jr.")),
        ("Vinyals, Jr., Oriol", ("Oriol", "Vinyals", "Jr.")),
        ("ATLAS Collaboration", ("", "ATLAS Collaboration", "")),
        ("Plato", ("", "Plato", "")),
    ],
)
def test_the_parts_of_a_name(name: str, parts: tuple[str, str, str]) -> None:
    assert name_parts(name) == parts


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "A. One (2017). A Title. https://example.org/a"),
        ({"authors": ["A", "B", "C"], "title": "Why?"}, "A, B and C (2017). Why? https://example.org/a"),
        (
            {"arxiv": "1703.01365", "version": "2", "venue": "ICML 2017"},
            "A. One (2017). A Title. ICML 2017. arXiv:1703.01365v2. https://arxiv.org/abs/1703.01365",
        ),
        ({"doi": "10.1145/1273445.1273458"}, "A. One (2017). A Title. https://doi.org/10.1145/1273445.1273458"),
    ],
)
def test_a_citation_in_words(given: dict[str, object], words: str) -> None:
    assert to_words(paper(**given)) == words
