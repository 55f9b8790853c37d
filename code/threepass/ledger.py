"""A library and its code in; what is known of every claim, out. Nothing is run or imported."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from threepass.fingerprint import fingerprint
from threepass.results import State, state_of
from threepass.symbols import SourceTree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from threepass.library import Library, Note
    from threepass.models import Claim, Measurement


@dataclass(frozen=True)
class Row:
    """A claim, what it last measured, and what that is worth now."""

    note: Note
    claim: Claim
    measured: Measurement | None
    state: State

    @property
    def name(self) -> str:
        """The claim's name in the whole library: `key/id`."""
        return f"{self.note.key}/{self.claim.id}"


@dataclass(frozen=True)
class Ledger:
    """Every claim of a library, in the order of the notes."""

    rows: tuple[Row, ...]

    def of(self, key: str) -> tuple[Row, ...]:
        """Return the claims of one note."""
        return tuple(row for row in self.rows if row.note.key == key)

    @property
    def counts(self) -> Mapping[State, int]:
        """How many claims are in each state; every state is named."""
        found = Counter(row.state for row in self.rows)
        return {state: found[state] for state in State}


def source_tree(library: Library) -> SourceTree:
    """Return the code that a library's notes may name."""
    return SourceTree(library.root / library.settings.claims.code, library.settings.claims.packages)


def ledger(library: Library, tree: SourceTree) -> Ledger:
    """Return what is known of every claim."""
    rows = []
    for note in library.notes.values():
        for claim in note.paper.claims:
            measured = library.measurement(note.key, claim.id)
            now = code_fingerprint(claim, tree, measured.environment) if measured else ""
            rows.append(Row(note, claim, measured, state_of(claim, measured, now)))
    return Ledger(tuple(rows))


def code_fingerprint(claim: Claim, tree: SourceTree, environment: Mapping[str, str]) -> str:
    """Return the fingerprint of a claim's check and control in an environment of versions."""
    names = [claim.check] if claim.control in (None, "none") else [claim.check, str(claim.control)]
    return "-".join(fingerprint(name, tree, environment=environment).digest[:16] for name in names)
