"""A change of one module in; whether the tests of its package, or its claims, notice it, out.

Each trial is a fork of this process, which has imported what the code builds on (torch, captum, pytest) and nothing
of the code itself: a trial imports that anew, one module of it changed, and no file is touched. Claims are measured
without regard to their fingerprints: that any change at all makes them stale is not what is asked here.
"""

from __future__ import annotations

import ast
import gc
import importlib
import importlib.util
import math
import os
import resource
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from mutants.changes import changed

from threepass.claims import judge
from threepass.measuring import measure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import CodeType

    from threepass.library import Library
    from threepass.models import Claim

ROOT = Path(__file__).resolve().parents[2]
CODE = ROOT / "code"
PACKAGES = ("reproductions",)
SURVIVED, BY_TESTS, BY_CLAIMS, BY_TIME = "survived", "tests", "claims", "time"
PATIENCE = 30
"""Seconds on the clock that a trial gets for each second of the processor."""
VERDICTS = {0: SURVIVED, 1: BY_TESTS, 2: BY_CLAIMS}


@dataclass(frozen=True)
class Trial:
    """What is run for a change of a module: files of tests, likely ones first, then claims."""

    module: str
    tests: tuple[Path, ...]
    claims: tuple[Claim, ...]

    @property
    def path(self) -> Path:
        return CODE / f"{self.module.replace('.', '/')}.py"


def trial_for(path: Path, library: Library, *, slowest: float) -> Trial:
    """Return the trial of a module: its own test, those of its package, and the claims that its package measures.

    Claims that took more than `slowest` seconds when they were last measured, and those never measured, are left out.
    """
    module = ".".join(path.relative_to(CODE).with_suffix("").parts)
    package = module.rpartition(".")[0]
    folder = ROOT / "tests" / path.relative_to(CODE).parent
    tests = sorted(folder.glob("test_*.py"), key=lambda test: (test.stem != f"test_{path.stem}", test.name))
    claims = [
        claim
        for key, note in sorted(library.notes.items())
        if (results := library.results.get(key))
        for claim in note.paper.claims
        if claim.check.startswith(f"{package}.")
        and claim.id in results.claims
        and results.claims[claim.id].seconds <= slowest
    ]
    return Trial(module, tuple(tests), tuple(claims))


def import_what_it_builds_on() -> None:
    """Import the packages of others that the code and its tests import."""
    names = set()
    for path in (*CODE.glob("reproductions/**/*.py"), *ROOT.glob("tests/reproductions/**/*.py"), ROOT / "conftest.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module)
    for name in sorted(names):
        if name.partition(".")[0] not in {*PACKAGES, "snippets"}:
            with suppress(ImportError):
                importlib.import_module(name)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # the tests of the code need none of the plugins
    with suppress(ImportError):
        import hypothesis
        import torch

        torch.set_num_threads(1)
        hypothesis.settings.register_profile("mutants", database=None, derandomize=True)
        hypothesis.settings.load_profile("mutants")
    gc.freeze()  # else each trial looks through all of them for garbage


def verdicts(
    asked: Sequence[tuple[Trial, int | None]], *, jobs: int, limits: Mapping[str, float]
) -> Iterator[tuple[int, str, float]]:
    """Yield for each trial and number of a change: its place in `asked`, the verdict, and the seconds that it took.

    A number of None changes nothing. `limits` holds the seconds that a trial of each module may take; these and those
    yielded are seconds of the processor, so that a busy machine gives the same verdicts.
    """
    waiting = list(enumerate(asked))[::-1]
    running: dict[int, tuple[int, float]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                place, (trial, number) = waiting.pop()
                limit = limits[trial.module]
                running[_fork(trial, number, limit)] = place, time.monotonic() + PATIENCE * limit
            time.sleep(0.02)
            for pid, (place, ends) in list(running.items()):
                if time.monotonic() > ends:
                    _end(pid)  # it waits for what will not come; the next round finds it ended
                ended, status, usage = os.wait4(pid, os.WNOHANG)
                if ended:
                    _end(pid)
                    del running[pid]
                    code = os.waitstatus_to_exitcode(status)
                    verdict = BY_TIME if -code in (signal.SIGXCPU, signal.SIGKILL) else VERDICTS.get(code, BY_TESTS)
                    yield place, verdict, usage.ru_utime + usage.ru_stime
    finally:
        for pid in running:
            _end(pid)


def _end(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _fork(trial: Trial, number: int | None, limit: float) -> int:
    pid = os.fork()
    if pid:
        with suppress(PermissionError, ProcessLookupError):  # so that the group is there before anybody ends it
            os.setpgid(pid, pid)
        return pid
    status = 1
    try:
        os.setpgid(0, 0)
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(limit), math.ceil(limit) + 1))
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        status = _try(trial, number)
    finally:
        os._exit(status)


def _try(trial: Trial, number: int | None) -> int:
    """Return 0 where nothing notices the change, 1 where a test does, 2 where a claim does."""
    os.chdir(ROOT)
    if number is not None:
        sys.meta_path.insert(0, _Changed(trial.module, trial.path, changed(trial.path.read_text("utf-8"), number)))
    options = ["-x", "-q", "--tb=no", "-p", "no:cacheprovider", "-W", "ignore:Module already imported"]
    if trial.tests and pytest.main([*options, *map(str, trial.tests)]) != 0:
        return 1
    return 0 if all(_holds(claim) for claim in trial.claims) else 2


def _holds(claim: Claim) -> bool:
    import datetime as dt

    control = None if claim.control == "none" else claim.control
    outcome = measure(claim.check, control, code=CODE, packages=PACKAGES)
    now = judge(claim, outcome, fingerprint="", today=dt.date.min)
    return not now.reason and now.met and not now.control_met


class _Changed(SourceFileLoader):
    """Finds one module, and gives it a syntax tree that is not its file's."""

    def __init__(self, module: str, path: Path, tree: ast.Module) -> None:
        super().__init__(module, str(path))
        self.code = compile(tree, str(path), "exec", dont_inherit=True)

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002
        return importlib.util.spec_from_file_location(name, self.path, loader=self) if name == self.name else None

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002
        return self.code
