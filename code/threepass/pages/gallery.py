"""The reproductions at a glance: each package of the code with a figure, or an equation, and the papers it is of."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from threepass.latex.equations import to_mathml
from threepass.pages.site import module_page
from threepass.results import State
from threepass.running.figures import figures_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from threepass.library import Note
    from threepass.models import Equation, Figure
    from threepass.pages.site import Site
    from threepass.reach.symbols import Symbol
    from threepass.running.figures import Drawing


class Exhibit(NamedTuple):
    """A package: what it is about, what is to be seen of it, the notes that use it, its modules with their pages."""

    name: str
    title: str
    figure: Figure | None
    drawing: Drawing | None
    equation: Equation | None
    mathml: str
    verified: int
    notes: tuple[Note, ...]
    modules: tuple[tuple[str, str, str], ...]

    @property
    def is_used(self) -> bool:
        """Whether a note, a figure or a claim shows something of it."""
        return bool(self.notes or self.figure or self.verified)


def exhibits(site: Site, modules: Iterable[tuple[str, Symbol, Sequence[Symbol]]]) -> list[Exhibit]:
    """Return the packages of the code, those that most notes use first."""
    packages: defaultdict[str, list[tuple[str, Symbol]]] = defaultdict(list)
    for name, module, _ in modules:
        packages[package_of(name)].append((name, module))
    found = [_exhibit(site, package, members) for package, members in packages.items()]
    return sorted(found, key=lambda each: (-len(each.notes), each.name))


def package_of(module: str) -> str:
    """Return the package that a module belongs to: `reproductions.attention` of `reproductions.attention.scores`."""
    return ".".join(module.split(".")[:2])


def _exhibit(site: Site, package: str, members: Sequence[tuple[str, Symbol]]) -> Exhibit:
    def ours(reference: str | None) -> bool:
        return bool(reference) and package_of((reference or "").partition(":")[0]) == package

    notes = tuple(
        note
        for note in site.library.notes.values()
        if any(ours(each.code) for each in note.paper.equations) or any(ours(each.check) for each in note.paper.claims)
    )
    # papers' figures come after those of the days
    named = [figure for _, _, figure in figures_of(site.library)][::-1]
    drawn = ((figure, site.drawings.get(figure.plot)) for figure in named if ours(figure.plot))
    figure, drawing = next(((f, d) for f, d in drawn if d is not None and d.files), (None, None))
    shown = (each for note in notes for each in note.paper.equations if ours(each.code))
    equation = next(shown, None) if figure is None else None
    made = to_mathml(equation.latex, display=True) if equation else ""
    whole = site.tree.find(package)
    said = (whole.docstring if whole else "") or members[0][1].docstring or ""
    ordered = sorted(members, key=lambda each: _is_program(each[0]))
    listed = tuple((_shown(name), module_page(name), _first_line(module)) for name, module in ordered)
    mathml = made if isinstance(made, str) else ""
    name = package.partition(".")[2] or package
    rows = [row for row in site.ledger.rows if ours(row.claim.check)]
    verified = sum(row.state is State.VERIFIED for row in rows)
    title = said.strip().partition("\n")[0]
    return Exhibit(name, title, figure, drawing, equation, mathml, verified, notes, listed)


def _first_line(module: Symbol) -> str:
    return (module.docstring or "").strip().partition("\n")[0]


def _is_program(module: str) -> bool:
    return module.endswith(".__main__")


def _shown(module: str) -> str:
    """Return what a module is called among those of its package: its own name, or the words by which it is run."""
    return f"python -m {module.removesuffix('.__main__')}" if _is_program(module) else module.rpartition(".")[2]
