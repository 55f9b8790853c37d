"""A library and its code in; the figures that its days and notes name, as SVG images, out.

Each is drawn by a process of its own (`drawing.py`), so that the tool imports neither torch nor matplotlib, and kept
under the fingerprint of its code: it is drawn again when something that it reaches has changed, and only then.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from threepass import drawing
from threepass.fingerprint import fingerprint, minor_releases
from threepass.measuring import VERSIONED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from threepass.library import Library
    from threepass.models import Figure
    from threepass.problems import Problem
    from threepass.source import Document
    from threepass.symbols import SourceTree

FOLDER = "assets/threepass/figures"
"""Of the site, in which the images stand."""
CACHE = Path(".cache", "threepass", "figures")
"""Of the library."""
TIMEOUT = 300.0
"""Seconds for one figure, the imports of its modules included."""
AT_ONCE = 2
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
    versions = minor_releases((*VERSIONED, "matplotlib"))
    keys = {name: _key(name, tree, versions) for name in names}  # a tree is read by one thread

    def one(name: str) -> Drawing:
        return _kept(name, keys[name], cache) or _drawn(name, keys[name], library, cache)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return dict(zip(names, threads.map(one, names), strict=True))


def figure_problems(library: Library, drawings: Mapping[str, Drawing]) -> Iterator[Problem]:
    """P049: a figure that fails; where a package is missing, the page says so and nothing is wrong."""
    for source, number, figure in figures_of(library):
        drawn = drawings.get(figure.plot)
        if drawn is not None and drawn.reason and not drawn.missing:
            place = source.place(("figures", number, "plot"))
            hint = "it is a function without arguments that returns a matplotlib figure"
            yield source.problem("P049", f"'{figure.plot}' cannot be drawn: {drawn.reason}", at=place, hint=hint)


def _key(name: str, tree: SourceTree, versions: Mapping[str, str]) -> str:
    """Return what changes with a figure's code, with the packages that draw it, and with our own way of drawing."""
    style = Path(drawing.__file__).read_bytes()
    code = fingerprint(name, tree, environment=versions).digest
    return hashlib.sha256(style + code.encode()).hexdigest()[:20]


def _kept(name: str, key: str, cache: Path) -> Drawing | None:
    try:
        images = [(cache / f"{key}-{scheme}.svg").read_text("utf-8") for scheme in drawing.SCHEMES]
    except OSError:
        return None
    return Drawing(_file_name(name, key), *images)


def _drawn(name: str, key: str, library: Library, cache: Path) -> Drawing:
    settings = library.settings.claims
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        asked = {"figure": name, "code": str((library.root / settings.code).resolve()), "to": folder}
        said = _process({**asked, "packages": settings.packages}, library.root)
        if said["reason"]:
            return Drawing(_file_name(name, key), reason=said["reason"], missing=said["missing"])
        for scheme in drawing.SCHEMES:
            Path(folder, f"{scheme}.svg").replace(cache / f"{key}-{scheme}.svg")
    return _kept(name, key, cache) or Drawing(_file_name(name, key), reason="its images are gone")


def _process(asked: Mapping[str, object], root: Path) -> drawing.Drawn:
    """Have one figure drawn by a process of its own; one that hangs or dies is a figure that cannot be drawn."""
    ours = str(Path(drawing.__file__).parents[1])
    paths = os.pathsep.join(filter(None, (ours, os.environ.get("PYTHONPATH", ""))))
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONHASHSEED": "0", "MPLBACKEND": "svg"}
    command = [sys.executable, "-P", drawing.__file__]
    try:
        run = subprocess.run(
            command, input=json.dumps(asked), capture_output=True, text=True, cwd=root, env=environment,
            timeout=TIMEOUT, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"reason": f"did not end within {TIMEOUT:g} s", "missing": ""}
    try:
        answer: drawing.Drawn = json.loads(run.stdout)
    except json.JSONDecodeError:
        return {"reason": f"its process ended with exit code {run.returncode}", "missing": ""}
    return answer


def _file_name(name: str, key: str) -> str:
    return f"{name.rpartition(':')[2].lower()}-{key[:8]}"
