"""Finding a browser: what is on the machine in, the one that starts, or the ways to get one, out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import find_browser
import pytest
from find_browser import SHELLS, NoBrowserError, chromium, install, ways

Program = Callable[[str, str], Path]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Write a program of the given name that does what the shell script says."""

    def write(name: str, script: str) -> Path:
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    return write


@pytest.fixture
def empty_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without a browser: the programs it has are those of the folder."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "playwright"))
    monkeypatch.setattr(find_browser, "MAC_APPLICATIONS", ())
    return tmp_path


def test_the_browser_of_these_tests_starts() -> None:
    answer = subprocess.run([chromium(), "--version"], capture_output=True, text=True, check=True)
    assert "chrom" in answer.stdout.lower()


def test_the_named_browser_comes_first(empty_machine: Path, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    program("chromium", "echo Chromium 1")
    mine = program("mine", "echo Chromium 2")
    monkeypatch.setenv("CHROMIUM", str(mine))
    assert chromium() == mine


@pytest.mark.parametrize("find", [chromium, install])
def test_a_named_browser_that_does_not_start_is_refused(
    find: Callable[[], Path], empty_machine: Path, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    program("chromium", "echo Chromium 1")
    monkeypatch.setenv("CHROMIUM", str(empty_machine / "not-there"))
    with pytest.raises(NoBrowserError, match=r"CHROMIUM=.*not-there does not start"):
        find()


def test_a_script_that_only_says_no_is_passed_over(empty_machine: Path, program: Program) -> None:
    program("chromium", "echo 'install the snap' >&2; exit 1")
    program("chromium-browser", "echo something else")
    chrome = program("google-chrome", "echo Google Chrome 1")
    assert chromium() == chrome


def test_a_shell_comes_before_a_browser(empty_machine: Path, program: Program) -> None:
    program("chromium", "echo Chromium 1")
    shell = program("chromium-headless-shell", "echo Chromium 2")
    assert chromium() == shell


def test_playwrights_own_browser_is_the_last(empty_machine: Path, program: Program) -> None:
    asked = subprocess.run(
        [sys.executable, "-c", find_browser.PATH_OF_PLAYWRIGHTS_OWN], capture_output=True, text=True, check=True
    )
    own = Path(asked.stdout.strip())
    assert own.is_relative_to(empty_machine)
    own.parent.mkdir(parents=True)
    program("made", "echo Chromium 1").rename(own)
    assert chromium() == own
    shell = empty_machine / "playwright" / own.parents[1].name.replace("-", "_headless_shell-") / "x" / SHELLS[-1]
    shell.parent.mkdir(parents=True)
    program("made", "echo Chromium 2").rename(shell)
    assert chromium() == shell
    on_path = program("chromium", "echo Chromium 3")
    assert chromium() == on_path


def test_no_browser_is_an_error_that_names_where_it_was_sought(empty_machine: Path) -> None:
    with pytest.raises(
        NoBrowserError, match=r"none of chromium-headless-shell, .*google-chrome.* starts, and Playwright has none"
    ):
        chromium()


def test_a_missing_browser_is_installed(empty_machine: Path, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    chrome = empty_machine / "chromium"
    installer = program("installer", f"printf '#!/bin/sh\\necho Chromium 1\\n' > {chrome}\n/bin/chmod +x {chrome}")
    monkeypatch.setattr(find_browser, "ways", lambda **_: [[["/bin/false"]], [[str(installer)]]])
    assert install() == chrome


def test_a_browser_that_cannot_be_installed_fails_loudly(
    empty_machine: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(find_browser, "ways", lambda **_: [[["/bin/false", "here"]], [["/bin/true", "there"]]])
    monkeypatch.setattr(sys, "argv", ["find_browser.py", "--install"])
    assert find_browser.main() == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert "failed: /bin/false here" in err
    assert "failed: /bin/true there" in err
    assert "CHROMIUM=/path/to/chromium" in err


@pytest.mark.parametrize(
    ("system", "root_by", "programs"),
    [
        ("debian", (), ["env … chromium-headless-shell", "env … chromium", "playwright --with-deps", "playwright"]),
        (
            "debian",
            ("sudo", "-n"),
            ["sudo … chromium-headless-shell", "sudo … chromium", "playwright --with-deps", "playwright"],
        ),
        ("debian", None, ["playwright"]),
        ("ubuntu", (), ["playwright --with-deps", "playwright"]),
        ("ubuntu", None, ["playwright"]),
        ("fedora", None, ["playwright"]),
        ("", None, ["playwright"]),
    ],
)
def test_ways_to_a_browser(system: str, root_by: tuple[str, ...] | None, programs: list[str]) -> None:
    last_commands = [list(commands[-1]) for commands in ways(system=system, root_by=root_by)]
    assert [in_short(command) for command in last_commands] == programs


def in_short(command: list[str]) -> str:
    if "playwright" in command:
        assert "--only-shell" in command
        return "playwright --with-deps" if "--with-deps" in command else "playwright"
    return f"{command[0]} … {command[-1]}"


def test_root_is_not_asked_for_a_password(empty_machine: Path, program: Program) -> None:
    assert find_browser.root_by() is None
    program("apt-get", "")
    if os.geteuid() == 0:
        assert find_browser.root_by() == ()
    else:
        program("sudo", "exit 1")
        assert find_browser.root_by() is None
        program("sudo", "exit 0")
        assert find_browser.root_by() == ("sudo", "-n")
