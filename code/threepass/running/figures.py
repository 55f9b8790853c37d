"""A library and its code in; the figures that its days and notes name, as SVG images, out.

They are drawn by other processes (`drawing.py`), so that the tool imports neither torch nor matplotlib. These are few,
and one draws all figures of a module: what takes long, such imports and a training that several figures show, is done
once. A figure is kept under the fingerprint of its code: it is drawn again when something that it reaches has changed,
and only then.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from threepass.fingerprint import fingerprint, minor_releases
from threepass.running import drawing, tethered
from threepass.running.measuring import VERSIONED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from threepass.library import Library
    from threepass.models import Figure
    from threepass.problems import Problem
    from threepass.reach.symbols import SourceTree
    from threepass.source import Document

FOLDER = "assets/threepass/figures"
"""Of the site, in which the images stand."""
CACHE = Path(".cache", "threepass", "figures")
"""Of the library."""
TIMEOUT = 300.0
"""Seconds for one figure, the imports of its modules included."""
AT_ONCE = 2
"""Processes that draw."""
_SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


@dataclass(frozen=True)
class Drawing:
    """A figure as two SVG images; or without images, why not, and the package that is `missing` here if that is why."""

    name: str
    light: str = ""
    dark: str = ""
    reason: str = ""
    missing: str = ""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, in points."""
        found = _SIZE.search(self.light)
        return (round(float(found[1])), round(float(found[2]))) if found else (0, 0)

    @property
    def files(self) -> dict[str, str]:
        """The images by their paths in the site; a path changes with its image, so that no browser shows an old one."""
        images = {scheme: getattr(self, scheme) for scheme in drawing.SCHEMES}
        return {f"{FOLDER}/{self.name}-{scheme}.svg": image for scheme, image in images.items() if image}


class _Running:
    """The processes that draw, to be ended together."""

    def __init__(self) -> None:
        self._processes: list[subprocess.Popen[bytes]] = []
        self._lock = threading.Lock()
        self.ended = False

    def start(self, command: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
        with self._lock:
            process = subprocess.Popen(command, **options)
            self._processes.append(process)
            if self.ended:
                process.kill()
            return process

    def end(self) -> None:
        with self._lock:
            self.ended = True
            for process in self._processes:
                process.kill()


def figures_of(library: Library) -> Iterator[tuple[Document, int, Figure]]:
    """Yield each figure that a day or a note names, with its file and its number there, from 0."""
    for entry in library.entries:
        for number, figure in enumerate(entry.day.figures):
            yield entry.source, number, figure
    for note in library.notes.values():
        for number, figure in enumerate(note.paper.figures):
            yield note.source, number, figure


def draw_figures(library: Library, tree: SourceTree) -> dict[str, Drawing]:
    """Return each figure of a library by the name of its function, drawn anew only where its code has changed.

    A name that leads nowhere is left out: `checks.py` has told.
    """
    cache = library.root / CACHE
    names = sorted({figure.plot for _, _, figure in figures_of(library)})
    names = [name for name in names if tree.owns(name.partition(":")[0]) and tree.find(name) is not None]
    if not names:
        return {}
    versions = minor_releases((*VERSIONED, "matplotlib"))
    keys = {name: _key(name, tree, versions) for name in names}  # a tree is read by one thread

    found = {name: kept for name in names if (kept := _kept(name, keys[name], cache))}

    running = _Running()

    def draw(group: list[str]) -> dict[str, Drawing]:
        return _drawn(group, keys, library, cache, running)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        try:
            for drawn in threads.map(draw, _shares([name for name in names if name not in found])):
                found |= drawn
        except BaseException:  # Ctrl-C, say: the threads are waited for
            running.end()
            raise
    return {name: found[name] for name in names}


def figure_problems(library: Library, drawings: Mapping[str, Drawing]) -> Iterator[Problem]:
    """P049: a figure that fails; where a package is missing, the page says so and nothing is wrong."""
    for source, number, figure in figures_of(library):
        drawn = drawings.get(figure.plot)
        if drawn is not None and drawn.reason and not drawn.missing:
            place = source.place(("figures", number, "plot"))
            hint = "it is a function without arguments that returns a matplotlib figure"
            yield source.problem("P049", f"'{figure.plot}' cannot be drawn: {drawn.reason}", at=place, hint=hint)


def _shares(names: Sequence[str]) -> list[list[str]]:
    """Return the figures that each process is to draw: those of a module together, about as many for each."""
    modules: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        modules[name.partition(":")[0]].append(name)
    shares: list[list[str]] = [[] for _ in range(AT_ONCE)]
    for module in sorted(modules.values(), key=len, reverse=True):
        min(shares, key=len).extend(module)
    return [share for share in shares if share]


def _key(name: str, tree: SourceTree, versions: Mapping[str, str]) -> str:
    """Return what changes with a figure's code, with the packages that draw it, and with our own way of drawing."""
    style = b"".join(path.read_bytes() for path in (Path(drawing.__file__), *drawing.STYLES.values()))
    code = fingerprint(name, tree, environment=versions).digest
    return hashlib.sha256(style + code.encode()).hexdigest()[:20]


def _kept(name: str, key: str, cache: Path) -> Drawing | None:
    try:
        images = [(cache / f"{key}-{scheme}.svg").read_text("utf-8") for scheme in drawing.SCHEMES]
    except OSError:
        return None
    return Drawing(_file_name(name, key), *images)


def _drawn(
    names: Sequence[str], keys: Mapping[str, str], library: Library, cache: Path, running: _Running
) -> dict[str, Drawing]:
    """Return figures drawn now; where one of them takes its process down, a new process draws those behind it."""
    settings = library.settings.claims
    asked = {"code": str((library.root / settings.code).resolve()), "packages": settings.packages}
    cache.mkdir(parents=True, exist_ok=True)
    drawn: dict[str, Drawing] = {}
    while (left := [name for name in names if name not in drawn]) and not running.ended:
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            said = _process({**asked, "figures": left, "to": folder}, len(left), library.root, running)
            for number, (name, answer) in enumerate(zip(left, said, strict=False)):
                drawn[name] = _taken(name, keys[name], answer, Path(folder, str(number)), cache)
    return drawn


def _taken(name: str, key: str, answer: drawing.Drawn, folder: Path, cache: Path) -> Drawing:
    """Keep a figure that was drawn into a folder."""
    if answer["reason"]:
        return Drawing(_file_name(name, key), reason=answer["reason"], missing=answer["missing"])
    for scheme in drawing.SCHEMES:
        (folder / f"{scheme}.svg").replace(cache / f"{key}-{scheme}.svg")
    return _kept(name, key, cache) or Drawing(_file_name(name, key), reason="its images are gone")


def _process(asked: Mapping[str, object], count: int, root: Path, running: _Running) -> list[drawing.Drawn]:
    """Have a process draw `count` figures, and return what it says of each, in their order.

    Where one hangs or takes the process down, its answer says so and is the last.
    """
    ours = str(Path(drawing.__file__).parents[2])
    paths = os.pathsep.join(filter(None, (ours, os.environ.get("PYTHONPATH", ""))))
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONHASHSEED": "0", "MPLBACKEND": "svg"}
    answers: list[drawing.Drawn] = []
    with running.start(
        [sys.executable, "-P", tethered.__file__, drawing.__file__, json.dumps(asked)], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=root, env=environment,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        for _ in range(count):
            late = threading.Event()
            clock = threading.Timer(TIMEOUT, _end, (process, late))
            clock.start()
            line = process.stdout.readline()
            clock.cancel()
            try:
                answers.append(json.loads(line))
            except ValueError:
                ended = f"its process ended with exit code {process.wait()}"
                reason = f"did not end within {TIMEOUT:g} s" if late.is_set() else ended
                return [*answers, {"reason": reason, "missing": ""}]
    return answers


def _end(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _file_name(name: str, key: str) -> str:
    return f"{name.rpartition(':')[2].lower()}-{key[:8]}"
