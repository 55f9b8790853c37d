"""Find a Chromium on this machine, or install one. The machine in; the path of a browser that starts out.

Tests call `chromium()`. `make test` runs this file with `--install` before them, so that a missing browser stops the
run with its reason and no test is skipped for it. Only the standard library is imported.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

SHELLS = ("chromium-headless-shell", "chrome-headless-shell")
"""Chromium's engine without a window around it: what tests see is the same, and it opens pages in half the time."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_APPLICATIONS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)
PATH_OF_PLAYWRIGHTS_OWN = (
    "from playwright.sync_api import sync_playwright\n"
    "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
)
PLAYWRIGHT = (sys.executable, "-m", "playwright")


class NoBrowserError(Exception):
    """There is no Chromium that starts."""


def chromium() -> Path:
    """Return the first Chromium that starts: `$CHROMIUM`, then the usual names of a shell, then those of a browser.

    Where none of these is on the path, it is Playwright's own; of that, too, the shell comes first.

    Raises `NoBrowserError`, also when `$CHROMIUM` is set and does not start: who names a browser means that one.
    """
    if named := os.environ.get("CHROMIUM"):
        if starts(Path(named)):
            return Path(named)
        raise NoBrowserError(f"CHROMIUM={named} does not start")
    found = next(filter(starts, candidates()), None)
    if found is None:
        raise NoBrowserError(
            f"no Chromium: none of {', '.join((*SHELLS, *BROWSERS))} starts, and Playwright has none of its own"
        )
    return found


def candidates() -> Iterator[Path]:
    """Yield where a Chromium may be, the likeliest first."""
    yield from (Path(path) for name in (*SHELLS, *BROWSERS) if (path := shutil.which(name)))
    if sys.platform == "darwin":
        yield from MAC_APPLICATIONS
    answer = subprocess.run(
        [sys.executable, "-c", PATH_OF_PLAYWRIGHTS_OWN], capture_output=True, text=True, check=False
    )
    if answer.returncode == 0:
        browser = Path(answer.stdout.strip())  # …/chromium-1234/chrome-linux64/chrome
        _, _, version = browser.parents[1].name.partition("-")
        yield from browser.parents[2].glob(f"chromium_headless_shell-{version}/*/{SHELLS[-1]}")
        yield browser


def starts(browser: Path) -> bool:
    """Tell whether the file is a Chromium that runs; Ubuntu's `chromium-browser` may be a script that only says no."""
    try:
        answer = subprocess.run([browser, "--version"], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and "chrom" in answer.stdout.lower()


def install() -> Path:
    """Return a Chromium, installing one where there is none; raise `NoBrowserError` when no way leads to one."""
    try:
        return chromium()
    except NoBrowserError as missing:
        if os.environ.get("CHROMIUM"):
            raise
        reason = str(missing)
    failed = []
    for commands in ways(system=distribution(), root_by=root_by()):
        print(f"{reason}; installing: {' && '.join(map(' '.join, commands))}", file=sys.stderr)
        # A failing `apt-get update` (one source of many is down) need not keep the next command from succeeding.
        if [subprocess.run(command, check=False).returncode for command in commands][-1] == 0:
            try:
                return chromium()
            except NoBrowserError as missing:
                reason = str(missing)
        failed.append(" && ".join(map(" ".join, commands)))
    tried = "".join(f"\n  failed: {way}" for way in failed)
    raise NoBrowserError(f"{reason}{tried}\n  Install Chromium yourself, or name one: CHROMIUM=/path/to/chromium")


def ways(*, system: str, root_by: Sequence[str] | None) -> Iterator[Sequence[Sequence[str]]]:
    """Yield the ways to install a browser, each as its commands.

    `system` is the distribution's id (`debian`, `ubuntu`, … or empty); `root_by` is what stands before a command to
    run it as root: nothing for root itself, `("sudo", "-n")`, or None where we may not. Ubuntu's own package is a snap,
    which cannot read the tests' temporary folders: there, Playwright's shell is taken, with its libraries by apt-get.
    """
    apt = None if root_by is None else (*root_by, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get")
    if system == "debian" and apt:
        of_debian = (*apt, "install", "-q", "-y", "--no-install-recommends")
        yield (*apt, "update", "-q"), (*of_debian, SHELLS[0])
        yield ((*of_debian, BROWSERS[0]),)  # an older Debian has no shell
    if system in {"debian", "ubuntu"} and root_by is not None:
        yield ((*PLAYWRIGHT, "install", "--with-deps", "--only-shell", "chromium"),)
    yield ((*PLAYWRIGHT, "install", "--only-shell", "chromium"),)


def distribution() -> str:
    """Return this system's family: `debian`, `ubuntu`, or what its os-release says; empty where there is none."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return ""
    family = [release["ID"], *release.get("ID_LIKE", "").split()]
    return next((name for name in family if name in {"ubuntu", "debian"}), release["ID"])


def root_by() -> Sequence[str] | None:
    """Return what must stand before a command to run it as root without a password, or None."""
    if sys.platform == "win32" or shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return ()
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ("sudo", "-n") if asked.returncode == 0 else None


def main() -> int:
    """Print the path of a browser, or say on standard error why there is none."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--install", action="store_true", help="install one where there is none")
    try:
        print(install() if parser.parse_args().install else chromium())
    except NoBrowserError as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
