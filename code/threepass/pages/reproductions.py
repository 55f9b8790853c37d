"""The reproductions: a page a module, from its docstrings and live source. All of them together: `gallery.py`."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from threepass.pages.gallery import exhibits
from threepass.pages.site import module_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threepass.library import Note
    from threepass.pages.page import Page
    from threepass.pages.site import Site

Uses = dict[tuple[str, str], list[tuple["Note", str, str]]]
"""By module and name there: the notes that name it or a method of it, what they call it, and the anchor there."""


def reproduction_pages(site: Site) -> Iterator[Page]:
    """Yield the overview, then a page for each module that defines something."""
    uses = _uses(site)
    modules = [(name, site.tree.find(name), site.tree.members(name)) for name, _ in site.tree.modules()]
    shown = [(name, module, members) for name, module, members in modules if module is not None and members]
    shows = exhibits(site, shown)
    yield site.page(
        "reproductions/index.md",
        "reproductions.md.jinja",
        title="Reproductions",
        description="The papers' equations as code.",
        exhibits=[each for each in shows if each.is_used],
        others=[each for each in shows if not each.is_used],
    )
    for name, module, members in shown:
        src = module_page(name)
        yield site.page(
            src,
            "reproduction.md.jinja",
            title=name.partition(".")[2] or name,
            description=(module.docstring or "").partition("\n")[0],
            hide=("navigation",),
            parent="reproductions/index.md",
            module_name=name,
            module=module,
            summary=site.docstring(module.docstring, src, top=3),
            members=[(member, site.docstring(member.docstring, src, top=3)) for member in members],
            uses=uses,
        )


def _uses(site: Site) -> Uses:
    found: Uses = defaultdict(list)

    def note_use(reference: str | None, note: Note, said: str, anchor: str) -> None:
        symbol = site.tree.find(reference) if reference and reference != "none" else None
        if symbol is not None:
            shown, _, _ = symbol.qualified_name.partition(".")  # a method stands on the page with its class
            found[symbol.module, shown].append((note, said, anchor))

    for note in site.library.notes.values():
        for equation in note.paper.equations:
            note_use(equation.code, note, equation.label, f"equation-{equation.id}")
        for claim in note.paper.claims:
            note_use(claim.check, note, f"claim “{claim.id}”", f"claim-{claim.id}")
            note_use(claim.control, note, f"control of “{claim.id}”", f"claim-{claim.id}")
    return found
