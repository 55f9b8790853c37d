"""Work is begun beside where there is a processor for it, and left to who needs it where there is none."""

import multiprocessing
import os
import threading
import time
from pathlib import Path

import pytest

from threepass.building.beside import Beside, processors


def test_work_is_done_by_a_process_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("threepass.building.beside.processors", lambda: 2)
    done = tmp_path / "done"
    begun = Beside(lambda word: done.write_text(f"{word} {os.getpid()}"), imports=("json",))
    begun.give("by")
    begun.wait()
    word, number = done.read_text().split()
    assert word == "by"
    assert number != str(os.getpid())


def test_work_that_fails_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("threepass.building.beside.processors", lambda: 2)
    begun = [
        Beside(lambda: (tmp_path / "no folder" / "file").write_text("")),
        Beside(print, imports=("no_module_of_this_name",)),
    ]
    for each in begun:
        each.give()
        each.wait()
        each.give()
    assert capfd.readouterr() == ("", "")


def test_nothing_is_begun_without_a_second_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0})
    monkeypatch.setattr("multiprocessing.get_context", lambda _: pytest.fail("a process was started"))
    begun = Beside(lambda: None)
    begun.give()
    begun.wait()


def test_nothing_is_forked_where_threads_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1, 2})
    monkeypatch.setattr("threading.active_count", lambda: 1)
    assert processors() == 3
    monkeypatch.undo()
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1, 2})
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait)
    thread.start()
    try:
        assert processors() == 1
    finally:
        ended.set()
        thread.join()


def test_a_process_that_is_forked_later_can_wait_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("threepass.building.beside.processors", lambda: 2)
    start, done, seen = (tmp_path / name for name in ("start", "done", "seen"))

    def work() -> None:
        while not start.exists():
            time.sleep(0.01)
        done.write_text("done")

    begun = Beside(work)
    begun.give()

    def look() -> None:
        start.touch()
        begun.wait()
        seen.write_text(done.read_text())

    later = multiprocessing.get_context("fork").Process(target=look)
    later.start()
    later.join()
    begun.wait()
    assert seen.read_text() == "done"


def test_who_is_given_nothing_ends_with_who_could_give(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("threepass.building.beside.processors", lambda: 2)
    before = {*multiprocessing.active_children()}
    begun = Beside((tmp_path / "done").write_text)
    (process,) = {*multiprocessing.active_children()} - before
    assert process.is_alive()
    del begun
    process.join(timeout=30)
    assert process.exitcode == 0
    assert not (tmp_path / "done").exists()
