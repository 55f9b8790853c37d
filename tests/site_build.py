"""This repository's whole site, built strictly by a process of its own, beside the tests that do not need it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = """
import sys
from pathlib import Path
from threepass.site import build
root, place = map(Path, sys.argv[1:])
code = 1
try:
    code = build(root, to=place / "site")
finally:
    (place / "code.new").write_text(str(code))
    (place / "code.new").rename(place / "code")
"""


class SiteBuild:
    """A site that is being built below `folder`, by whichever process that runs tests comes first."""

    def __init__(self, folder: Path, *, alone: bool) -> None:
        self._place, self._alone, self._process = folder / "built", alone, None
        try:
            self._place.mkdir()
        except FileExistsError:
            return
        environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT / "code")}
        with self._said.open("wb") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, str(ROOT), str(self._place)],
                stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, env=environment,
                start_new_session=True,
            )  # fmt: skip

    @property
    def _said(self) -> Path:
        return self._place / "said.txt"

    def built(self) -> Path:
        """Wait for the site, and return its folder."""
        code = self._place / "code"
        while not code.exists() and (self._process is None or self._process.poll() is None):
            time.sleep(0.1)
        assert code.exists(), self._said.read_text("utf-8", errors="replace")
        assert code.read_text() == "0", self._said.read_text("utf-8", errors="replace")
        return self._place / "site"

    def end(self) -> None:
        """Leave nothing running: neither the build nor what draws its figures. Another process may yet wait for it."""
        if self._process is None:
            return
        if self._alone and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
