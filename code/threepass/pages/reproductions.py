"""The reproductions: a page a module, from its docstrings and live source. All of them together: `gallery.py`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from threepass.fingerprint import reached
from threepass.pages.gallery import exhibits
from threepass.pages.site import module_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threepass.library import Note
    from threepass.pages.page import Page
    from threepass.pages.site import Site


@dataclass
class Use:
    """What a note has to do with a definition: where it names it, or a method of it, and which claims reach it."""

    note: Note
    named: list[tuple[str, str]] = field(default_factory=list)
    """What the note calls it, and the anchor there."""
    claims: list[str] = field(default_factory=list)
    """The claims that are measured with it and do not name it, by their ids."""


Uses = dict[str, list[Use]]
"""By `module:name`."""


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
            uses={member.qualified_name: uses.get(f"{name}:{member.qualified_name}", []) for member in members},
        )


def _uses(site: Site) -> Uses:
    found: defaultdict[str, dict[str, Use]] = defaultdict(dict)

    def use(name: str, note: Note) -> Use:
        return found[name].setdefault(note.key, Use(note))

    def name_it(reference: str | None, note: Note, said: str, anchor: str) -> str:
        symbol = site.tree.find(reference) if reference and reference != "none" else None
        if symbol is None:
            return ""
        shown, _, _ = symbol.qualified_name.partition(".")  # a method stands on the page with its class
        name = f"{symbol.module}:{shown}"
        use(name, note).named.append((said, anchor))
        return name

    notes = site.library.notes.values()
    checks = {claim.check.partition(":")[0] for note in notes for claim in note.paper.claims}
    equations: set[str] = set()
    for note in notes:
        for equation in note.paper.equations:
            equations.add(name_it(equation.code, note, equation.label, f"equation-{equation.id}"))
        for claim in note.paper.claims:
            name_it(claim.check, note, f"claim “{claim.id}”", f"claim-{claim.id}")
            name_it(claim.control, note, f"control of “{claim.id}”", f"claim-{claim.id}")
    for note in notes:
        for claim in note.paper.claims:
            for name in reached(claim.check, site.tree):
                if name in equations or name.partition(":")[0] not in checks:  # not what checks share among them
                    use(name, note).claims.append(claim.id)
    return {name: list(uses.values()) for name, uses in found.items()}
