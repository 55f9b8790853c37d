"""A text and a path in; a file that is whole at every moment, old or new, out.

Every change of a file goes through here. Text is written as UTF-8 with the line breaks it has. A lock in the library's
`.threepass` folder guards two writers; what an author typed and a command could not use is kept there too.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import os
import secrets
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from threepass.hinted import HintedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STATE = ".threepass"
"""The folder of a library for what the tool keeps for itself; git ignores it."""
LOCK_SECONDS = 30.0
"""How long a command waits for another one that writes."""
_LOCK = "lock"
_HOLDER = "holder"
_REJECTED = "rejected"

_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
"""How file systems without hard links answer."""


class WritingError(HintedError):
    """A file that cannot be written. It is as it was."""


class _TakenError(Exception):
    """A new file's name is taken."""


def read_exactly(path: Path) -> str:
    """Return the text of a file with its line breaks and byte order mark, so that what is written back keeps them."""
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise WritingError(f"{_shown(path)} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise WritingError(f"{_shown(path)} is not UTF-8 (byte {error.start})", "save it as UTF-8") from None


def write_atomically(path: Path, text: str, *, inside: Path) -> None:
    """Write a file of the folder `inside`, so that who reads it finds the whole old text or the whole new one.

    Its folder is made where it is missing; its mode is kept. Raises `WritingError` for a path that leads out of
    `inside` (`..` and symbolic links followed), and for all that a file system refuses.
    """
    target = _inside(path, inside)
    _write(path, target, _encoded(path, text), put=os.replace)


def create(path: Path, content: str | bytes, *, inside: Path) -> None:
    """Write a new file as `write_atomically` does; raise `WritingError` where there is one, also one made meanwhile.

    Bytes, of an image, are written as they are.
    """
    if os.path.lexists(path):
        _refuse_existing(path)
    target = _inside(path, inside)
    try:
        raw = content if isinstance(content, bytes) else _encoded(path, content)
        _write(path, target, raw, put=_put_new)
    except _TakenError:
        _refuse_existing(path)


@contextlib.contextmanager
def locked(root: Path, *, timeout: float = LOCK_SECONDS, what: str = "") -> Iterator[None]:
    """Hold the library's lock, so that no other command changes files between a reading and a writing here.

    With `what`, a folder of the library, it is that folder's own lock. Waits `timeout` seconds for who holds it, then
    raises `WritingError`. It cannot be held twice, by one process either; the system frees it when a process dies.
    """
    from filelock import FileLock, Timeout  # here, for the commands that only read do not wait for its import

    mark = f"{what}-" if what else ""
    try:
        folder = _state(root)
        lock = FileLock(folder / f"{mark}{_LOCK}")
        lock.acquire(timeout=timeout)
    except Timeout:
        holder = _holder(folder / f"{mark}{_HOLDER}")
        message = f"{f'{what}/' if what else 'the library'} is being changed by {holder}"
        raise WritingError(message, "wait until it is done, then try again") from None
    except OSError as error:
        _refuse(root / STATE, error)
    said = folder / f"{mark}{_HOLDER}"
    try:
        with contextlib.suppress(OSError):  # it only serves a message
            said.unlink(missing_ok=True)  # a link there is not followed
            with said.open("x", encoding="utf-8") as file:
                file.write(f"process {os.getpid()} since {dt.datetime.now():%H:%M:%S}")
        yield
    finally:
        with contextlib.suppress(OSError):
            said.unlink()
        lock.release()


def keep_aside(text: str, *, root: Path, suffix: str = ".txt") -> Path:
    """Write what an author typed and a command refused to `.threepass/rejected/`, and return where it is.

    Where the library cannot be written, the temporary folder takes it: nothing typed is lost.
    """
    raw = text.encode("utf-8", "surrogatepass")
    prefix = f"{dt.datetime.now():%Y%m%d-%H%M%S}-"
    reason = ""
    for folder in (None, Path(tempfile.gettempdir())):
        try:
            place = folder or _folder_for_rejected(root)
            descriptor, name = tempfile.mkstemp(prefix=prefix, suffix=suffix, dir=place)
            try:
                _flush(descriptor, raw)
            finally:
                os.close(descriptor)
        except (OSError, WritingError) as error:
            reason = str(error)
        else:
            return Path(name)
    raise WritingError(f"the text cannot be kept: {reason}", "copy it before you go on")


def _encoded(path: Path, text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        wrong = f"U+{ord(text[error.start]):04X}"
        raise WritingError(f"{_shown(path)}: the text holds half a character ({wrong})", "write it in UTF-8") from None


def _write(path: Path, target: Path, raw: bytes, *, put: Callable[[Path, Path], None]) -> None:
    """Write beside `target`, then `put` it there; `path` is what the author called it."""
    temporary: Path | None = None
    try:
        mode = _mode(target)
        _make_folder(target.parent)
        # a dot hides it from the site's build; its ending from every pattern of ours
        beside = target.with_name(f".{target.name[:40]}.{secrets.token_hex(4)}.~")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        temporary = beside
        try:
            _flush(descriptor, raw)
        finally:
            os.close(descriptor)
        if mode is not None:
            temporary.chmod(mode)
        put(temporary, target)
        _flush_folder(target.parent)
    except OSError as error:
        _refuse(path, error)
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def _put_new(temporary: Path, target: Path) -> None:
    """Give a file its name unless the name is taken: a hard link never overwrites."""
    try:
        target.hardlink_to(temporary)
    except FileExistsError:
        raise _TakenError from None
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(target):
            raise _TakenError from None
        temporary.replace(target)


def _inside(path: Path, inside: Path) -> Path:
    """Return where a path leads, all links followed; refuse what is out of `inside`, and a folder."""
    try:
        target, root = path.resolve(), inside.resolve()
        is_folder = target.is_dir()
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links; a character that no path may hold
        reason = getattr(error, "strerror", "") or str(error).splitlines()[0]
        raise WritingError(f"{_shown(path)} cannot be written: {reason[:1].lower()}{reason[1:]}") from None
    if target == root or not target.is_relative_to(root):
        raise WritingError(f"{_shown(path)} leads out of {_shown(inside)}", "nothing is written outside the library")
    if is_folder:
        raise WritingError(f"{_shown(path)} is a folder", "move it away: a file belongs there")
    return target


def _mode(target: Path) -> int | None:
    """Return the mode of a file, None where there is none; refuse what is no file or may not be written."""
    try:
        found = target.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is no plain file")
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "the file is read-only")
    return stat.S_IMODE(found.st_mode)


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, each known to the disk before a file is put into it."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    with contextlib.suppress(FileExistsError):
        folder.mkdir()
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, f"{_shown(folder)} is no folder")
    _flush_folder(folder.parent)


def _flush(descriptor: int, raw: bytes) -> None:
    left = memoryview(raw)
    while left:
        left = left[os.write(descriptor, left) :]
    os.fsync(descriptor)


def _flush_folder(folder: Path) -> None:
    """Have the disk know of a new name; where folders cannot be flushed (Windows, some networks), it will in time."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _state(root: Path) -> Path:
    """Return the library's folder for the tool, made and ignored by git."""
    folder = _inside(root / STATE / ".gitignore", root).parent
    folder.mkdir(exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
    return folder


def _folder_for_rejected(root: Path) -> Path:
    folder = _inside(_state(root) / _REJECTED / "text", root).parent
    folder.mkdir(exist_ok=True)
    return folder


def _holder(path: Path) -> str:
    try:
        found = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        found = ""
    return _shown(found) if found else "another process"


def _refuse(path: Path, error: OSError) -> NoReturn:
    """Say in one line what a file system refused."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
        raise WritingError(
            f"{_shown(path)} cannot be written: the disk is full", "free some space, then try again"
        ) from None
    reason = error.strerror or str(error) or type(error).__name__
    hint = ""
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        hint = "make the file and its folder writable"
    raise WritingError(f"{_shown(path)} cannot be written: {reason[:1].lower()}{reason[1:]}", hint) from None


def _refuse_existing(path: Path) -> NoReturn:
    raise WritingError(
        f"{_shown(path)} is there already", "nothing is overwritten: edit it, or choose another name"
    ) from None


def _shown(path: Path | str) -> str:
    """Return a path on one line, whatever characters it holds."""
    text = str(path)
    return text if text.isprintable() else ascii(text)
