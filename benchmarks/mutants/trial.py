"""Changes of the code in; whether the tests of `make test`, or the claims measured there, notice them, out.

One process imports everything and collects the tests once. It records which functions each test and each claim calls;
then it forks for each change. In the fork, the functions that stand in memory get the changed code, and only the tests
and claims that call the changed function run, the quickest first, up to the first that fails. Where the change is not
in the code of a function (a constant of the module, a default, a field of a class), the fork imports the code anew,
with one module changed. No file is touched. Claims are measured without regard to their fingerprints: that any change
at all makes them stale is not what is asked here.
"""

from __future__ import annotations

import ast
import datetime as dt
import functools
import gc
import hashlib
import importlib
import importlib.util
import json
import math
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
import warnings
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from importlib.machinery import ModuleSpec, SourceFileLoader
from types import CodeType, FunctionType
from typing import IO, TYPE_CHECKING, NamedTuple

import pytest
from mutants.changes import Change, changed
from mutants.reach import CODE, PACKAGES, ROOT, Function, calls, outermost

from threepass.claims import judge
from threepass.fingerprint import fingerprint
from threepass.ledger import source_tree
from threepass.running.measuring import measure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from threepass.library import Library
    from threepass.models import Claim

TESTS = ROOT / "tests"
SURVIVED, BY_TESTS, BY_CLAIMS, BY_TIME = "survived", "tests", "claims", "time"
VERDICTS = {0: SURVIVED, 1: BY_TESTS, 2: BY_CLAIMS}
PATIENCE = 30
"""Seconds on the clock that a trial gets for each second of the processor."""
LONGEST = 600.0
"""Seconds of the processor that recording the tests, or a claim, may take."""
MEMORY = 8 << 30
"""Bytes of address space that a trial may take: a changed size is not to take all of the machine's."""
OPTIONS = ["-q", "-s", "--tb=no", "-p", "no:cacheprovider", "-W", "ignore:Module already imported"]


class Reached(NamedTuple):
    """What a test or a claim called, and the seconds of the processor that it took."""

    functions: frozenset[Function]
    seconds: float


class Asked(NamedTuple):
    path: Path
    change: Change


def folders_of(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return where the tests of modules are: all tests where the modules are of several packages."""
    packages = {path.relative_to(CODE).parent for path in paths}
    if len(packages) > 1:
        return tuple(TESTS / package for package in PACKAGES)
    return (*(TESTS / package for package in packages), *(TESTS / "reproductions").glob("test_*.py"))


def claims_of(library: Library, paths: Sequence[Path], *, slowest: float) -> tuple[Claim, ...]:
    """Return the claims that reach one of some modules, and took at most `slowest` seconds when last measured."""
    modules, tree = {module_of(path) for path in paths}, source_tree(library)

    def reaches(claim: Claim) -> bool:
        references = [claim.check, *([] if claim.control == "none" else [claim.control])]
        return any(name.partition(":")[0] in modules for one in references for name in fingerprint(one, tree).reached)

    return tuple(
        claim
        for key, note in sorted(library.notes.items())
        if (results := library.results.get(key))
        for claim in note.paper.claims
        if claim.id in results.claims and results.claims[claim.id].seconds <= slowest and reaches(claim)
    )


def import_what_it_builds_on() -> None:
    """Import the packages of others that the code and its tests import."""
    names = set()
    for path in (*CODE.glob("reproductions/**/*.py"), *TESTS.glob("reproductions/**/*.py"), ROOT / "conftest.py"):
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


def try_all(
    asked: Sequence[Asked],
    *,
    claims: Sequence[Claim],
    jobs: int,
    verdict: Callable[[int, str, float], None],
    say: Callable[[str], None],
    kept: Path | None,
) -> None:
    """Try changes; call `verdict` with the place of each in `asked`, what it came to, and the seconds that it took.

    Seconds are those of the processor, so that a busy machine gives the same verdicts.
    """
    import_what_it_builds_on()
    os.chdir(ROOT)
    trials = Trials(asked, claims, jobs, verdict, say, kept)
    folders = folders_of([one.path for one in asked])
    status = pytest.main([*OPTIONS, *map(str, folders)], plugins=[trials])
    if status != 0:
        raise SystemExit(f"the tests cannot be collected: pytest gives {status}")


@dataclass
class Trials:
    """A plugin of pytest that, instead of running the tests once, runs some of them for each change."""

    asked: Sequence[Asked]
    claims: Sequence[Claim]
    jobs: int
    verdict: Callable[[int, str, float], None]
    say: Callable[[str], None]
    kept: Path | None = None
    """A folder where what was recorded is kept, for the next run."""
    tests: dict[str, pytest.Item] = field(default_factory=dict)
    reached: dict[str, Reached] = field(default_factory=dict)
    functions: dict[Function, list[FunctionType]] = field(default_factory=dict)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            pytest.exit("the tests cannot be collected", 1)
        for path in sorted({one.path for one in self.asked}):
            importlib.import_module(module_of(path))
        self.tests = {item.nodeid: item for item in session.items}
        for function in [one for one in gc.get_objects() if type(one) is FunctionType]:  # isinstance wakes lazy ones
            name = function.__code__.co_filename, outermost(function.__qualname__)
            self.functions.setdefault(name, []).append(function)
        gc.collect()
        gc.freeze()  # else each trial looks through everything that is imported for garbage
        self._record(session)
        waiting = [partial(self._try, one) for one in self.asked]
        limits = [
            4 + 4 * sum(self.reached[name].seconds for name in self.running(one, whole=True)) for one in self.asked
        ]
        for place, code, seconds, _ in forks(waiting, jobs=self.jobs, limits=limits):
            self.verdict(place, verdict_of(code), seconds)
        return True

    def _record(self, session: pytest.Session) -> None:
        """Run everything once without a change, which must pass; note what each test and each claim calls."""
        kept = self.kept and self.kept / f"reached-{self._digest()}.json"
        if kept and kept.exists():
            self._take(json.loads(kept.read_text("utf-8")))
            return
        waiting = [partial(self._record_tests, session), *(partial(_record_claim, claim) for claim in self.claims)]
        found, took = [], 0.0
        for place, code, seconds, said in forks(waiting, jobs=self.jobs, limits=[LONGEST] * len(waiting)):
            if code:
                what = self.claims[place - 1].check if place else "the tests"
                pytest.exit(f"{what}: fails with nothing changed: {said}", 1)
            found += json.loads(said)
            took += seconds
        self._take(found)
        if kept:
            kept.write_text(json.dumps(found), "utf-8")
        self.say(f"{len(self.tests)} tests and {len(self.claims)} claims pass in {took:.0f} s with nothing changed")

    def _take(self, found: list[tuple[str, list[list[str]], float]]) -> None:
        for name, functions, seconds in found:
            self.reached[name] = Reached(frozenset((file, function) for file, function in functions), seconds)

    def _digest(self) -> str:
        """Return a digest of what is recorded, and of the code and the tests that it follows from."""
        digest = hashlib.sha256("\n".join([str(ROOT), *self.tests, *(claim.check for claim in self.claims)]).encode())
        for path in sorted(path for folder in (CODE, TESTS) for path in folder.glob("reproductions/**/*.py")):
            digest.update(path.read_bytes())
        return digest.hexdigest()[:12]

    def _record_tests(self, session: pytest.Session) -> tuple[int, str]:
        """Run all tests; caches that functions keep are emptied before each, so that each calls what it needs."""
        recorder = Recorder()
        session.config.pluginmanager.register(recorder)
        for item, after in zip(session.items, [*session.items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            if session.testsfailed:
                return 1, item.nodeid
        return 0, json.dumps([[name, *one] for name, one in recorder.reached().items()])

    def running(self, one: Asked, *, whole: bool = False) -> list[str]:
        """Return the tests and claims that call a changed function, the quickest first; with `whole`, of its module.

        Those of a module are all that call any function of it, and the tests that stand beside its own.
        """
        function, folder = None if whole else self._function(one), folders_of([one.path])[0]

        def calls_it(name: str, functions: frozenset[Function]) -> bool:
            if function:
                return function in functions
            near = name in self.tests and self.tests[name].path.parent == folder
            return near or any(file == str(one.path) for file, _ in functions)

        found = [name for name, reached in self.reached.items() if calls_it(name, reached.functions)]
        return sorted(found, key=lambda name: (name not in self.tests, self.reached[name].seconds))

    def _function(self, one: Asked) -> Function | None:
        """Return the outermost function that a change is in, if any."""
        parts = one.change.within.split(".")
        names = [(str(one.path), ".".join(parts[: end + 1])) for end in range(len(parts))]
        return next((name for name in names if name in self.functions), None)

    def _try(self, one: Asked) -> tuple[int, str]:
        """Return 0 where nothing notices the change, 1 where a test does, 2 where a claim does."""
        tree = changed(one.path.read_text("utf-8"), one.change.number)
        function = self._function(one)
        put = function is not None and self.put(function, tree)
        names = self.running(one, whole=not put)
        tests = [name for name in names if name in self.tests]
        failed = self._any_fails([self.tests[name] for name in tests]) if put else _fresh(one.path, tree, tests)
        if failed:
            return 1, ""
        for claim in [one for one in self.claims if one.check in names]:
            _limit(4 + 4 * self.reached[claim.check].seconds)
            if _wrong(claim):
                return 2, ""
        return 0, ""

    def put(self, name: Function, tree: ast.Module) -> bool:
        """Give the functions in memory their changed code; return false where the change is not in their code."""
        new = dict(_codes(compile(tree, name[0], "exec", dont_inherit=True)))
        put = False
        for function in self.functions[name]:
            code = new.get(function.__qualname__)
            if code is not None and code != function.__code__:
                if len(code.co_freevars) != len(function.__code__.co_freevars):
                    return False
                function.__code__ = code
                put = True
        return put

    def _any_fails(self, items: list[pytest.Item]) -> bool:
        for item, after in zip(items, [*items[1:], None], strict=True):
            _limit(2 + 4 * self.reached[item.nodeid].seconds)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            if item.session.testsfailed:
                return True
        return False


class Recorder:
    """A plugin of pytest that notes what each test calls, by itself or by the fixtures that it uses."""

    def __init__(self) -> None:
        self._tests: dict[str, Reached] = {}
        self._fixtures: dict[str, list[pytest.FixtureDef[object]]] = {}
        self._of_fixture: dict[int, set[Function]] = {}
        self._caches = [one for one in gc.get_objects() if type(one) is functools._lru_cache_wrapper]

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Iterator[None]:
        with calls() as called:
            result = yield
        self._of_fixture.setdefault(id(fixturedef), set()).update(called)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        for cache in self._caches:
            if str(getattr(cache, "__module__", "")).partition(".")[0] in PACKAGES:
                cache.cache_clear()
        began = time.process_time()
        with calls() as called:
            result = yield
        seconds = time.process_time() - began
        for definitions in item._fixtureinfo.name2fixturedefs.values():  # type: ignore[attr-defined]
            for definition in definitions:
                called |= self._of_fixture.get(id(definition), set())
        self._tests[item.nodeid] = Reached(frozenset(called), seconds)
        return result

    def reached(self) -> dict[str, tuple[list[Function], float]]:
        return {name: (sorted(one.functions), one.seconds) for name, one in self._tests.items()}


def _record_claim(claim: Claim) -> tuple[int, str]:
    began = time.process_time()
    with calls() as called:
        wrong = _wrong(claim)
    if wrong:
        return 1, wrong
    return 0, json.dumps([[claim.check, sorted(called), time.process_time() - began]])


def _wrong(claim: Claim) -> str:
    """Measure a claim, and return what is wrong with it; nothing where it holds and its control does not."""
    control = None if claim.control == "none" else claim.control
    outcome = measure(claim.check, control, code=CODE, packages=PACKAGES)
    now = judge(claim, outcome, fingerprint="", today=dt.date.min)
    if now.reason:
        return now.reason
    if not now.met:
        return f"gives {now.values}"
    return f"its control gives {now.control}" if now.control_met else ""


def _codes(code: CodeType) -> Iterator[tuple[str, CodeType]]:
    """Yield the functions and methods of a module, by their qualified names; not those that stand in functions."""
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one.co_qualname, one
            yield from ((name, inner) for name, inner in _codes(one) if "<locals>" not in name)


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(CODE).with_suffix("").parts)


def _fresh(path: Path, tree: ast.Module, tests: list[str]) -> bool:
    """Import the code anew, one module of it changed, and return whether any of the tests fails."""
    for name, module in list(sys.modules.items()):
        file = vars(module).get("__file__") or ""
        if name.partition(".")[0] in PACKAGES or file.startswith(f"{TESTS}/"):
            del sys.modules[name]
    sys.meta_path.insert(0, _Changed(module_of(path), path, tree))
    if not tests:
        return False
    files = dict.fromkeys(name.partition("::")[0] for name in tests)
    return pytest.main(["-x", *OPTIONS, *files], plugins=[_Only(tests)]) != 0


class _Only:
    """A plugin of pytest that leaves only some of the tests, in this order."""

    def __init__(self, names: list[str]) -> None:
        self.place = {name: place for place, name in enumerate(names)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((one for one in items if one.nodeid in self.place), key=lambda one: self.place[one.nodeid])


class _Changed(SourceFileLoader):
    """Finds one module, and gives it a syntax tree that is not its file's."""

    def __init__(self, module: str, path: Path, tree: ast.Module) -> None:
        super().__init__(module, str(path))
        self.code = compile(tree, str(path), "exec", dont_inherit=True)

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002
        return importlib.util.spec_from_file_location(name, self.path, loader=self) if name == self.name else None

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002
        return self.code


def verdict_of(code: int) -> str:
    return BY_TIME if -code in (signal.SIGXCPU, signal.SIGKILL) else VERDICTS.get(code, BY_TESTS)


def forks(
    waiting: Sequence[Callable[[], tuple[int, str]]], *, jobs: int, limits: Sequence[float]
) -> Iterator[tuple[int, int, float, str]]:
    """Call each in a fork; yield its place, its exit code, the seconds of the processor it took, and what it says.

    `limits` holds the seconds that each may take; one that takes longer ends by a signal.
    """
    left = list(range(len(waiting)))[::-1]
    running: dict[int, tuple[int, float, IO[bytes]]] = {}
    try:
        while left or running:
            while left and len(running) < jobs:
                place = left.pop()
                answer = tempfile.TemporaryFile()  # noqa: SIM115  # open until the fork has ended
                pid = _fork(waiting[place], limits[place], answer)
                running[pid] = place, time.monotonic() + PATIENCE * limits[place], answer
            time.sleep(0.005)
            for pid, (place, ends, answer) in list(running.items()):
                if time.monotonic() > ends:
                    _end(pid)  # it waits for what will not come; the next round finds it ended
                ended, status, usage = os.wait4(pid, os.WNOHANG)
                if ended:
                    _end(pid)
                    del running[pid]
                    with answer:
                        answer.seek(0)
                        said = answer.read().decode()
                    yield place, os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, said
    finally:
        for pid in running:
            _end(pid)


def _limit(seconds: float) -> None:
    """End this process when it has used so many more seconds of the processor, or what is left of its own limit."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (min(math.ceil(time.process_time() + seconds), hard), hard))


def _end(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _fork(call: Callable[[], tuple[int, str]], limit: float, answer: IO[bytes]) -> int:
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        pid = os.fork()  # newer Pythons warn where threads run; what we fork for takes no lock of theirs
    if pid:
        with suppress(PermissionError, ProcessLookupError):  # so that the group is there before anybody ends it
            os.setpgid(pid, pid)
        return pid
    status = 1
    try:
        os.setpgid(0, 0)
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(limit), math.ceil(limit) + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        try:
            status, said = call()
        except Exception:
            said = traceback.format_exc()
        answer.write(said.encode())
        answer.flush()
    finally:
        os._exit(status)
