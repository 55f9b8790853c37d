"""The claims: a ledger of all, and a page a claim with what it has measured over time."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from threepass import assets
from threepass.fingerprint import fingerprint
from threepass.ledger import code_fingerprint
from threepass.pages.claim_files import BADGE, DATA, badge_words
from threepass.pages.history import changes, plot
from threepass.pages.outside import as_title
from threepass.pages.site import module_page
from threepass.results import KEPT, State, verdict
from threepass.wording import bound, quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from threepass.ledger import Row
    from threepass.library import Library, Note
    from threepass.models import Measurement
    from threepass.pages.page import Page
    from threepass.pages.site import Site
    from threepass.reach.symbols import Symbol

LEDGER = "claims.md"


class Past(NamedTuple):
    """A measurement, what it said when it was made, and what had changed since the one before it."""

    measured: Measurement
    state: State
    changes: list[str]


class Role(NamedTuple):
    """A function of a claim: what it does there, its name in the note, and its live source, if it is there."""

    name: str
    reference: str
    symbol: Symbol | None


class ReachedModule(NamedTuple):
    """What a claim's fingerprint covers of one module; `page` is empty where the module has none."""

    name: str
    page: str
    definitions: tuple[str, ...]


class Reach(NamedTuple):
    """What a claim's fingerprint covers, and (where, why) it had to take in more than it could follow."""

    modules: tuple[ReachedModule, ...]
    data_files: tuple[str, ...]
    widened: tuple[tuple[str, str], ...]

    @property
    def summary(self) -> str:
        """How much it is, in words."""
        definitions = sum(len(module.definitions) for module in self.modules)
        parts = [quantity(definitions, "definition"), f"in {quantity(len(self.modules), 'module')}"]
        return " ".join(parts) + (f", {quantity(len(self.data_files), 'data file')}" if self.data_files else "")


def claims_page(site: Site) -> Page:
    """Return the ledger: every claim, what it measured, and what that is worth now."""
    notes = [note for note in site.library.notes.values() if note.paper.claims]
    return site.page(
        LEDGER,
        "claims.md.jinja",
        title="Claims",
        description="Every claim of the library with its bound, the value our code measured, and its state.",
        ledger=site.ledger,
        papers=notes,
        used_topics=_topics(site.library, notes),
        page_of=page_of,
        script=assets.RECORDS,
        data=DATA,
        badge=BADGE,
        badge_words=badge_words(site.ledger),
        address=site.library.site.url,
    )


def claim_pages(site: Site) -> Iterator[Page]:
    """Yield a page for each claim, with the claims before and after it in the ledger."""
    rows = site.ledger.rows
    for number, row in enumerate(rows):
        yield site.page(
            page_of(row),
            "claim.md.jinja",
            title=row.claim.says,
            description=f"{_where(row)}: {row.state}.",
            parent=LEDGER,
            previous=page_of(rows[number - 1]) if number else "",
            following=page_of(rows[number + 1]) if number + 1 < len(rows) else "",
            row=row,
            claim=row.claim,
            roles=_roles(site, row),
            why_stale=_why_stale(site, row),
            now=code_fingerprint(row.claim, site.tree, row.measured.environment if row.measured else {}),
            reach=_reach(site, row),
            past=_past(row.history),
            kept=KEPT,
            plot=plot(row.history),
        )


def page_of(row: Row) -> str:
    """Return the path of a claim's page."""
    return f"claims/{row.name}.md"


def _topics(library: Library, notes: Iterable[Note]) -> list[str]:
    used = {topic for note in notes for topic in note.paper.topics}
    return [topic for topic in library.topics if topic in used]


def _roles(site: Site, row: Row) -> list[Role]:
    named = [("Check", row.claim.check), ("Control", row.claim.control)]
    return [Role(name, what, site.tree.find(what)) for name, what in named if what is not None and what != "none"]


def _past(history: tuple[Measurement, ...]) -> list[Past]:
    return [
        Past(measured, verdict(measured), changes(measured, before))
        for measured, before in zip_longest(history, history[1:])
    ]


def _why_stale(site: Site, row: Row) -> list[str]:
    """Return what has changed since a stale claim was measured."""
    if row.state is not State.STALE or row.measured is None:
        return []
    last = row.measured
    why = [f"the bound was {bound(last.expect)}"] if last.expect != row.claim.expect else []
    if code_fingerprint(row.claim, site.tree, last.environment) != last.fingerprint:
        why.append("its code has changed")
    return why or ["a package that it uses has another version here"]


def _reach(site: Site, row: Row) -> Reach:
    found = [fingerprint(role.reference, site.tree) for role in _roles(site, row)]
    reached = sorted({name for each in found for name in each.reached})
    names: dict[str, list[str]] = {}
    for module, _, definition in (name.partition(":") for name in reached):
        names.setdefault(module, []).append(definition or "what its import does")
    modules = [
        ReachedModule(module, module_page(module) if site.tree.members(module) else "", tuple(definitions))
        for module, definitions in names.items()
    ]
    root = site.library.root.resolve()
    files = sorted({file.resolve() for each in found for file in each.data_files})
    shown = [file.relative_to(root).as_posix() if file.is_relative_to(root) else file.name for file in files]
    widened = sorted({(widening.where, widening.reason) for each in found for widening in each.widened})
    return Reach(tuple(modules), tuple(shown), tuple(widened))


def _where(row: Row) -> str:
    title = as_title(row.note.paper.title)
    return f"{title}, {row.claim.where}" if row.claim.where else title
