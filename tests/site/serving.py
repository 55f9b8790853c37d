"""A library served by `threepass serve`, in a process of its own, on a free port of this machine."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-c", "from threepass.cli import main; raise SystemExit(main())"]
ENVIRONMENT = os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT / "code")}


LISTENING = range(20_000, 30_000)
"""Ports that no system gives to who connects: nobody takes one of them between two starts of a server, and who asks for
a server that is not there yet never meets itself, as it may on a port that it could be given."""


def free_port() -> int:
    """Return a port at which nobody listens."""
    for port in random.SystemRandom().sample(LISTENING, 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


def answers(port: int) -> bool:
    """Whether somebody listens at a port; if not, a moment has passed."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=60).close()
    except OSError:
        time.sleep(0.05)
        return False
    return True


@dataclass
class Served:
    """A library that is served."""

    root: Path
    port: int
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        log = (self.root.parent / "serve.log").open("ab")
        with log:
            self.process = subprocess.Popen(
                [*COMMAND, "serve", "--port", str(self.port)],
                cwd=self.root,
                env=ENVIRONMENT | self.environment,
                stdout=log,
                stderr=log,
            )
        while self.process.poll() is None:
            if answers(self.port):
                return
        raise AssertionError((self.root.parent / "serve.log").read_text())

    def stop(self, sent: signal.Signals = signal.SIGINT) -> None:
        if self.process is not None:
            self.process.send_signal(sent)
            self.process.wait(timeout=60)
            self.process = None
