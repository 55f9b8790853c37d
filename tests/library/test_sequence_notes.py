"""What each note on a sequence model owes its reader: three passes, five Cs, equations with code, claims, questions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from threepass.library import load

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = load(ROOT)
KEYS = (
    *("hochreiter1997long", "cho2014learning", "sutskever2014sequence", "bahdanau2014neural", "luong2015effective"),
    *("graves2012sequence", "vaswani2017attention", "holtzman2019curious", "radford2019language", "devlin2018bert"),
    "zhang2019pegasus",
)
PROMISED = {
    "First pass": r"Worth a second pass: ",
    "Second pass": r"What (?:I would want and did not find|is left open|is not separated)",
    "Third pass": r"Questions to the authors?\.",
}
NOT_SHOWN = (
    r"Not shown here|does not show|cannot show|nothing that trains in a minute .* can check|Nothing here is pre-trained"
)
"""How each note says what training cannot show at this size."""


@pytest.mark.parametrize("key", KEYS)
def test_three_passes_five_cs_and_questions(key: str) -> None:
    note = LIBRARY.notes[key]
    assert {done.number for done in LIBRARY.passes[key]} == {1, 2, 3}
    assert note.paper.five_cs is not None
    assert all(getattr(note.paper.five_cs, name) for name in type(note.paper.five_cs).model_fields)
    parts = dict(re.findall(r"^## (\w+ pass)\n(.*?)(?=^## |\Z)", note.body, flags=re.DOTALL | re.MULTILINE))
    for heading, promise in PROMISED.items():
        assert re.search(promise, parts[heading]), f"{heading} has no “{promise}”"
    assert re.search(NOT_SHOWN, note.body), "what training cannot show at this size is not said"


@pytest.mark.parametrize("key", KEYS)
def test_each_equation_has_code_and_symbols_and_there_are_claims_and_a_figure_of_the_code(key: str) -> None:
    paper = LIBRARY.notes[key].paper
    assert [equation.id for equation in paper.equations if not (equation.code and equation.symbols)] == []
    assert len(paper.claims) >= 4
    packages = {claim.check.split(".")[1] for claim in paper.claims}
    drawn = {figure.plot.split(".")[1] for note in LIBRARY.notes.values() for figure in note.paper.figures}
    assert packages <= drawn
