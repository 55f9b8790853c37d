"""This repository's whole site, built strictly by a process of its own, beside the tests that do not need it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = (
    "import sys; from pathlib import Path; from threepass.site import build; "
    "sys.exit(build(Path(sys.argv[1]), to=Path(sys.argv[2])))"
)


class SiteBuild:
    """A site that is being built into a folder of `place`."""

    def __init__(self, place: Path) -> None:
        self.folder, self._said = place / "site", place / "said.txt"
        environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT / "code")}
        with self._said.open("wb") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, str(ROOT), str(self.folder)],
                stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, env=environment,
                start_new_session=True,
            )  # fmt: skip

    def built(self) -> Path:
        """Wait for the site, and return its folder."""
        assert self._process.wait() == 0, self._said.read_text("utf-8", errors="replace")
        return self.folder

    def end(self) -> None:
        """Leave nothing running: neither the build nor what draws its figures."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
