"""Claims measured by a real Dask scheduler and its workers, each a program of its own on this machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from threepass.claims import Step, select, verify
from threepass.cli import main
from threepass.ledger import Row, ledger, source_tree
from threepass.library import load
from threepass.results import State
from threepass.running.cluster import ClusterError, connected

CODE = Path(__file__).resolve().parents[3] / "code"
KEY = "smith2020claims"


@dataclass
class Cluster:
    """A scheduler, and the workers that were started for it."""

    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    address: str = ""

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        environment = os.environ | {"PYTHONPATH": str(CODE), "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "5s"}
        with (self.folder / f"log-{len(self.processes)}").open("wb") as log:
            command = [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]]
            process = subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=self.folder)
        self.processes.append(process)
        return process

    def open(self) -> None:
        info = self.folder / "scheduler.json"
        self.start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(info))
        wait_for(info.exists)
        self.address = json.loads(info.read_text())["address"]

    def have_workers(self, count: int) -> None:
        """Have so many workers at least, as the only ones that the scheduler knows: any may have died in a test."""
        alive = sum(process.poll() is None for process in self.processes[1:])
        local = ["--no-dashboard", "--no-nanny", "--nthreads", "1", "--host", "127.0.0.1", "--death-timeout", "60"]
        for _ in range(alive, count):
            self.start("worker", self.address, "--name", str(len(self.processes)), *local)
        with connected(self.address) as client:
            wait_for(lambda: len(client.scheduler_info(n_workers=-1)["workers"]) == max(alive, count))

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not come"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        made.open()
        yield made
    finally:
        made.end()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    for name in ("journal", "papers", "code/reproductions"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "code/reproductions/__init__.py").write_text("")
    settings = "plugins:\n  - threepass:\n      claims: {packages: [reproductions], code: code}\n"
    (tmp_path / "mkdocs.yml").write_text(f"site_name: Small\n{settings}")
    return tmp_path


def write(root: Path, code: str, claims: dict[str, str]) -> None:
    (root / "code/reproductions/here.py").write_text(textwrap.dedent(code))
    listed = "\n".join(
        f'  - {{id: {name}, says: "A number.", check: "reproductions.here:{name}", '
        f'control: "reproductions.here:two", expect: {{at_most: 1}}{more}}}'
        for name, more in claims.items()
    )
    head = "title: On claims\nauthors: [Ann Smith]\npublished: 2020-01-01\nurl: https://example.org/claims\n"
    (root / f"papers/{KEY}.md").write_text(f"---\n{head}claims:\n{listed}\n---\n")


def measured(root: Path, **options) -> dict[str, Row]:
    library = load(root)
    assert not library.problems
    tree = source_tree(library)
    rows = verify(library, tree, rows=select(ledger(library, tree), everything=True), **options)
    return {row.claim.id: row for row in rows}


SAME = """
    import random, time

    def draw():
        print("drawn")
        return random.random()

    def order():
        return {name: hash(name) % 1000 / 1000 for name in {"a", "b", "c", "d"}}

    def two():
        return 2

    def raises():
        raise ValueError("no")

    def hangs():
        time.sleep(600)

    def here():
        import os
        return len(os.getcwd()) / 1000
"""


def test_a_cluster_measures_what_this_machine_does(cluster: Cluster, small: Path) -> None:
    cluster.have_workers(2)
    write(small, SAME, {"draw": "", "order": "", "raises": "", "hangs": ", timeout: 1", "here": ""})
    results = small / f"papers/results/{KEY}.json"

    def files(**options) -> tuple[dict, list[Step]]:
        results.unlink(missing_ok=True)
        steps: list[Step] = []
        states = {name: row.state for name, row in measured(small, progress=steps.append, **options).items()}
        assert list(states.values()) == [State.VERIFIED, State.VERIFIED, State.FAILED, State.FAILED, State.VERIFIED]
        found = json.loads(results.read_text())
        for claim in found["claims"].values():
            del claim["seconds"]
        return found, steps

    there, steps = files(scheduler=cluster.address)
    assert there == files(jobs=2)[0]
    assert there["claims"]["hangs"]["reason"] == "did not end within 1 s"
    assert {step.row.claim.id: step.printed for step in steps}["draw"] == "drawn"


def test_a_worker_that_dies_costs_no_claim(cluster: Cluster, small: Path) -> None:
    cluster.have_workers(2)
    tries = small / "tries"
    code = f"""
        import os, signal, time
        from pathlib import Path

        def fatal():
            worker = int(Path(f"/proc/{{os.getppid()}}/stat").read_text().rsplit(")", 1)[1].split()[1])
            with open({str(tries)!r}, "a") as log:
                print(worker, file=log)
            if len(Path({str(tries)!r}).read_text().split()) == 1:
                os.kill(worker, signal.SIGKILL)
                time.sleep(60)
            return 0.5

        def half():
            time.sleep(0.1)
            return 0.5

        def two():
            return 2
    """
    names = [f"half{number}" for number in range(6)]
    code += "".join(f"\n        {name} = half" for name in names)
    write(small, code, {**dict.fromkeys(names[:3], ""), "fatal": "", **dict.fromkeys(names[3:], "")})
    rows = measured(small, scheduler=cluster.address)
    assert {name: row.state for name, row in rows.items()} == dict.fromkeys(rows, State.VERIFIED)
    first, second = tries.read_text().split()
    assert first != second
    assert [process.pid for process in cluster.processes if process.poll() == -signal.SIGKILL] == [int(first)]


def test_other_code_on_a_worker_is_not_measured(cluster: Cluster, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(small, SAME, {"draw": ""})
    cluster.have_workers(1)
    monkeypatch.setattr("threepass.running.cluster.digest_of", lambda *_: "what this machine has")
    with pytest.raises(ClusterError, match="has not the same code"):
        measured(small, scheduler=cluster.address)
    assert not (small / "papers/results").exists()


def test_a_claim_that_ends_its_workers_costs_no_other(
    small: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """joblib 1.6 would wait for ever for what Dask gives up."""
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")
    code = """
        import os, signal, time
        from pathlib import Path

        def fatal():
            worker = int(Path(f"/proc/{os.getppid()}/stat").read_text().rsplit(")", 1)[1].split()[1])
            os.kill(worker, signal.SIGKILL)
            time.sleep(60)

        def half():
            return 0.5

        def two():
            return 2

        quarter = half
    """
    write(small, code, {"fatal": "", "half": "", "quarter": ""})
    frail = Cluster(tmp_path_factory.mktemp("frail"))
    try:
        frail.open()
        frail.have_workers(3)
        rows = measured(small, scheduler=frail.address)
    finally:
        frail.end()
    reasons = {name: row.measured.reason for name, row in rows.items() if row.measured}
    assert reasons == {"fatal": "Dask gave it up: KilledWorker", "half": "", "quarter": ""}


def test_a_cluster_without_workers(cluster: Cluster, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its only worker dies while it measures."""
    cluster.have_workers(1)
    worker, *others = [process for process in cluster.processes[1:] if process.poll() is None]
    for other in others:
        other.kill()
        other.wait()
    cluster.have_workers(1)
    started = small / "started"
    code = "import time\nfrom pathlib import Path\ndef two():\n    return 2\ndef half():\n    return 0.5\n"
    code += f"def waits():\n    Path({str(started)!r}).touch()\n    time.sleep(60)\n    return 0.5\n"
    write(small, code, {"half": "", "waits": "", "two": ""})
    monkeypatch.setattr("threepass.running.cluster.PATIENCE", 1.0)

    def kill(step: Step) -> None:
        assert step.row.claim.id == "half"
        wait_for(started.exists)
        worker.kill()

    with pytest.raises(ClusterError, match="the cluster has no worker"):
        measured(small, scheduler=cluster.address, progress=kill)
    assert list(json.loads((small / f"papers/results/{KEY}.json").read_text())["claims"]) == ["half"]
    with pytest.raises(ClusterError, match="the cluster has no worker"):
        measured(small, scheduler=cluster.address)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--backend", "dask"], 2, "need each other"),
        (["--scheduler", "tcp://127.0.0.1:1"], 2, "need each other"),
        (["--all", "--stale"], 2, "one of them"),
        (
            ["--backend", "dask", "--scheduler", "tcp://127.0.0.1:1"],
            1,
            "no Dask scheduler answers at tcp://127.0.0.1:1",
        ),
        (["--backend", "dask", "--scheduler", "nowhere:x"], 1, "no Dask scheduler answers at nowhere:x"),
    ],
)
def test_a_wrong_call_says_so(
    small: Path,
    arguments: list[str],
    code: int,
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write(small, SAME, {"draw": ""})
    monkeypatch.setattr("threepass.running.cluster.PATIENCE", 1.0)
    assert main(["-C", str(small), "verify", *arguments]) == code
    assert said in capsys.readouterr().err
