"""Claims in; measured by their code, judged by their bounds, and written to `papers/results/`, out.

`workers.py` runs the code, or `cluster.py` where one machine is too small. What a claim gave is written as soon as it
is there, so that an interruption loses nothing.
"""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from threepass.hinted import HintedError
from threepass.ledger import code_fingerprint
from threepass.models import Measurement, Results
from threepass.problems import did_you_mean
from threepass.results import FOLDER, State, as_text, read_result_file, remember, state_of
from threepass.running.cluster import Place, connected, measure_there
from threepass.running.measuring import failed, refusal
from threepass.running.workers import FORKS, Crew, Measured, Task
from threepass.writing import locked, write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from threepass.ledger import Ledger, Row
    from threepass.library import Library, Note
    from threepass.models import Claim
    from threepass.reach.symbols import SourceTree
    from threepass.running.measuring import Outcome

TIMEOUT = 60.0
"""Seconds that a claim may take, control and imports included, where it names no `timeout` of its own."""


class Step(NamedTuple):
    """A claim begins to run (`done` is false), or has run: then `row` is what is known now.

    `printed` are the last lines that its code wrote to standard output and error.
    """

    row: Row
    done: bool
    printed: str = ""


class UnknownClaimError(HintedError):
    """A key that names no note with claims, and no claim."""

    def __init__(self, name: str, hint: str) -> None:
        super().__init__(f"no claim and no note with claims is called '{name}'", hint)


def select(
    ledger: Ledger, *, keys: Iterable[str] = (), everything: bool = False, stale: bool = False
) -> tuple[Row, ...]:
    """Return the claims to measure: those that are not verified, with `everything` all, with `stale` those stale only.

    `keys` (citation keys, or claims as `key/id`) narrow the choice. Raises `UnknownClaimError`.
    """
    asked = set(keys)
    known = {row.note.key for row in ledger.rows} | {row.name for row in ledger.rows}
    if unknown := sorted(asked - known):
        raise UnknownClaimError(unknown[0], did_you_mean(unknown[0], known))
    return tuple(
        row
        for row in ledger.rows
        if (not asked or asked & {row.note.key, row.name})
        and (everything or row.state is State.STALE or not (stale or row.state is State.VERIFIED))
    )


def verify(
    library: Library,
    tree: SourceTree,
    *,
    rows: Sequence[Row],
    jobs: int = 1,
    scheduler: str | None = None,
    progress: Callable[[Step], None] = lambda _: None,
    today: dt.date | None = None,
    timeout: float = TIMEOUT,
    fork: bool = FORKS,
) -> tuple[Row, ...]:
    """Measure claims, `jobs` at a time or on the cluster of a Dask `scheduler`, and write what they gave.

    Returns the rows as they are now, in the order given. `progress` is called from one thread at a time. An
    interruption ends what runs, keeps what is finished, and is raised again. Raises `ClusterError`.
    """
    run = _Run(library, tree, progress, today or dt.date.today(), timeout)
    run.forget_dropped_claims()
    for row in rows:
        code_fingerprint(row.claim, tree, {})  # reads the source before it is imported: a later edit shows as stale
    if not rows:
        return ()
    return _there(run, rows, scheduler) if scheduler else _here(run, rows, jobs=jobs, fork=fork)


def _here(run: _Run, rows: Sequence[Row], *, jobs: int, fork: bool) -> tuple[Row, ...]:
    size = max(1, min(jobs, len(rows)))
    place = run.place
    crew = Crew(size, root=place.root, code=place.code, packages=place.packages, fork=fork)

    def one(row: Row) -> Row:
        run.begins(row)
        task = run.task(row.claim)
        return run.ends(row, crew.measure(task) if isinstance(task, Task) else task)

    with ThreadPoolExecutor(size) as threads:
        try:
            futures = [threads.submit(one, row) for row in rows]
            for future in as_completed(futures):
                future.result()
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            raise
        finally:
            crew.stop()
    return tuple(future.result() for future in futures)


def _there(run: _Run, rows: Sequence[Row], scheduler: str) -> tuple[Row, ...]:
    now: dict[int, Row] = {}
    tasks: dict[int, Task] = {}
    for number, row in enumerate(rows):
        task = run.task(row.claim)
        if isinstance(task, Task):
            tasks[number] = task
        else:
            now[number] = run.ends(row, task)
    numbers = list(tasks)
    with connected(scheduler) as client:
        for at, measured in measure_there(list(tasks.values()), client, run.place):
            now[numbers[at]] = run.ends(rows[numbers[at]], measured)
    return tuple(now[number] for number in range(len(rows)))


@dataclass(frozen=True)
class _Run:
    """One run of `verify`: what its threads share, and the lock under which they speak and write."""

    library: Library
    tree: SourceTree
    progress: Callable[[Step], None]
    today: dt.date
    timeout: float
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def place(self) -> Place:
        """Where the code lies."""
        settings = self.library.settings.claims
        return Place(self.library.root, self.library.root / settings.code, settings.packages)

    def begins(self, row: Row) -> None:
        with self.lock:
            self.progress(Step(row, done=False))

    def task(self, claim: Claim) -> Task | Measured:
        """Return what is to be run for a claim; or, where its code may not even be imported, what it gives."""
        control = None if claim.control == "none" else claim.control
        for reference in filter(None, (claim.check, control)):
            if refused := refusal(reference, self.library.settings.claims.packages):
                return Measured(failed(refused), "")
        return Task(claim.check, control, float(claim.timeout or self.timeout))

    def ends(self, row: Row, measured: Measured) -> Row:
        """Write what a claim gave, and return what is known of it now."""
        outcome, printed = measured
        with self.lock:
            fingerprint = code_fingerprint(row.claim, self.tree, outcome["environment"])
            measurement = judge(row.claim, outcome, fingerprint=fingerprint, today=self.today)
            written = self.write(row.note, {row.claim.id: measurement})
            last, former = written.claims[row.claim.id], written.history.get(row.claim.id, ())
            now = replace(row, measured=last, former=former, state=state_of(row.claim, last, fingerprint))
            self.progress(Step(now, done=True, printed=printed))
        return now

    def write(self, note: Note, measured: Mapping[str, Measurement]) -> Results:
        """Put measurements into a note's results, and leave out claims that the note no longer makes.

        The file is read anew, since another `verify` may have written to it. A measurement that says what the one
        before it said leaves the file as it is.
        """
        names = [claim.id for claim in note.paper.claims]
        root = self.library.root
        path = root / self.library.settings.papers / FOLDER / f"{note.key}.json"
        with locked(root):
            before = read_result_file(path, root=root)[0] if path.exists() else None
            known = remember(before or Results(paper=note.key, claims={}), measured)
            results = Results(
                paper=note.key,
                claims={name: known.claims[name] for name in names if name in known.claims},
                history={name: known.history[name] for name in names if name in known.history},
            )
            if results != before or list(results.claims) != list(before.claims):
                write_atomically(path, as_text(results), inside=root)
        return results

    def forget_dropped_claims(self) -> None:
        """Leave out of every result file what its note no longer claims."""
        for key in self.library.results.keys() & self.library.notes.keys():
            self.write(self.library.notes[key], {})


def judge(claim: Claim, outcome: Outcome, *, fingerprint: str, today: dt.date) -> Measurement:
    """Return what a claim gave as a measurement: whether each of its numbers meets the bound, and its control's do."""
    values, control = outcome["values"], outcome["control"]
    return Measurement(
        values=values,
        control=control,
        met=_met(claim, values),
        control_met=_met(claim, control),
        expect=claim.expect,
        reason=outcome["reason"],
        seconds=round(outcome["seconds"], 3),
        measured=today,
        environment=outcome["environment"],
        fingerprint=fingerprint,
    )


def _met(claim: Claim, values: Mapping[str, float | None]) -> bool:
    return bool(values) and all(value is not None and claim.expect.met_by(value) for value in values.values())
