"""The papers: a page a paper. All of them together: `catalogue.py`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import escape

from threepass import assets
from threepass.citing.bibtex import to_bibtex
from threepass.citing.csl import to_csl, to_words
from threepass.latex.equations import to_mathml
from threepass.latex.symbols_in_equations import mark_symbols
from threepass.models import FiveCs
from threepass.pages.catalogue import PASSES
from threepass.pages.inline import inline
from threepass.pages.outside import as_title, paragraphs
from threepass.pages.prose import source_of
from threepass.pages.related import Related
from threepass.reach.excerpts import without_docstring

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup

    from threepass.library import Entry, Note
    from threepass.models import Equation
    from threepass.pages.page import Page
    from threepass.pages.related import Alike
    from threepass.pages.site import Site
    from threepass.reach.symbols import Symbol


class Named(NamedTuple):
    """A symbol as MathML, and what it stands for as HTML."""

    mathml: str
    meaning: Markup


class Shown(NamedTuple):
    """An equation as MathML with what its symbols stand for, beside the function that computes it."""

    equation: Equation
    mathml: str
    symbols: tuple[Named, ...]
    symbol: Symbol | None
    code: str


def paper_pages(site: Site) -> Iterator[Page]:
    """Yield a page for each note, in the order of the keys."""
    notes = list(site.library.notes.values())
    for number, note in enumerate(notes):
        yield site.page(
            source_of(note),
            "paper.md.jinja",
            title=as_title(note.paper.title),
            description=f"{_who(note.paper.authors)}, {note.paper.published.year}",
            hide=("navigation",),
            topics=note.paper.topics,
            parent="papers/index.md",
            previous=source_of(notes[number - 1]) if number else "",
            following=source_of(notes[number + 1]) if number + 1 < len(notes) else "",
            note=note,
            paper=note.paper,
            pass_names=PASSES,
            script=assets.SYMBOLS,
            found=partial(_of_paper, note=note),
        )


def _of_paper(site: Site, *, note: Note) -> dict[str, object]:
    library, cs = site.library, note.paper.five_cs
    answered = cs and any(cs.model_dump().values())
    return {
        "depth": library.pass_of(note.key),
        "passes": library.passes.get(note.key, ()),
        "newer": library.newer_version(note.key),
        "withdrawn": library.withdrawn(note.key),
        "abstract": paragraphs(note.paper.abstract or ""),
        "five_cs": [(name, getattr(cs, name), field.description) for name, field in FiveCs.model_fields.items()]
        if answered
        else [],
        "equations": [show(site, equation) for equation in note.paper.equations],
        "rows": site.ledger.of(note.key),
        "notes": site.prose(note.body, source_of(note)),
        "citations": [
            ("words", "In words", "text", to_words(note.paper)),
            ("bibtex", "BibTeX", "bibtex", to_bibtex(note)),
            ("csl", "CSL-JSON", "json", to_csl(note)),
        ],
        "alike": _alike(site, note),
        "backlinks": site.backlinks(note.key),
    }


def _alike(site: Site, note: Note) -> tuple[list[tuple[Note, str]], list[tuple[Entry, str]]]:
    """Return the papers and the days that are most like a paper, with the topics that they share, in words."""
    found = site.related.get(note.key, Related())

    def shared(alike: Alike) -> str:
        return ", ".join(site.library.topic_title(topic) for topic in alike.topics)

    papers = [(site.library.notes[each.name], shared(each)) for each in found.papers]
    return papers, [(site.library.by_name[each.name], shared(each)) for each in found.days]


def show(site: Site, equation: Equation) -> Shown:
    """Return an equation with its MathML and the live source of its function, without the docstring."""
    made = to_mathml(equation.latex, display=True)
    mathml = made if isinstance(made, str) else ""
    marked = mark_symbols(mathml, tuple(equation.symbols)).mathml if equation.symbols and mathml else mathml
    named = tuple(Named(_small(latex), inline(says, site)) for latex, says in equation.symbols.items())
    symbol = site.tree.find(equation.code) if equation.code else None
    return Shown(equation, marked, named, symbol, without_docstring(symbol) if symbol else "")


def _small(latex: str) -> str:
    made = to_mathml(latex, display=False)
    return made if isinstance(made, str) else str(escape(latex))


def _who(authors: tuple[str, ...]) -> str:
    """Return the authors for a description, which a search shows on two lines."""
    return ", ".join(authors) if len(authors) <= 12 else f"{', '.join(authors[:3])} and {len(authors) - 3} others"
