"""The repository itself: what must be there, what must not, and what must agree with what."""

from __future__ import annotations

import configparser
import itertools
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
MEGABYTE = 1_000_000
HEAVY = {"torch", "mkdocs", "requests"}
"""What `import threepass.cli` must not load."""


def test_code_is_not_a_package() -> None:
    # It would stand before the standard library's `code`, which the debugger imports.
    assert (ROOT / "code").is_dir()
    assert not (ROOT / "code" / "__init__.py").exists()


def test_no_file_of_the_repository_is_over_a_megabyte() -> None:
    files = in_git(ROOT)
    assert ROOT / "pyproject.toml" in files
    assert too_large(files, MEGABYTE) == []


def test_a_file_over_the_limit_is_found(tmp_path: Path) -> None:
    just_over, at_the_limit = tmp_path / "over", tmp_path / "at"
    just_over.write_bytes(bytes(11))
    at_the_limit.write_bytes(bytes(10))
    assert too_large([just_over, at_the_limit], 10) == [just_over]


def test_the_lock_pins_every_dependency_of_pyproject() -> None:
    wanted = [
        *PROJECT["project"]["dependencies"],
        *itertools.chain.from_iterable(PROJECT["project"]["optional-dependencies"].values()),
        *PROJECT["build-system"]["requires"],
    ]
    names = {normal(re.split(r"[^A-Za-z0-9._-]", requirement)[0]) for requirement in wanted}
    assert {"torch", "mkdocs", "pytest", "setuptools"} <= names
    assert names - pins().keys() == set()


def test_the_lock_holds_pins_and_nothing_else() -> None:
    # No address, path or option of the machine it was made on, and no build of torch that only some machines have.
    assert set(pins()) & {"pip", "triton"} == set()
    assert [name for name in pins() if name.startswith(("nvidia-", "cuda-"))] == []
    assert "+" not in pins()["torch"]


@pytest.mark.parametrize(
    "line",
    [
        "--extra-index-url https://example.org/simple",
        "-e .",
        "torch>=2",
        "torch @ file:///tmp/torch.whl",
        "threepass==0.1.0 # via /home/ada/threepass",
    ],
)
def test_what_is_not_a_pin_is_seen(line: str) -> None:
    with pytest.raises(AssertionError, match="not a pin"):
        pins(line)


def test_every_target_of_the_makefile_explains_itself() -> None:
    phony = set(re.findall(r"^\.PHONY: ([a-z ]+)$", MAKEFILE, flags=re.MULTILINE)[0].split())
    assert {"serve", "site", "test", "lint", "verify", "bench", "lock", "help", "clean"} <= phony
    help_text = make("help")
    explained = dict(re.findall(r"^  ([a-z]+) +(\S.*)$", help_text, flags=re.MULTILINE))
    assert explained.keys() == phony
    assert make() == help_text


def test_one_oldest_python() -> None:
    oldest = PROJECT["project"]["requires-python"].removeprefix(">=")
    workflow = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    assert re.findall(r"^OLDEST := (.*)$", MAKEFILE, flags=re.MULTILINE) == [oldest]
    assert f'python: ["{oldest}", ' in workflow


def test_setting_up_an_old_or_missing_python_says_what_to_do(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\ncase "$1" in --version) echo Python 3.9.6;; *) exit 1;; esac\n')
    old.chmod(0o755)
    assert "Python 3.9.6 is too old: Python 3.11 or newer is needed" in refusal(tmp_path, python=old)
    assert "nowhere/python3 here: install Python 3.11" in refusal(tmp_path, python=Path("nowhere/python3"))


def test_what_ci_runs_is_executable_and_calls_the_tests() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert re.search(r"^exec make .*\btest$", script.read_text(encoding="utf-8"), flags=re.MULTILINE)


def test_every_layer_names_a_module_once() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter", encoding="utf-8")
    named = re.findall(r"\w+", config["importlinter:contract:layers"]["layers"])
    assert "cli" in named
    assert len(named) == len(set(named))


def test_the_command_line_loads_nothing_heavy() -> None:
    assert heavy_imports_of("threepass.cli", ROOT / "code") == set()


def test_loading_something_heavy_is_seen(tmp_path: Path) -> None:
    (tmp_path / "heavy_module.py").write_text("import mkdocs.config, requests.adapters, torch.nn\n")
    assert heavy_imports_of("heavy_module", tmp_path) == HEAVY


def in_git(root: Path) -> list[Path]:
    """The files that git holds or would take."""
    if not (root / ".git").exists():
        pytest.skip("not a git checkout")
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [path for name in listing.stdout.split("\0") if name and (path := root / name).is_file()]


def too_large(files: Iterable[Path], limit: int) -> list[Path]:
    return [path for path in files if path.stat().st_size > limit]


def pins(text: str = (ROOT / "requirements.lock").read_text(encoding="utf-8")) -> dict[str, str]:
    """Version by distribution; every line of the lock must be a pin, with at most who asks for it beside."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        via = r"  # via [\w.-]+( \(pyproject\.toml\))?(, [\w.-]+( \(pyproject\.toml\))?)*"
        pin = re.fullmatch(rf"([a-z0-9._-]+)==([\w.+!]+) *({via})?", line)
        assert pin, f"not a pin: {line}"
        found[normal(pin[1])] = pin[2]
    return found


def normal(name: str) -> str:
    """A distribution's name as pip compares it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def make(*arguments: str) -> str:
    return subprocess.run(
        ["make", *arguments], cwd=ROOT, capture_output=True, text=True, check=True, env=plain()
    ).stdout


def refusal(folder: Path, *, python: Path) -> str:
    """What `make` says when it is to make an environment with this Python in a folder that has none."""
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        (folder / name).write_bytes((ROOT / name).read_bytes())
    run = subprocess.run(
        ["make", "site", f"PYTHON={python}"], cwd=folder, capture_output=True, text=True, check=False, env=plain()
    )
    assert run.returncode != 0
    assert not (folder / ".venv").exists()
    return run.stderr


def plain() -> dict[str, str]:
    """The environment without what a `make` that runs these tests tells the `make` that they run."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "GNUMAKE"))}


def heavy_imports_of(module: str, folder: Path) -> set[str]:
    """Which of `HEAVY` are loaded once a new Python has imported the module from the folder."""
    program = (
        "import importlib, sys; sys.path.insert(0, sys.argv[1]); importlib.import_module(sys.argv[2]); "
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(folder), module], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return HEAVY & set(run.stdout.split())
