"""The name of a function in; a fingerprint of all the code that it reaches, out, without importing any of it.

Two fingerprints are equal exactly when nothing that counts has changed: the source of every definition, constant,
decorator, default value and base class of our packages that the function reaches, what their modules do when they are
imported, the data files that they name, what each name stands for, and the versions of the packages given. Docstrings,
comments, layout and most annotations (`normal_form.py`) do not count. What cannot be followed takes a whole module in,
and is listed in `Fingerprint.widened`.

What no reader of source can see: code that is changed from outside (a plugin, a monkey patch by a package that is not
ours), what `eval` makes up, files by paths that a value decides, the machine.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from threepass.reach.graph import Graph, Widening

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from threepass.reach.symbols import SourceTree

__all__ = ["Fingerprint", "Widening", "fingerprint", "minor_release", "minor_releases", "reached"]

_FORMAT = "1"
"""To be raised when the same code shall get another fingerprint, and every claim be measured again."""


@dataclass(frozen=True)
class Fingerprint:
    """What a claim's code is: a digest (64 hexadecimal digits), and for people what went into it.

    `reached` holds `module:name` for each definition, and `module` for each module that does more than define when it
    is imported; `data_files` are sorted by path.
    """

    digest: str
    reached: tuple[str, ...]
    widened: tuple[Widening, ...]
    data_files: tuple[Path, ...]


def fingerprint(reference: str, tree: SourceTree, *, environment: Mapping[str, str] | None = None) -> Fingerprint:
    """Return the fingerprint of `package.module:name`; a name that is not there has one too, and no other equals it.

    `environment` maps packages to versions, which count by their minor release: `2.13.0+cpu` is `2.13`. To compare
    with a result of the past, give the versions that it recorded, replaced by those installed here where there are
    any: `recorded | minor_releases(recorded)`. So a new torch makes results stale, and no torch makes none.
    """
    graph = tree.once(Graph)
    reached = graph.reach(graph.roots(reference))
    own = sorted((name, node.digest) for name, node in reached.items() if node.digest)
    files = sorted({file for node in reached.values() for file in node.files})
    named = [(os.path.relpath(file, tree.root).replace(os.sep, "/"), graph.file_digest(file)) for file in files]
    versions = sorted((package, minor_release(number)) for package, number in (environment or {}).items())
    digest = hashlib.sha256("\0".join((_FORMAT, reference)).encode())
    for kind, entries in (("code", own), ("data", named), ("version", versions)):
        for name, value in entries:
            digest.update(f"\n{kind}\0{name}\0{value}".encode("utf-8", "surrogateescape"))
    widened = sorted({widening for node in reached.values() for widening in node.widened})
    return Fingerprint(digest.hexdigest(), tuple(name for name, _ in own), tuple(widened), tuple(files))


def reached(reference: str, tree: SourceTree) -> frozenset[str]:
    """Return what `package.module:name` reaches: `module:name` for each definition, itself among them."""
    graph = tree.once(Graph)
    return frozenset(name for name, node in graph.reach(graph.roots(reference)).items() if node.digest)


def minor_release(version: str) -> str:
    """Return `2.13` for `2.13.0+cpu`; what does not begin with a number stays as it is."""
    match = re.match(r"\d+(?:\.\d+)?", version)
    return match.group() if match else version


def minor_releases(packages: Iterable[str]) -> dict[str, str]:
    """Return the minor release of each package that is installed here, without importing it."""
    found = {}
    for package in packages:
        try:
            found[package] = minor_release(version(package))
        except PackageNotFoundError:
            continue
    return found
