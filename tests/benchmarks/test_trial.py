"""How `benchmarks/mutation.py` tries a change: what is called is noted, and functions get the changed code."""

from __future__ import annotations

import ast
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import FunctionType

import pytest
import torch
from mutants.changes import changed, changes
from mutants.reach import CODE, calls, outermost
from mutants.trial import BY_CLAIMS, BY_TESTS, BY_TIME, SURVIVED, Asked, Reached, Trials, forks, verdict_of

from reproductions.attention import scores
from reproductions.attention.scores import location

PATH = Path(scores.__file__)
SOURCE = PATH.read_text("utf-8")
FUNCTION = (str(PATH), "location")
ONE = Asked(PATH, next(one for one in changes(SOURCE) if one.within == "location"))


@pytest.fixture
def trials() -> Trials:
    made = Trials([], [], 1, verdict=lambda *_: None, say=lambda _: None)
    made.functions[FUNCTION] = [FunctionType(location.__code__, location.__globals__, "location")]
    return made


def test_what_is_called_is_noted_and_nothing_after() -> None:
    vectors = torch.zeros(1, 2), torch.zeros(1, 3, 2)
    with calls() as called:
        scores.general(*vectors, W_a=torch.eye(2))
    scores.concat(*vectors, v_a=torch.zeros(2), W_a=torch.zeros(2, 4))
    assert called == {(str(PATH), "general"), (str(PATH), "dot")}


@pytest.mark.parametrize(
    ("name", "within"), [("f", "f"), ("A.f", "A.f"), ("f.<locals>.g", "f"), ("A.f.<locals>.<lambda>.<locals>.g", "A.f")]
)
def test_a_function_within_another_counts_as_that(name: str, within: str) -> None:
    assert outermost(name) == within


@pytest.mark.parametrize(("within", "running"), [("location", ["quick", "slow"]), ("", ["other", "quick", "slow"])])
def test_what_calls_a_changed_function_runs_the_quickest_first(trials: Trials, within: str, running: list[str]) -> None:
    general = (str(PATH), "general")
    trials.reached = {
        "slow": Reached(frozenset({FUNCTION}), 2.0),
        "quick": Reached(frozenset({FUNCTION, general}), 1.0),
        "other": Reached(frozenset({general}), 0.5),
        "elsewhere": Reached(frozenset({(str(CODE / "reproductions" / "x.py"), "location")}), 0.1),
    }
    change = replace(ONE.change, within=within)
    assert trials.running(Asked(PATH, change)) == running
    assert trials.running(Asked(PATH, replace(change, within=f"{within}.inner".lstrip(".")))) == running
    assert trials.running(Asked(PATH, change), whole=True) == ["other", "quick", "slow"]


def test_functions_in_memory_get_the_changed_code(trials: Trials) -> None:
    (function,) = trials.functions[FUNCTION]
    assert not trials.put(FUNCTION, ast.parse(SOURCE)), "nothing has changed"
    assert trials.put(FUNCTION, changed(SOURCE, ONE.change.number))
    assert function.__code__ != location.__code__
    assert function.__code__.co_consts != location.__code__.co_consts
    assert not trials.put(FUNCTION, changed(SOURCE, ONE.change.number)), "it has it already"


@pytest.mark.parametrize(
    ("call", "verdict"),
    [
        (lambda: (0, ""), SURVIVED),
        (lambda: (1, ""), BY_TESTS),
        (lambda: (2, ""), BY_CLAIMS),
        (lambda: (1 // 0, ""), BY_TESTS),
        (lambda: (os.kill(os.getpid(), signal.SIGXCPU), ""), BY_TIME),
        (lambda: (os.kill(os.getpid(), signal.SIGTERM), ""), BY_TESTS),
    ],
    ids=["nothing", "a test", "a claim", "an error", "its time", "a signal"],
)
def test_how_a_trial_ends_is_its_verdict(call: Callable[[], tuple[int, str]], verdict: str) -> None:
    ((place, code, _, _),) = forks([call], jobs=1, limits=[5.0])
    assert (place, verdict_of(code)) == (0, verdict)


def test_trials_run_side_by_side_and_answer() -> None:
    ended = forks([lambda: (0, "a"), lambda: (3, "b")], jobs=2, limits=[5.0, 5.0])
    assert {(place, code, said) for place, code, _, said in ended} == {(0, 0, "a"), (1, 3, "b")}
