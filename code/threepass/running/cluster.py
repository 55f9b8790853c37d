"""Claims to measure in; their outcomes out, measured by the workers of a Dask cluster.

joblib's Dask backend sends the claims, and Dask runs again elsewhere what a lost worker had begun. Each claim runs on
its worker as it does here, in a process of its own (`workers.py`): seeds, threads, time limit and what counts as a
failure are the same, and so is what it gives. The library's folder must be on each worker under the same path, and
hold the same code: a worker compares fingerprints before it measures.
"""

from __future__ import annotations

import queue
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from threepass.fingerprint import fingerprint
from threepass.hinted import HintedError
from threepass.reach.symbols import SourceTree
from threepass.running.measuring import failed
from threepass.running.workers import Measured, Worker

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from distributed import Client

    from threepass.running.workers import Task

PATIENCE = 15.0
"""Seconds to wait for the scheduler, for a first worker, and for another one when all are gone."""
NO_WORKER = ("the cluster has no worker", "dask worker ADDRESS_OF_THE_SCHEDULER")


class ClusterError(HintedError):
    """The cluster cannot measure, which says nothing about the claims."""


@dataclass(frozen=True)
class Place:
    """Where the library's code lies, on every machine."""

    root: Path
    code: Path
    packages: tuple[str, ...]


Call = tuple[int, "Task", str, Place]
"""What `measure_here` takes: a number, a task, the fingerprint of its code, and where that lies."""


@contextmanager
def connected(scheduler: str) -> Iterator[Client]:
    """Connect to the scheduler of a cluster, `tcp://host:port`. Raises `ClusterError`."""
    try:
        import joblib  # noqa: F401 - whether it is there
        from distributed import Client
    except ImportError as error:
        raise ClusterError(f"{error.name} is not installed", "pip install 'threepass[cluster]'") from None
    try:
        client = Client(scheduler, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]  # partly annotated
    except (OSError, ValueError) as error:  # a time-out is an OSError; an address that is none, a ValueError
        raise ClusterError(f"no Dask scheduler answers at {scheduler}", str(error).splitlines()[0]) from None
    try:
        yield client
    finally:
        client.close(timeout=1)  # type: ignore[no-untyped-call]  # likewise


def measure_there(tasks: Sequence[Task], client: Client, place: Place) -> Iterator[tuple[int, Measured]]:
    """Yield the place of each task and what it gave, as they are done. Raises `ClusterError`."""
    tree = SourceTree(place.code, place.packages)
    left = {at: (at, task, digest_of(task, tree), place) for at, task in enumerate(tasks)}
    try:
        for at, measured in _sent([*left.values()], client):
            del left[at]
            yield at, measured
    except _LostError:  # one of them ends whatever worker it runs on; each alone shows which
        for at, call in left.items():
            try:
                yield from _sent([call], client)
            except _LostError as lost:
                yield at, Measured(failed(f"Dask gave it up: {lost}"), "")


def measure_here(number: int, task: Task, digest: str, place: Place) -> tuple[int, Measured]:
    """Measure a claim on the worker of a cluster that this runs on, in a process of its own."""
    if digest_of(task, SourceTree(place.code, place.packages)) != digest:
        host = socket.gethostname()
        raise ClusterError(f"{host} has not the same code in {place.code}", "let all machines see one folder")
    worker = Worker(root=place.root, code=place.code, packages=place.packages)
    try:
        return number, worker.measure(task)
    finally:
        worker.stop()


def digest_of(task: Task, tree: SourceTree) -> str:
    """Return the fingerprint of what a task calls, whatever versions of packages are installed."""
    return "-".join(fingerprint(name, tree).digest for name in (task.check, task.control) if name)


class _LostError(Exception):
    """Dask has given up a task: mostly since each worker that began it was lost."""


def _sent(calls: Sequence[Call], client: Client) -> Iterator[tuple[int, Measured]]:
    """Yield what calls of `measure_here` return, as they are done.

    joblib waits for ever for what Dask has given up, and for workers that are all gone. So it waits in a thread, and
    here we look after both.
    """
    done: queue.SimpleQueue[tuple[int, Measured] | Exception] = queue.SimpleQueue()
    threading.Thread(target=_wait, args=(calls, client, done), daemon=True).start()
    left, seen = len(calls), time.monotonic()
    while left:
        try:
            said = done.get(timeout=0.5)
        except queue.Empty:
            if _workers(client):
                seen = time.monotonic()
            elif time.monotonic() - seen > PATIENCE:
                raise ClusterError(*NO_WORKER) from None
            continue
        if isinstance(said, ClusterError | _LostError):
            raise said
        if isinstance(said, Exception):
            raise ClusterError(f"the cluster failed: {type(said).__name__}: {said}") from said
        yield said
        left -= 1


def _wait(calls: Sequence[Call], client: Client, done: queue.SimpleQueue[tuple[int, Measured] | Exception]) -> None:
    """Let joblib send the calls, and put into `done` what they return, or what goes wrong."""
    from joblib import Parallel, delayed, parallel_config
    from joblib.parallel import get_active_backend

    def given_up(future: Future[object]) -> None:  # what a call raises, joblib hands over as a result
        if not future.cancelled() and (error := future.exception()):
            done.put(_LostError(type(error).__name__))

    try:
        with parallel_config("dask", client=client, wait_for_workers_timeout=PATIENCE):
            backend, _ = get_active_backend()
            jobs, submit = max(2, backend.effective_n_jobs(-1)), backend.submit

            def submit_watched(*args: object, **options: object) -> Future[object]:
                future: Future[object] = submit(*args, **options)
                future.add_done_callback(given_up)
                return future

            backend.submit = submit_watched
            backend.effective_n_jobs = lambda _: jobs  # a single job joblib would run here, not there
            parallel = Parallel(n_jobs=-1, batch_size=1, pre_dispatch="all", return_as="generator_unordered")
            for pair in parallel(delayed(measure_here)(*call) for call in calls):
                done.put(pair)
    except TimeoutError:
        done.put(ClusterError(*NO_WORKER))
    except Exception as error:
        done.put(error)


def _workers(client: Client) -> int:
    """Return how many workers there are now; none where the scheduler is gone."""
    try:
        return len(client.scheduler_info(n_workers=-1)["workers"])
    except (OSError, ValueError):
        return 0
