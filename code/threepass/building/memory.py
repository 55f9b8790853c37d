"""A library's folder, again and again, in; what its site is made from out, with all that has not changed kept.

For `threepass serve`: a day is edited, and the rest of the library is as it was.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from threepass.building.beside import Beside
from threepass.ledger import source_tree
from threepass.library import load
from threepass.pages import site_of, templates_of
from threepass.pages.graph import nodes_and_edges
from threepass.pages.related import related
from threepass.remembered.file_memory import FileMemory

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from threepass.building.ahead import Ahead
    from threepass.ledger import Ledger
    from threepass.library import Library
    from threepass.pages import Site
    from threepass.reach.symbols import SourceTree
    from threepass.running.figures import Drawing


class Memory:
    """What one build leaves to the next of the same process."""

    def __init__(self, ahead: Ahead | None = None) -> None:
        self._files = FileMemory()
        self._former: Site | None = None
        self.ahead = ahead
        """What the one build of a process has begun."""

    def begin(self, root: Path) -> None:
        """Have those work that were begun ahead, and another on which records are alike."""
        if self.ahead is not None:
            library = self.library(root)
            Beside(partial(related, library)).give()
            self.ahead.layout.give(root, *nodes_and_edges(library))

    def library(self, root: Path) -> Library:
        """Read a library; files that have not changed are not read again."""
        return load(root, self._files)

    def tree(self, library: Library) -> SourceTree:
        """Return a library's code; the same object as long as no file of it, or of its tests, has changed."""
        settings = library.settings.claims
        folders = [library.root / folder for folder in (settings.code, settings.tests)]
        files = [path for folder in folders for path in sorted(folder.rglob("*.py"))]
        return self._files.of_all(("code", settings), files, lambda: source_tree(library))

    def site(
        self, library: Library, ledger: Ledger, tree: SourceTree, drawings: Mapping[str, Drawing], *, last: bool = False
    ) -> Site:
        """Return what the pages are made from; it keeps its pages where nothing that all of them need has changed.

        After the `last` site no other is asked for: it keeps nothing.
        """
        overrides = library.root / library.settings.templates if library.settings.templates else None
        files = sorted(overrides.rglob("*")) if overrides else []
        templates = self._files.of_all(("templates", overrides), files, lambda: templates_of(library))
        made = site_of(library, ledger, tree, drawings=drawings, templates=templates, kept=None if last else {})
        former, self._former = self._former, made
        if not last and former is not None and _alike(former, made):
            made = self._former = replace(made, kept=former.kept)
            if "tests" in vars(former):
                vars(made)["tests"] = former.tests  # a cached property, of the same tree
        return made


def _alike(one: Site, other: Site) -> bool:
    """Whether all is the same that every page may depend on."""
    libraries = (one.library, other.library)
    return (
        libraries[0].settings == libraries[1].settings
        and libraries[0].site == libraries[1].site
        and one.tree is other.tree
        and one.templates is other.templates
        and dict(one.drawings) == dict(other.drawings)
    )
