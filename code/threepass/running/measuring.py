"""The names of a claim's check and control in; the numbers that they return here and now, out.

This is the one place that runs the library's code. `measure` is plain data in and plain data out, so that any process
pool can carry it. As a script, this module is the process that `workers.py` starts: it imports the claims' modules once
and then forks for each claim. What a claim leaves behind (a default dtype, a patched function, a cache) dies with its
fork, a crash costs one claim, and torch is imported once a process and not once a claim. Where forking is not safe,
the process ends after one claim.

A claim finds the seeds of `random`, numpy and torch at `SEED`, torch on one thread and with deterministic algorithms,
its hash seed fixed, and the library's folder as the working directory.
"""

from __future__ import annotations

import importlib
import json
import math
import numbers
import os
import random
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import contextmanager, suppress
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, FileFinder, SourceFileLoader
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypedDict

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

SEED = 0
VERSIONED = ("torch", "captum", "numpy", "transformers")
"""Packages whose version is recorded where a claim has imported them."""
MOST_NUMBERS = 100
LONGEST_NAME = 80
LONGEST_REASON = 300


class Outcome(TypedDict):
    """What a claim gave: `values` and `control` by name (None where not finite), or the reason why it gave nothing."""

    values: dict[str, float | None]
    control: dict[str, float | None]
    reason: str
    seconds: float
    environment: dict[str, str]


class UnmeasurableError(Exception):
    """A function gives no number: why, in a line; `values` holds what it gave besides."""

    def __init__(self, reason: str, values: Mapping[str, float | None] | None = None) -> None:
        super().__init__(reason)
        self.values = dict(values or {})


def measure(check: str, control: str | None, *, code: Path, packages: Sequence[str]) -> Outcome:
    """Call a claim's check and its control, each after fixing the seeds; `seconds` are those of the check alone.

    Only functions of `packages`, found under the folder `code`, are called. Whatever goes wrong becomes the reason.
    """
    if str(code) not in sys.path:
        sys.path.insert(0, str(code))
    outcome: Outcome = {"values": {}, "control": {}, "reason": "", "seconds": 0.0, "environment": {}}
    try:
        function = function_of(check, code=code, packages=packages)
        began = time.perf_counter()
        try:
            outcome["values"] = _call(function, code=code)
        finally:
            outcome["seconds"] = time.perf_counter() - began
    except UnmeasurableError as error:
        outcome |= {"values": error.values, "reason": str(error)}
    try:
        if control is not None and not outcome["reason"]:
            outcome["control"] = _call(function_of(control, code=code, packages=packages), code=code)
    except UnmeasurableError as error:  # a control that breaks misses every bound, and shows nothing
        outcome |= {"control": error.values, "reason": f"the control: {error}"}
    outcome["environment"] = environment()
    return outcome


def failed(reason: str) -> Outcome:
    """Return the outcome of a claim that could not be run."""
    return {"values": {}, "control": {}, "reason": reason, "seconds": 0.0, "environment": environment(())}


def refusal(reference: str, packages: Collection[str]) -> str:
    """Return why a reference may not be called, judging by its name; nothing when it may."""
    module = reference.split(":")[0]
    return "" if _is_in(module, packages) else f"'{reference}' is in no package of the claims"


def _is_in(module: str, packages: Collection[str]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def environment(packages: Collection[str] = VERSIONED) -> dict[str, str]:
    """Return the versions of python and of those `packages` that this process has imported, and the seed."""
    found = {"python": ".".join(str(part) for part in sys.version_info[:3]), "seed": str(SEED)}
    for package in packages:
        if package in sys.modules:
            with suppress(PackageNotFoundError):
                found[package] = version(package)
    return found


def numbers_of(returned: object) -> dict[str, float | None]:
    """Return what a check returned as named numbers; a single one is named `value`.

    Raises `UnmeasurableError` for all but finite real numbers: an infinite one or NaN, a truth value, a text, an array.
    """
    if not isinstance(returned, Mapping):
        returned = {"value": returned}
    elif not returned:
        raise UnmeasurableError("returned no number: the mapping is empty")
    if len(returned) > MOST_NUMBERS:
        raise UnmeasurableError(f"returned {len(returned)} numbers; {MOST_NUMBERS} are the most")
    values: dict[str, float | None] = {}
    for name, value in returned.items():
        if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
            said = "a number's name is a text of one line, of at most"
            raise UnmeasurableError(f"{said} {LONGEST_NAME} characters: {_one_line(repr(name))}")
        values[name] = _number(value, "" if name == "value" else f" as '{name}'")
    for name, value in values.items():
        if not math.isfinite(value or 0):
            finite = {key: v if v is not None and math.isfinite(v) else None for key, v in values.items()}
            where = "" if name == "value" else f" as '{name}'"
            raise UnmeasurableError(f"returned {value}{where}, not a finite number", finite)
    return values


def _number(value: Any, where: str) -> float:
    if getattr(value, "shape", None) == ():
        value = value.item()  # a number of numpy, or a tensor or an array without dimensions
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            raise UnmeasurableError(f"returned a number{where} that is too large for a float") from None
    if isinstance(value, bool) or value is None:
        said = repr(value)
    elif (shape := getattr(value, "shape", None)) is not None:
        said = f"a {type(value).__name__} of shape {tuple(shape)}"
    else:
        said = f"a {type(value).__name__}"
    raise UnmeasurableError(f"returned {said}{where}, not a number")


def function_of(reference: str, *, code: Path, packages: Collection[str]) -> Callable[[], object]:
    """Import what a reference names; what a module of ours has only borrowed (`module:os.system`) is refused."""
    if refused := refusal(reference, packages):
        raise UnmeasurableError(refused)
    module, _, path = reference.partition(":")
    with reasons(code):
        found: Any = importlib.import_module(module)
        for name in path.split("."):
            found = getattr(found, name)
    home = str(getattr(found, "__module__", None) or "")
    if not callable(found) or not _is_in(home, packages):
        raise UnmeasurableError(f"'{reference}' is no function of the claims' packages")
    return found  # type: ignore[no-any-return]  # callable, and that it takes no arguments shows when it is called


def _call(function: Callable[[], object], *, code: Path) -> dict[str, float | None]:
    with reasons(code), reproducible():
        returned = function()
        return numbers_of(returned)


@contextmanager
def reasons(code: Path) -> Iterator[None]:
    """Turn whatever code of the library raises into a reason of one line, with the place of ours that raised it."""
    try:
        yield
    except UnmeasurableError:
        raise
    except (Exception, SystemExit) as error:
        said = _one_line(f"{type(error).__name__}: {error}" if str(error) else type(error).__name__)
        if isinstance(error, ModuleNotFoundError):
            said += " (install it where `threepass verify` runs)"
        elif place := _place(error, code):
            said += f" ({place})"
        raise UnmeasurableError(said) from error


def _place(error: BaseException, code: Path) -> str:
    """Return `file.py:12`, the innermost line below `code` that the error passed through."""
    place, step = "", error.__traceback__
    while step is not None:
        path = Path(step.tb_frame.f_code.co_filename)
        if path.is_relative_to(code):
            place = f"{path.relative_to(code).as_posix()}:{step.tb_lineno}"
        step = step.tb_next
    return place


def _one_line(text: str) -> str:
    line = "".join(character for character in " ".join(text.split()) if character.isprintable())
    return line if len(line) <= LONGEST_REASON else f"{line[: LONGEST_REASON - 1]}…"


@contextmanager
def reproducible() -> Iterator[None]:
    """Fix the seeds of what is imported, and torch's threads and algorithms; give the latter two back."""
    random.seed(SEED)
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed(SEED)
    torch = sys.modules.get("torch")
    if torch is None:
        yield
        return
    torch.manual_seed(SEED)
    threads, mode = torch.get_num_threads(), torch.get_deterministic_debug_mode()
    torch.set_num_threads(1)
    torch.set_deterministic_debug_mode("warn")  # where an operation has no deterministic form, it still runs
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        torch.set_deterministic_debug_mode(mode)


class _FreshLoader(SourceFileLoader):
    """Compiles a module from its source each time.

    Python trusts cached bytecode when size and second of the last change agree: a sign flipped within a second of the
    last import would be measured as it was before.
    """

    def path_stats(self, path: Any) -> NoReturn:
        raise OSError(f"no bytecode for {path}")


def always_from_source(code: Path) -> None:
    """Import what lies below `code` by `_FreshLoader`."""
    make = FileFinder.path_hook((ExtensionFileLoader, EXTENSION_SUFFIXES), (_FreshLoader, [".py"]))

    def hook(path: str) -> Any:
        if not Path(path).is_relative_to(code):
            raise ImportError(f"not below {code}")
        return make(path)

    sys.path_hooks.insert(0, hook)
    sys.path_importer_cache.clear()


def serve() -> None:
    """Answer requests until there are no more: JSON lines come in by standard input and go out by standard output.

    The first line is the setting: a `token`, `code`, `packages`, the `modules` to import, a `timeout`, and whether to
    `fork`. Each further one names a `check`, a `control` and their `timeout`. An answer is a line that begins with the
    token; whatever else goes out was printed by a claim.
    """
    requests = os.fdopen(os.dup(0), encoding="utf-8")  # a claim that reads standard input finds nothing there
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    answers = os.fdopen(os.dup(1), "wb")  # and one that closes standard output is heard nevertheless
    setting = json.loads(requests.readline())
    code, packages = Path(setting["code"]), tuple(setting["packages"])

    def answer(message: Mapping[str, object]) -> None:
        answers.write(f"\n{setting['token']}{json.dumps(message)}\n".encode())
        answers.flush()

    sys.path.insert(0, str(code))
    always_from_source(code)
    signal.alarm(_alarm_after(setting["timeout"]))
    for module in setting["modules"]:
        with suppress(Exception, SystemExit):  # the claim tries again, and says why
            importlib.import_module(module)
    signal.alarm(0)
    for line in requests:
        task = json.loads(line)
        child = os.fork() if setting["fork"] else 0
        if child == 0:
            status = 1
            signal.alarm(_alarm_after(task["timeout"]))
            try:
                answer(dict(measure(task["check"], task["control"], code=code, packages=packages)))
                status = 0
            finally:
                os._exit(status)  # whatever threads and exit handlers the claim left behind
        _, ended = os.waitpid(child, 0)
        answer({"exit": os.waitstatus_to_exitcode(ended)})


def _alarm_after(timeout: float) -> int:
    """Return the seconds until the system ends a claim for us: only when whoever started this process is gone."""
    return math.ceil(timeout) + 10


if __name__ == "__main__":
    serve()
