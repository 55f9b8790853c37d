"""Claims of small libraries, in pure Python, measured in processes of their own."""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import py_compile
import signal
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from threepass.claims import Step, UnknownClaimError, judge, select, verify
from threepass.ledger import Row, code_fingerprint, ledger, source_tree
from threepass.ledger import row as known_of
from threepass.library import load
from threepass.models import Expect, Measurement, Results
from threepass.results import KEPT, State, as_text, read_result_file, remember, state_of, verdict
from threepass.running import measuring
from threepass.running.measuring import Outcome, UnmeasurableError, numbers_of

KEY = "smith2020claims"
BOUND = "{at_most: 1}"
GOOD = "def half():\n    return 0.5\n\ndef two():\n    return 2\n"


@dataclass
class Small:
    """A library with one note, whose claims measure functions of `reproductions.here`."""

    root: Path

    def code(self, source: str, *, module: str = "here") -> None:
        path = self.root / "code" / "reproductions" / f"{module}.py"
        path.write_text(textwrap.dedent(source), encoding="utf-8")

    def note(self, *claims: str) -> None:
        listed = "\n".join(f"  - {claim}" for claim in claims)
        head = "title: On claims\nauthors: [Ann Smith]\npublished: 2020-01-01\nurl: https://example.org/claims\n"
        (self.root / "papers" / f"{KEY}.md").write_text(f"---\n{head}claims:\n{listed}\n---\n", encoding="utf-8")

    @property
    def results(self) -> Path:
        return self.root / "papers" / "results" / f"{KEY}.json"

    def rows(self) -> dict[str, Row]:
        library = load(self.root)
        assert not library.problems
        return {row.claim.id: row for row in ledger(library, source_tree(library)).rows}

    def verify(self, *, everything: bool = False, **options) -> dict[str, Row]:
        library = load(self.root)
        tree = source_tree(library)
        rows = select(ledger(library, tree), everything=everything)
        return {row.claim.id: row for row in verify(library, tree, rows=rows, **options)}


def claim(name: str, *, check: str | None = None, control: str = "two", bound: str = BOUND, more: str = "") -> str:
    check, control = (part if ":" in part else f"reproductions.here:{part}" for part in (check or name, control))
    return f'{{id: {name}, says: "A number.", check: "{check}", control: "{control}", expect: {bound}{more}}}'


@pytest.fixture
def small(tmp_path: Path) -> Small:
    for folder in ("journal", "papers", "code/reproductions"):
        (tmp_path / folder).mkdir(parents=True)
    settings = "plugins:\n  - threepass:\n      claims: {packages: [reproductions], code: code}\n"
    (tmp_path / "mkdocs.yml").write_text(f"site_name: Small\n{settings}", encoding="utf-8")
    (tmp_path / "code" / "reproductions" / "__init__.py").write_text("", encoding="utf-8")
    return Small(tmp_path)


@pytest.mark.parametrize("fork", [True, False])
def test_a_claim_is_verified_failed_or_unproven(small: Small, fork: bool) -> None:
    small.code(GOOD)
    small.note(claim("half"), claim("too-large", check="two"), claim("empty", check="half", control="half"))
    assert {name: row.state for name, row in small.rows().items()} == dict.fromkeys(
        ("half", "too-large", "empty"), State.UNMEASURED
    )

    measured = small.verify(fork=fork)

    assert {name: row.state for name, row in measured.items()} == {
        "half": State.VERIFIED,
        "too-large": State.FAILED,
        "empty": State.UNPROVEN,
    }
    assert {name: row.state for name, row in small.rows().items()} == {n: row.state for n, row in measured.items()}
    half = small.rows()["half"].measured
    assert half
    assert (half.values, half.control, half.reason) == ({"value": 0.5}, {"value": 2}, "")
    assert half.environment["seed"] == "0"
    assert list(half.environment) == ["python", "seed"]


class NoDimensions:
    shape = ()

    def __init__(self, item: object) -> None:
        self.item = lambda: item

    def __repr__(self) -> str:
        return f"NoDimensions({self.item()!r})"


class Matrix:
    shape = (2, 3)

    def __repr__(self) -> str:
        return "Matrix()"


@pytest.mark.parametrize(
    ("returned", "values"),
    [
        (0.5, {"value": 0.5}),
        (3, {"value": 3.0}),
        ({"a": 0.25, "b b": 1}, {"a": 0.25, "b b": 1.0}),
        (Fraction(1, 4), {"value": 0.25}),
        (NoDimensions(0.125), {"value": 0.125}),
        ({"a": NoDimensions(1)}, {"a": 1.0}),
    ],
    ids=repr,
)
def test_what_a_check_may_return(returned: object, values: dict[str, float]) -> None:
    assert numbers_of(returned) == values


@pytest.mark.parametrize(
    ("returned", "reason"),
    [
        (math.nan, "returned nan, not a finite number"),
        ({"a": 1, "b": math.inf}, "returned inf as 'b', not a finite number"),
        (NoDimensions(math.nan), "returned nan, not a finite number"),
        (True, "returned True, not a number"),
        (NoDimensions(False), "returned False, not a number"),
        (None, "returned None, not a number"),
        ("0.5", "returned a str, not a number"),
        ({"a": "x"}, "returned a str as 'a', not a number"),
        ([0.5], "returned a list, not a number"),
        (1j, "returned a complex, not a number"),
        (Matrix(), "returned a Matrix of shape (2, 3), not a number"),
        ({"a": {"b": 1}}, "returned a dict as 'a', not a number"),
        ({}, "returned no number: the mapping is empty"),
        ({1: 0.5}, "a number's name is a text of one line, of at most 80 characters: 1"),
        ({"a\nb": 0.5}, "a number's name is a text of one line, of at most 80 characters: 'a\\nb'"),
        ({str(i): i for i in range(101)}, "returned 101 numbers; 100 are the most"),
        (10**400, "returned a number that is too large for a float"),
    ],
    ids=repr,
)
def test_what_a_check_may_not_return(returned: object, reason: str) -> None:
    with pytest.raises(UnmeasurableError) as caught:
        numbers_of(returned)
    assert str(caught.value) == reason


def test_what_gives_no_number_fails_with_a_reason(small: Small) -> None:
    small.code("""\
        def nan():
            return {"a": 0.5, "b": float("nan")}

        def raises():
            return deeper()

        def deeper():
            raise ValueError("first\\n  second")

        def leaves():
            exit("enough")

        def takes(x):
            return x

        def two():
            return 2
        """)
    small.note(claim("nan"), claim("raises"), claim("leaves"), claim("takes"))
    measured = small.verify()
    assert {row.state for row in measured.values()} == {State.FAILED}
    assert {name: row.measured.reason for name, row in measured.items() if row.measured} == {
        "nan": "returned nan as 'b', not a finite number",
        "raises": "ValueError: first second (reproductions/here.py:8)",
        "leaves": "SystemExit: enough (reproductions/here.py:11)",
        "takes": "TypeError: takes() missing 1 required positional argument: 'x'",
    }
    assert measured["nan"].measured
    assert measured["nan"].measured.values == {"a": 0.5, "b": None}
    assert {name: row.measured for name, row in small.rows().items()} == {n: r.measured for n, r in measured.items()}


def test_each_of_several_numbers_must_meet_the_bound(small: Small) -> None:
    small.code("def meets():\n    return {'a': 0, 'b': 1}\n\ndef misses():\n    return {'a': 0, 'b': 2}\n")
    small.note(claim("meets", control="misses"), claim("misses", control="misses"))
    assert [row.state for row in small.verify().values()] == [State.VERIFIED, State.FAILED]


@pytest.mark.parametrize(
    ("control", "reason"),
    [
        ("1 / 0", "the control: ZeroDivisionError: division by zero (reproductions/here.py:5)"),
        ("float('nan')", "the control: returned nan, not a finite number"),
    ],
)
def test_a_control_that_gives_no_number_shows_nothing(small: Small, control: str, reason: str) -> None:
    small.code(f"def half():\n    return 0.5\n\ndef control():\n    return {control}\n")
    small.note(claim("half", control="control"))
    row = small.verify()["half"]
    assert row.measured
    assert (row.state, row.measured.reason) == (State.FAILED, reason)
    assert row.measured.values == {"value": 0.5}


def test_a_claim_without_control(small: Small) -> None:
    small.code(GOOD)
    small.note(claim("half", control="none:").replace('"none:"', "none, why_no_control: because"))
    row = small.verify()["half"]
    assert row.measured
    assert (row.state, row.measured.control) == (State.VERIFIED, {})


BREAKS = [
    ("os._exit(3)", "its process ended with exit code 3"),
    ("os._exit(0)", "its process ended with exit code 0"),
    ("os.kill(os.getpid(), signal.SIGSEGV)", "its process was ended by SIGSEGV"),
    ("os.killpg(0, signal.SIGKILL)", "its process was ended by SIGKILL"),
    ("time.sleep(60)", "did not end within 1 s"),
    ("[print('again') for _ in iter(int, 1)]", "did not end within 1 s"),
    ("[sys.stdout.write('x' * 100_000) for _ in iter(int, 1)]", "did not end within 1 s"),
    ("linger()", "its process ended with exit code 3"),
]


@pytest.mark.parametrize("fork", [True, False])
@pytest.mark.parametrize(("does", "reason"), BREAKS, ids=[case[0] for case in BREAKS])
def test_what_breaks_one_claim_harms_no_other(small: Small, does: str, reason: str, fork: bool) -> None:
    small.code(f"""\
        import os, signal, sys, time

        def half():
            return 0.5

        def two():
            return 2

        def linger():
            if os.fork() == 0:
                time.sleep(600)
            os._exit(3)

        def breaks():
            {does}
        """)
    more = ", timeout: 1" if reason == "did not end within 1 s" else ""  # of which starting a process takes its part
    small.note(claim("before", check="half"), claim("breaks", more=more), claim("after", check="half"))
    measured = small.verify(fork=fork)
    assert measured["breaks"].measured
    assert measured["breaks"].measured.reason == reason
    assert {name: row.state for name, row in measured.items()} == {
        "before": State.VERIFIED,
        "breaks": State.FAILED,
        "after": State.VERIFIED,
    }


def test_a_module_that_cannot_be_imported(small: Small) -> None:
    small.code(GOOD)
    small.code("import a_package_that_is_not_there\n\ndef half():\n    return 0.5\n", module="there")
    small.code("import os\nos._exit(4)\n\ndef half():\n    return 0.5\n", module="ends")
    small.note(
        claim("there", check="reproductions.there:half"), claim("ends", check="reproductions.ends:half"), claim("half")
    )
    measured = small.verify()
    reasons = {name: row.measured.reason for name, row in measured.items() if row.measured}
    assert reasons == {
        "there": "ModuleNotFoundError: No module named 'a_package_that_is_not_there' "
        "(install it where `threepass verify` runs)",
        "ends": "its process ended with exit code 4",
        "half": "",
    }


def test_code_outside_the_packages_is_not_even_imported(small: Small) -> None:
    trace = small.root / "imported"
    outside = small.root / "code" / "elsewhere.py"
    outside.write_text(f"open({str(trace)!r}, 'w').close()\ndef half():\n    return 0.5\n", encoding="utf-8")
    small.code(f"import os\n\n{GOOD}")
    small.note(
        claim("outside", check="elsewhere:half"),
        claim("control", check="half", control="elsewhere:half"),
        claim("borrowed", check="reproductions.here:os.getpid"),
        claim("missing", check="reproductions.here:nothing"),
    )
    reasons = {name: row.measured.reason for name, row in small.verify().items() if row.measured}
    assert reasons == {
        "outside": "'elsewhere:half' is in no package of the claims",
        "control": "'elsewhere:half' is in no package of the claims",
        "borrowed": "'reproductions.here:os.getpid' is no function of the claims' packages",
        "missing": "AttributeError: module 'reproductions.here' has no attribute 'nothing'",
    }
    assert not trace.exists()


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_a_claim_leaves_behind_dies_with_it(small: Small, jobs: int) -> None:
    small.code("""\
        import math

        def spoils():
            math.pi = 0
            return 0

        def turn():
            return math.pi

        def two():
            return 2
        """)
    small.note(claim("spoils"), *(claim(f"turn-{n}", check="turn", bound="{between: [3, 4]}") for n in range(4)))
    assert {row.state for row in small.verify(jobs=jobs).values()} == {State.VERIFIED}


@pytest.mark.parametrize(("fork", "times"), [(True, 1), (False, 3)])
def test_a_module_is_imported_once_a_process(small: Small, fork: bool, times: int) -> None:
    log = small.root / "imports"
    small.code(f"open({str(log)!r}, 'a').write('imported')\n{GOOD}")
    small.note(claim("half"), claim("empty", check="half"), claim("third", check="half"))
    small.verify(fork=fork)
    assert log.read_text(encoding="utf-8") == "imported" * times


def test_a_claim_sees_nothing_of_the_modules_of_others(small: Small) -> None:
    small.code("import math\nmath.pi = 0\ndef half():\n    return 0.5\n", module="spoils")
    small.code("import math\n\ndef turn():\n    return math.pi\n\ndef two():\n    return 2\n")
    small.note(
        claim("half", check="reproductions.spoils:half", control="none:").replace('"none:"', "none, why_no_control: x"),
        claim("turn", bound="{between: [3, 4]}"),
    )
    assert {row.state for row in small.verify().values()} == {State.VERIFIED}


def test_what_a_claim_prints_is_handed_over_and_kept_out_of_the_answers(
    small: Small, capfd: pytest.CaptureFixture[str]
) -> None:
    small.code("""\
        import os, sys

        def half():
            print("step 1")
            print("a warning", file=sys.stderr)
            os.write(1, b"raw, and no end of line")
            os.close(1)
            return 0.5

        def asks():
            return len(input())

        def two():
            return 2
        """)
    small.note(claim("half"), claim("asks"))
    steps: list[Step] = []
    small.verify(progress=steps.append)
    printed = {step.row.claim.id: step.printed for step in steps if step.done}
    assert printed == {"half": "step 1\na warning\nraw, and no end of line", "asks": ""}
    assert [step.row.state for step in steps if step.done] == [State.VERIFIED, State.FAILED]
    assert steps[-1].row.measured
    assert steps[-1].row.measured.reason == "EOFError: EOF when reading a line (reproductions/here.py:11)"
    assert capfd.readouterr() == ("", "")


def test_an_edit_makes_a_claim_stale_and_is_measured(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    small.code(GOOD)
    small.note(claim("half"))
    small.verify()
    module = small.root / "code" / "reproductions" / "here.py"
    py_compile.compile(str(module))
    before = module.stat().st_mtime
    small.code(GOOD.replace("0.5", "5.0"))  # as long as before, and in the same second: cached bytecode would do
    os.utime(module, (before, before))
    assert small.rows()["half"].state is State.STALE
    row = small.verify()["half"]
    assert row.measured
    assert (row.state, row.measured.values) == (State.FAILED, {"value": 5.0})


def test_another_bound_makes_a_claim_stale(small: Small) -> None:
    small.code(GOOD)
    small.note(claim("half"))
    small.verify()
    small.note(claim("half", bound="{at_most: 0.1}"))
    assert small.rows()["half"].state is State.STALE
    assert small.verify()["half"].state is State.FAILED


def test_an_edit_while_claims_run_leaves_them_stale(small: Small) -> None:
    small.code(GOOD)
    small.note(claim("half"))

    def edit(step: Step) -> None:
        if not step.done:
            small.code(GOOD.replace("0.5", "0.25"))

    row = small.verify(progress=edit)["half"]
    assert row.measured
    assert row.measured.values == {"value": 0.25}
    assert small.rows()["half"].state is State.STALE


def test_the_same_code_gives_the_same_file(small: Small) -> None:
    small.code("""\
        import random

        def draw():
            return random.random()

        def order():
            return {name: hash(name) % 1000 for name in {"a", "b", "c", "d"}}

        def third():
            return 1 / 3

        def two():
            return 2000
        """)
    small.note(claim("draw"), claim("order", bound="{at_most: 1000}"), claim("third"))
    small.verify(jobs=1, today=dt.date(2021, 8, 27))
    first = small.results.read_bytes()
    assert json.loads(first)["claims"]["third"]["values"] == {"value": 1 / 3}
    assert all(row.state is State.VERIFIED for row in small.verify(everything=True, jobs=2).values())
    assert small.results.read_bytes() == first

    small.results.unlink()
    small.verify(jobs=2, today=dt.date(2021, 8, 27))
    data = json.loads(first)
    again = json.loads(small.results.read_bytes())
    for measurement in (*data["claims"].values(), *again["claims"].values()):
        del measurement["seconds"]
    assert json.dumps(data) == json.dumps(again)


def test_what_a_claim_measured_before_is_kept(small: Small) -> None:
    small.note(claim("number"), claim("half"))
    for day in range(1, KEPT + 3):
        small.code(f"{GOOD}\ndef number():\n    return 1 / {day}\n")
        small.verify(everything=True, today=dt.date(2021, 8, day))
        if day == 1:
            assert "history" not in json.loads(small.results.read_text(encoding="utf-8"))
    row, same = small.rows().values()
    assert [past.measured.day for past in row.history] == [*range(KEPT + 2, 2, -1)]
    assert [past.values["value"] for past in row.history] == [1 / day for day in range(KEPT + 2, 2, -1)]
    assert len(row.history) == KEPT == 20
    assert same.measured
    assert (same.former, same.measured.measured.day) == ((), 1), "the same code says nothing new"

    before = small.results.read_bytes()
    assert small.verify(everything=True)["number"].history == row.history
    assert small.results.read_bytes() == before

    small.note(claim("half"))
    small.verify()
    assert "history" not in json.loads(small.results.read_text(encoding="utf-8"))


def test_another_bound_and_another_environment_are_news_and_another_day_is_not(small: Small) -> None:
    small.code(GOOD)
    small.note(claim("half"))
    first = small.verify(today=dt.date(2021, 8, 27))["half"].measured
    assert first
    known = Results(paper=KEY, claims={"half": first})

    def after(**changes: object) -> list[Measurement]:
        now = remember(known, {"half": first.model_copy(update=changes)})
        return [now.claims["half"], *now.history.get("half", ())]

    assert after(measured=dt.date(2021, 8, 28), seconds=9.0) == [first]
    for changes in (
        {"environment": first.environment | {"python": "3.99.0"}},
        {"expect": Expect.model_validate({"at_most": 2})},
        {"fingerprint": "0"},
        {"values": {"value": 0.25}},
    ):
        assert after(**changes) == [first.model_copy(update=changes), first]


def test_the_past_is_written_a_line_a_measurement_and_read_again(small: Small) -> None:
    small.note(claim("half"))
    for code in ("float('nan')", "0.5", "0.25"):
        small.code(f"def half():\n    return {code}\n\ndef two():\n    return 2\n")
        small.verify()
    text = small.results.read_text(encoding="utf-8")
    lines = [line.strip(" ,") for line in text.splitlines() if line.startswith('      {"values"')]
    assert [json.loads(line)["values"]["value"] for line in lines] == [0.5, None]
    results, problems = read_result_file(small.results, root=small.root)
    assert problems == []
    assert results
    assert as_text(results) == text
    assert [past.values["value"] for past in results.history["half"]] == [0.5, None]
    assert [verdict(past) for past in small.rows()["half"].history] == [State.VERIFIED, State.VERIFIED, State.FAILED]


def test_claims_that_a_note_no_longer_makes_are_forgotten(small: Small) -> None:
    small.code(GOOD)
    small.note(claim("second", check="half"), claim("dropped", check="half"), claim("first", check="half"))
    small.verify()
    small.note(claim("first", check="half"), claim("second", check="half"))
    assert small.verify() == {}
    assert list(json.loads(small.results.read_text(encoding="utf-8"))["claims"]) == ["first", "second"]


def test_results_keep_the_order_of_the_note(small: Small) -> None:
    small.code(GOOD)
    for names in (["first", "second"], ["second", "first"]):
        small.note(*(claim(name, check="half") for name in names))
        small.verify()
        assert list(json.loads(small.results.read_text(encoding="utf-8"))["claims"]) == names


def test_jobs_run_side_by_side(small: Small) -> None:
    meeting = small.root / "meeting"
    meeting.mkdir()
    small.code(f"""\
        import time
        from pathlib import Path

        def meet(own, other):
            Path({str(meeting)!r}, own).touch()
            while not Path({str(meeting)!r}, other).exists():
                time.sleep(0.01)
            return 0

        def one():
            return meet("one", "other")

        def other():
            return meet("other", "one")

        def two():
            return 2
        """)
    small.note(claim("one", more=", timeout: 120"), claim("other", more=", timeout: 120"))
    assert {row.state for row in small.verify(jobs=2).values()} == {State.VERIFIED}


def ended(pid: int) -> bool:
    """Whether a process is gone within a minute, or waits only for whoever inherited it to take note."""
    for _ in range(6000):
        try:
            os.kill(pid, 0)
            with suppress(FileNotFoundError):  # gone meanwhile, or there is no /proc
                if Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] == "Z":
                    return True
        except ProcessLookupError:
            return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interruption_keeps_what_is_finished(small: Small, jobs: int) -> None:
    running = small.root / "running"
    running.mkdir()
    small.code(f"""\
        import os, time
        from pathlib import Path

        def half():
            return 0.5

        def hangs():
            Path({str(running)!r}, str(os.getpid())).touch()
            time.sleep(60)

        def two():
            return 2
        """)
    small.note(claim("half"), claim("hangs"), claim("waits", check="hangs"), claim("never", check="half"))
    finished = threading.Event()
    begun: list[str] = []

    def interrupt() -> None:
        while not (any(running.iterdir()) and finished.is_set()):
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    def watch(step: Step) -> None:
        if step.done:
            finished.set()
        else:
            begun.append(step.row.claim.id)

    threading.Thread(target=interrupt, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        small.verify(jobs=jobs, progress=watch)
    states = {name: row.state for name, row in small.rows().items()}
    assert states == {"half": State.VERIFIED, **dict.fromkeys(("hangs", "waits", "never"), State.UNMEASURED)}
    assert "never" not in begun
    assert all(ended(int(path.name)) for path in running.iterdir())


def test_what_is_selected(small: Small) -> None:
    small.code(GOOD)
    small.note(claim("half"), claim("large", check="two"), claim("new", check="half"))
    library = load(small.root)
    tree = source_tree(library)
    verify(library, tree, rows=ledger(library, tree).rows[:2])
    library = load(small.root)
    known = ledger(library, tree)

    def names(**options) -> list[str]:
        return [row.claim.id for row in select(known, **options)]

    assert names() == ["large", "new"]
    assert names(everything=True) == ["half", "large", "new"]
    assert names(keys=[KEY]) == ["large", "new"]
    assert names(stale=True) == []
    small.code(GOOD.replace("0.5", "0.25"))
    changed = ledger(library, source_tree(library))
    assert [row.claim.id for row in select(changed, stale=True)] == ["half"]
    assert [row.claim.id for row in select(changed)] == ["half", "large", "new"]
    assert names(keys=[f"{KEY}/new", f"{KEY}/half"]) == ["new"]
    assert names(keys=[f"{KEY}/half"], everything=True) == ["half"]
    with pytest.raises(UnknownClaimError, match="smith2020claim'") as caught:
        select(known, keys=["smith2020claim"])
    assert caught.value.hint == f"did you mean '{KEY}'?"


def test_torch_is_seeded_and_runs_on_one_thread(small: Small) -> None:
    small.code("""\
        import random
        import numpy as np
        import torch

        def draws():
            return {"python": random.random(), "numpy": np.random.rand(), "torch": torch.rand(())}

        def threads():
            return {"torch": torch.get_num_threads(), "mode": torch.get_deterministic_debug_mode()}

        def two():
            return torch.tensor(2)
        """)
    small.note(claim("draws"), claim("threads"))
    measured = small.verify()
    import random

    import numpy as np
    import torch

    expected = {
        "python": random.Random(0).random(),
        "numpy": np.random.RandomState(0).rand(),
        "torch": torch.rand((), generator=torch.Generator().manual_seed(0)).item(),
    }
    draws, threads = measured["draws"].measured, measured["threads"].measured
    assert draws
    assert draws.values == expected
    assert list(draws.environment) == ["python", "seed", "torch", "numpy"]
    assert threads
    assert threads.values == {"torch": 1, "mode": 1}


@pytest.mark.parametrize(
    ("installed", "state"),
    [
        ({}, State.VERIFIED),
        ({"torch": "2.13"}, State.VERIFIED),
        ({"torch": "2.14"}, State.STALE),
        ({"torch": "2.13", "numpy": "9.9"}, State.VERIFIED),
    ],
    ids=["no torch here", "the same torch", "a newer torch", "what it does not use"],
)
def test_a_claim_goes_stale_with_the_packages_it_used(small: Small, installed: dict[str, str], state: State) -> None:
    small.code(GOOD)
    small.note(claim("half"))
    library = load(small.root)
    tree = source_tree(library)
    note = library.notes[KEY]
    (half,) = note.paper.claims
    outcome: Outcome = {
        "values": {"value": 0.5},
        "control": {"value": 2.0},
        "reason": "",
        "seconds": 0.1,
        "environment": {"python": "3.11.7", "torch": "2.13.0+cpu"},
    }
    fingerprint = code_fingerprint(half, tree, outcome["environment"])
    measured = judge(half, outcome, fingerprint=fingerprint, today=dt.date(2021, 8, 27))
    assert state_of(half, measured, fingerprint) is State.VERIFIED
    assert known_of(note, half, measured, tree, installed=installed).state is state


def test_another_writer_s_result_is_kept(small: Small) -> None:
    small.code(GOOD)
    small.note(claim("half"), claim("other", check="half"))
    library = load(small.root)
    tree = source_tree(library)
    one, other = ledger(library, tree).rows
    verify(library, tree, rows=[one])
    verify(library, tree, rows=[other])  # its library was loaded before the first result was written
    assert {row.state for row in small.rows().values()} == {State.VERIFIED}


def test_the_engine_imports_nothing_that_a_claim_needs() -> None:
    heavy = "{'torch', 'numpy', 'mkdocs', 'requests', 'reproductions'} & set(sys.modules)"
    probe = subprocess.run(
        [sys.executable, "-c", f"import sys, threepass.claims; print({heavy})"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(measuring.__file__).parents[2])},
    )
    assert probe.stdout.strip() == "set()"


def test_torch_gets_its_threads_back(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    package = small.root / "code" / "threads_of_torch.py"
    package.write_text("import torch\n\ndef now():\n    return torch.get_num_threads()\n", encoding="utf-8")
    monkeypatch.syspath_prepend(package.parent)
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        name = "threads_of_torch:now"
        outcome = measuring.measure(name, name, code=package.parent, packages=["threads_of_torch"])
        after = torch.get_num_threads()
    finally:
        torch.set_num_threads(before)
    assert outcome["reason"] == ""
    assert (outcome["values"], outcome["control"], after) == ({"value": 1}, {"value": 1}, 2)
