"""This repository's whole site, built strictly by a process of its own, beside the tests that do not need it."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = """
import sys
from pathlib import Path
from threepass.building.site import build
root, place = map(Path, sys.argv[1:])
raise SystemExit(build(root, to=place / "site") or (place / "done").touch())
"""


class SiteBuild:
    """A site that is built below `folder`, by whichever process that runs tests comes first.

    The build holds a lock, so that whoever waits for the site goes on when the build ends, however it ends.
    """

    def __init__(self, folder: Path) -> None:
        self._place, self._process = folder / "built", None
        self._place.mkdir(exist_ok=True)
        with self._lock.open("ab") as lock, self._said.open("ab") as said:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            if self._said.stat().st_size or self._done.exists():
                return
            self._process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, str(ROOT), str(self._place)],
                stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, start_new_session=True,
                env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT / "code")},
                pass_fds=[lock.fileno()],
            )  # fmt: skip

    @property
    def _lock(self) -> Path:
        return self._place / "lock"

    @property
    def _said(self) -> Path:
        return self._place / "said.txt"

    @property
    def _done(self) -> Path:
        return self._place / "done"

    def built(self) -> Path:
        """Wait for the site, and return its folder."""
        with self._lock.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
        assert self._done.exists(), self._said.read_text("utf-8", errors="replace")
        return self._place / "site"

    def end(self, *, waited_for: bool) -> None:
        """Leave nothing running, neither the build nor what draws its figures; where it is waited for, let it end."""
        if self._process is None:
            return
        if not waited_for and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
