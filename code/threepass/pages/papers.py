"""The papers: a table of all, and a page a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from threepass.bibtex import to_bibtex
from threepass.equations import to_mathml
from threepass.excerpts import without_docstring
from threepass.models import FiveCs
from threepass.pages.prose import source_of
from threepass.results import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threepass.library import Note
    from threepass.models import Equation
    from threepass.pages.page import Page
    from threepass.pages.site import Site
    from threepass.symbols import Symbol

PASSES = {1: "a first idea", 2: "the overall idea", 3: "in depth"}
"""What each of Keshav's three passes is for."""


class Shown(NamedTuple):
    """An equation as MathML, beside the function that computes it."""

    equation: Equation
    mathml: str
    symbol: Symbol | None
    code: str


def papers_page(site: Site) -> Page:
    """Return the table of all papers, those read last first."""
    notes = sorted(site.library.notes.values(), key=lambda note: _last_read(site, note), reverse=True)
    return site.page(
        "papers/index.md",
        "papers.md.jinja",
        title="Papers",
        description="Every paper with a note, how deeply it has been read, and what its claims measured.",
        notes=notes,
        by_pass=[[note for note in notes if site.library.pass_of(note.key) == number] for number in range(4)],
        states={note.key: _states(site, note) for note in notes},
        passes=PASSES,
    )


def paper_pages(site: Site) -> Iterator[Page]:
    """Yield a page for each note, in the order of the keys."""
    notes = list(site.library.notes.values())
    for number, note in enumerate(notes):
        src = source_of(note)
        cs = note.paper.five_cs
        yield site.page(
            src,
            "paper.md.jinja",
            title=note.paper.title,
            description=f"{', '.join(note.paper.authors)}, {note.paper.published.year}",
            hide=("navigation",),
            topics=note.paper.topics,
            parent="papers/index.md",
            previous=source_of(notes[number - 1]) if number else "",
            following=source_of(notes[number + 1]) if number + 1 < len(notes) else "",
            note=note,
            paper=note.paper,
            depth=site.library.pass_of(note.key),
            passes=site.library.passes.get(note.key, ()),
            pass_names=PASSES,
            five_cs=[(name, getattr(cs, name), field.description) for name, field in FiveCs.model_fields.items()]
            if cs and any(cs.model_dump().values())
            else [],
            equations=[show(site, equation) for equation in note.paper.equations],
            rows=site.ledger.of(note.key),
            notes=site.prose(note.body, src),
            bibtex=to_bibtex(note),
            backlinks=site.backlinks(note.key),
        )


def show(site: Site, equation: Equation) -> Shown:
    """Return an equation with its MathML and the live source of its function, without the docstring."""
    made = to_mathml(equation.latex, display=True)
    symbol = site.tree.find(equation.code) if equation.code else None
    return Shown(equation, made if isinstance(made, str) else "", symbol, without_docstring(symbol) if symbol else "")


def _last_read(site: Site, note: Note) -> tuple[str, str]:
    passes = site.library.passes.get(note.key, ())
    return (max((reading.date.isoformat() for reading in passes), default=""), note.key)


def _states(site: Site, note: Note) -> list[tuple[State, int]]:
    found = [row.state for row in site.ledger.of(note.key)]
    return [(state, found.count(state)) for state in State if state in found]
