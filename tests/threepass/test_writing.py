"""A text and a path in; a file that is whole at every moment, out."""

import errno
import os
import random
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from at_once import run_at_once

import threepass
from threepass.source import read_yaml
from threepass.writing import (
    WritingError,
    create,
    keep_aside,
    locked,
    read_exactly,
    write_atomically,
)

CODE = Path(threepass.__file__).parents[1]


def python(script: str, *arguments: object, **options: object) -> "subprocess.Popen[str]":
    """Start a Python process that finds our packages."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(CODE)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, **options)  # type: ignore[call-overload]  # options are Popen's own


def refused(error: pytest.ExceptionInfo[WritingError]) -> str:
    """Return what an author is told: one line."""
    message = str(error.value)
    assert message == error.value.reason
    assert len(message.splitlines()) == 1
    assert "\n" not in error.value.hint
    return message


def contents(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("text", ["", "one\n", "one\r\ntwo\r", "\ufeffü 😀\n", "no end", "a\x85b\u2028c\x0b"])
def test_a_text_is_written_as_it_is_and_read_back_equal(tmp_path: Path, text: str) -> None:
    path = tmp_path / "journal" / "2021" / "2021-08-27.yml"
    write_atomically(path, text, inside=tmp_path)
    assert path.read_bytes() == text.encode()
    assert read_exactly(path) == text
    assert contents(path.parent) == [path.name]


def test_a_file_keeps_its_mode_and_a_new_one_gets_the_usual(tmp_path: Path) -> None:
    old, new, usual = tmp_path / "old", tmp_path / "new", tmp_path / "usual"
    old.write_text("x")
    old.chmod(0o640)
    usual.touch()
    for path in (old, new):
        write_atomically(path, "y", inside=tmp_path)
    assert old.stat().st_mode & 0o777 == 0o640
    assert new.stat().st_mode == usual.stat().st_mode


def test_a_link_within_the_library_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_text("old")
    (tmp_path / "link.md").symlink_to("real.md")
    write_atomically(tmp_path / "link.md", "new", inside=tmp_path)
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "real.md").read_text() == "new"


@pytest.mark.parametrize("write", [write_atomically, create])
@pytest.mark.parametrize("way", ["../outside.md", "papers/../../outside.md", "link/outside.md", "file-link.md", "."])
def test_nothing_is_written_outside_the_library(tmp_path: Path, way: str, write: "type[create]") -> None:
    library, outside = tmp_path / "library", tmp_path / "elsewhere"
    library.mkdir()
    outside.mkdir()
    (library / "link").symlink_to(outside)
    (library / "file-link.md").symlink_to(outside / "outside.md")
    with pytest.raises(WritingError) as error:
        write(library / way, "x", inside=library)
    assert re.search("leads out of|is there already", refused(error))
    assert contents(outside) == []
    assert contents(tmp_path) == ["elsewhere", "library"]
    assert contents(library) == ["file-link.md", "link"]


def test_a_loop_of_links_and_impossible_names_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    for name in ("a", "a/x.md", "x" * 300, "nul\0.md", "file.md/x.md", "two\nlines/../\ud800.md"):
        (tmp_path / "file.md").write_text("x")
        with pytest.raises(WritingError) as error:
            write_atomically(tmp_path / name, "y", inside=tmp_path)
        refused(error)
    assert [name for name in contents(tmp_path) if name.endswith(".~")] == []


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.md").mkdir()
    with pytest.raises(WritingError) as error:
        write_atomically(tmp_path / "x.md", "x", inside=tmp_path)
    assert "is a folder" in refused(error)


def test_half_a_character_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WritingError) as error:
        write_atomically(tmp_path / "x.md", "caf\udce9", inside=tmp_path)
    assert "U+DCE9" in refused(error)
    assert contents(tmp_path) == []


@pytest.mark.parametrize("call", ["write", "fsync", "replace", "open"])
@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "the disk is full"),
        (errno.EACCES, "permission denied"),
        (errno.EROFS, "read-only file system"),
        (errno.EIO, "input/output error"),
    ],
)
def test_what_the_disk_refuses_is_one_line_and_the_file_is_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, told: str
) -> None:
    path = tmp_path / "x.md"
    path.write_text("old")

    def fails(*arguments: object, **options: object) -> None:
        raise OSError(number, os.strerror(number), str(path))

    with monkeypatch.context() as patched:
        patched.setattr(os, call, fails)
        with pytest.raises(WritingError) as error:
            write_atomically(path, "new", inside=tmp_path)
    assert told in refused(error)
    assert str(path) in refused(error)
    assert path.read_text() == "old"
    assert contents(tmp_path) == ["x.md"]


def test_a_disk_that_ends_halfway_leaves_the_old_file(tmp_path: Path) -> None:
    """A real limit of the system, which cuts the write short before it refuses the rest."""
    pytest.importorskip("resource")
    path = tmp_path / "x.md"
    path.write_text("old")
    script = """
import resource, sys
from pathlib import Path
from threepass.writing import WritingError, write_atomically
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
path = Path(sys.argv[1])
try:
    write_atomically(path, "x" * 20000, inside=path.parent)
except WritingError as error:
    print(error.reason)
"""
    output, _ = python(script, path).communicate(timeout=60)
    assert output == f"{path} cannot be written: {os.strerror(errno.EFBIG)[:1].lower()}{os.strerror(errno.EFBIG)[1:]}\n"
    assert path.read_text() == "old"
    assert contents(tmp_path) == ["x.md"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_read_only_folder_and_file_are_refused(tmp_path: Path) -> None:
    folder, path = tmp_path / "folder", tmp_path / "x.md"
    folder.mkdir(mode=0o555)
    path.write_text("old")
    path.chmod(0o444)
    for place in (folder / "x.md", path):
        with pytest.raises(WritingError) as error:
            write_atomically(place, "new", inside=tmp_path)
        assert error.value.hint == "make the file and its folder writable"
    assert path.read_text() == "old"


def test_a_new_file_never_overwrites(tmp_path: Path) -> None:
    path = tmp_path / "papers" / "x.md"
    create(path, "first", inside=tmp_path)
    with pytest.raises(WritingError) as error:
        create(path, "second", inside=tmp_path)
    assert "is there already" in refused(error)
    assert path.read_text() == "first"
    assert contents(path.parent) == ["x.md"]


@pytest.mark.parametrize("links", [True, False])
def test_of_two_that_create_one_file_one_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    path = tmp_path / "x.md"
    link = Path.hardlink_to

    def meanwhile(self: Path, target: Path) -> None:
        path.write_text("other")
        if not links:
            raise OSError(errno.EPERM, "no hard links here")
        link(self, target)

    monkeypatch.setattr(Path, "hardlink_to", meanwhile)
    with pytest.raises(WritingError) as error:
        create(path, "mine", inside=tmp_path)
    assert "is there already" in refused(error)
    assert path.read_text() == "other"
    assert contents(tmp_path) == ["x.md"]


def test_a_file_is_created_where_there_are_no_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(self: Path, target: Path) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    create(tmp_path / "x.md", "mine", inside=tmp_path)
    assert (tmp_path / "x.md").read_text() == "mine"
    assert contents(tmp_path) == ["x.md"]


def test_who_waits_for_the_lock_is_told_who_holds_it(tmp_path: Path) -> None:
    with locked(tmp_path, timeout=1):
        with pytest.raises(WritingError) as error, locked(tmp_path, timeout=0):
            pytest.fail("two hold one lock")
        assert f"by process {os.getpid()} since" in refused(error)
    with locked(tmp_path, timeout=0):
        pass  # free again
    assert (tmp_path / ".threepass" / ".gitignore").read_text() == "*\n"


def test_the_lock_is_free_after_an_error_and_after_its_holder_was_killed(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), locked(tmp_path, timeout=1):
        _ = 1 / 0
    script = """
import sys, time
from pathlib import Path
from threepass.writing import locked
with locked(Path(sys.argv[1]), timeout=1):
    print("held", flush=True)
    time.sleep(60)
"""
    with python(script, tmp_path) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(WritingError, match=f"process {holder.pid}"), locked(tmp_path, timeout=0):
            pytest.fail("two hold one lock")
        holder.kill()
        holder.wait()
    with locked(tmp_path, timeout=1):
        pass


def test_a_lock_waits_for_its_turn(tmp_path: Path) -> None:
    order: list[str] = []
    held = threading.Event()

    def hold() -> None:
        with locked(tmp_path, timeout=1):
            held.set()
            time.sleep(0.2)
            order.append("first")

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    with locked(tmp_path, timeout=30):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]


def test_a_library_that_cannot_be_locked_is_refused(tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "elsewhere").mkdir()
    state = tmp_path / "library" / ".threepass"
    state.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(WritingError) as error, locked(tmp_path / "library", timeout=0):
        pytest.fail("locked outside the library")
    assert "leads out of" in refused(error)
    assert contents(tmp_path / "elsewhere") == []
    state.unlink()
    state.write_text("a file in its place")
    with pytest.raises(WritingError) as error, locked(tmp_path / "library", timeout=0):
        pytest.fail("locked without a lock")
    refused(error)


def test_what_was_typed_is_kept(tmp_path: Path) -> None:
    first = keep_aside("title: [\r\n", root=tmp_path, suffix=".yml")
    second = keep_aside("half \udce9", root=tmp_path)
    assert first.parent == second.parent == tmp_path / ".threepass" / "rejected"
    assert first.suffix == ".yml"
    assert first.read_bytes() == b"title: [\r\n"
    assert second.read_bytes().decode("utf-8", "surrogatepass") == "half \udce9"


def test_what_was_typed_is_kept_elsewhere_where_the_library_takes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".threepass").write_text("a file in its place")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    kept = keep_aside("typed", root=tmp_path)
    assert kept.parent == temporary
    assert kept.read_text() == "typed"
    kept.unlink()
    temporary.rmdir()
    with pytest.raises(WritingError) as error:
        keep_aside("typed", root=tmp_path)
    assert "cannot be kept" in refused(error)


WRITES = 200
FILES = 3
WRITER = """
import sys
from pathlib import Path
from threepass.writing import write_atomically
folder, first, writes, files = Path(sys.argv[1]), *map(int, sys.argv[2:])
for number in range(first, first + writes):
    path = folder / f"{number % files}.yml"
    write_atomically(path, f"number: {number}\\n" * (1 + number % 700), inside=folder)
    print(number, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_writer_killed_at_any_moment_leaves_each_file_whole_old_or_new(tmp_path: Path) -> None:
    chance = random.Random(27)
    killed = first = 0
    for _ in range(6):
        with python(WRITER, tmp_path, first, WRITES, FILES) as writer:
            assert writer.stdout is not None
            wanted = chance.randrange(1, WRITES // 2)
            said = [int(next(writer.stdout)) for _ in range(wanted)]
            time.sleep(chance.random() * 0.002)  # somewhere within a write
            writer.kill()
            said += [int(line) for line in writer.stdout if line.endswith("\n")]
        killed += writer.returncode != 0
        done = said[-1]
        for name in range(FILES):
            newest = [number for number in range(done + 2) if number % FILES == name]
            if not newest:
                continue
            at_least = max((number for number in newest if number <= done), default=None)
            path = tmp_path / f"{name}.yml"
            if at_least is None and not path.exists():
                continue
            lines = path.read_text().splitlines()
            number = int(lines[0].removeprefix("number: "))
            assert number in {at_least, done + 1}
            assert lines == [f"number: {number}"] * (1 + number % 700)
        first = done + 1
    assert killed
    left = {path.name for path in tmp_path.iterdir()} - {f"{name}.yml" for name in range(FILES)}
    assert all(re.fullmatch(r"\.\d\.yml\.[0-9a-f]{8}\.~", name) for name in left)


ADDER = """
import sys
from pathlib import Path
from threepass.editing import append_item, append_paragraph
from threepass.writing import locked, read_exactly, write_atomically
root, path, who, times = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
print("ready", flush=True)
sys.stdin.readline()
for number in range(times):
    with locked(root, timeout=60):
        text = append_item(read_exactly(path), ("topics",), f"{who}{number}")
        write_atomically(path, append_paragraph(text, ("notes",), f"{who} says {number}."), inside=root)
"""


def test_two_processes_adding_to_one_day_both_win(tmp_path: Path) -> None:
    path = tmp_path / "2021-08-27.yml"
    path.write_text("date: 2021-08-27  # a Friday\nnotes: |\n  Begun.\n")
    adders = [python(ADDER, tmp_path, path, who, 12, stdin=subprocess.PIPE) for who in "ab"]
    run_at_once(adders)
    document, problems = read_yaml(path, shown=path)
    assert problems == []
    assert document is not None
    assert sorted(document.data["topics"]) == sorted(f"{who}{number}" for who in "ab" for number in range(12))
    paragraphs = document.data["notes"].rstrip("\n").split("\n\n")
    assert sorted(paragraphs) == sorted(["Begun.", *(f"{who} says {number}." for who in "ab" for number in range(12))])
    assert path.read_text().startswith("date: 2021-08-27  # a Friday\n")
