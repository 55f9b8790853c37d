"""The papers: a page a paper. All of them together: `catalogue.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from threepass.bibtex import to_bibtex
from threepass.equations import to_mathml
from threepass.excerpts import without_docstring
from threepass.models import FiveCs
from threepass.pages.catalogue import PASSES
from threepass.pages.prose import source_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threepass.models import Equation
    from threepass.pages.page import Page
    from threepass.pages.site import Site
    from threepass.symbols import Symbol


class Shown(NamedTuple):
    """An equation as MathML, beside the function that computes it."""

    equation: Equation
    mathml: str
    symbol: Symbol | None
    code: str


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
