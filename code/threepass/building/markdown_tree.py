"""A library in; its site as a folder of Markdown files out, for any engine that reads Markdown.

The pages are those that MkDocs gets, and what is written by hand (`docs/`) is copied beside them. A list of what was
written stays in the folder, so that the next export replaces it and touches nothing else.
"""

from __future__ import annotations

import dataclasses
import shutil
from typing import TYPE_CHECKING

from threepass.assets import style
from threepass.hinted import HintedError
from threepass.markdown.passages import files_by_hand
from threepass.pages import files_of, pages_of, site_of
from threepass.running.figures import draw_figures

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from threepass.ledger import Ledger
    from threepass.library import Library
    from threepass.pages import Site
    from threepass.reach.symbols import SourceTree

MANIFEST = ".threepass-export"


class ExportError(HintedError):
    """The folder cannot be written to."""


def write_tree(library: Library, ledger: Ledger, tree: SourceTree, *, to: Path) -> int:
    """Write the pages and `docs/` into a folder, and return how many files that were. Raises `ExportError`."""
    target = to.resolve()
    docs = library.root / library.site.docs
    if target == docs or docs in target.parents:
        raise ExportError(f"{to} lies in {library.site.docs}/, which is part of the export", "name a folder outside it")
    if target.exists() and not target.is_dir():
        raise ExportError(f"{to} is a file", "name a folder")
    if target.is_dir() and any(target.iterdir()) and not (target / MANIFEST).is_file():
        raise ExportError(f"{to} is not empty, and no export was written to it before", "name a new folder")
    without = {"editor": False}  # it is no page
    library = dataclasses.replace(library, settings=library.settings.model_copy(update=without))
    drawings = draw_figures(library, tree)
    site = site_of(library, ledger, tree, drawings=drawings)
    pages = {page.src: page.text for page in pages_of(site)}
    pages |= style(library.settings) | files_of(site)
    try:
        return _replace(target, pages, docs, site)
    except OSError as error:
        raise ExportError(f"{error.filename or to} cannot be written: {error.strerror or error}", "") from None


def _replace(target: Path, pages: Mapping[str, str], docs: Path, site: Site) -> int:
    copied = {path.relative_to(docs).as_posix(): path for path in files_by_hand(docs, "*")}
    _remove_former(target)
    for src, text in pages.items():
        if src not in copied:
            _write(target / src, text)
    for name, path in copied.items():
        if path.suffix == ".md":
            _write(target / name, site.by_hand(path.read_text("utf-8"), name))
        else:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / name)
    written = sorted({*pages, *copied})
    _write(target / MANIFEST, "".join(f"{name}\n" for name in written))
    return len(written)


def _remove_former(target: Path) -> None:
    """Delete what the manifest of a former export names, where it lies within the folder."""
    manifest = target / MANIFEST
    if not manifest.is_file():
        return
    for name in manifest.read_text("utf-8").splitlines():
        path = (target / name).resolve()
        if target in path.parents:
            path.unlink(missing_ok=True)
            if path.parent != target and not any(path.parent.iterdir()):
                path.parent.rmdir()


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
