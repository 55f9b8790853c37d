"""A library and its code in; what is known of every claim, out. Nothing is run or imported."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from threepass.fingerprint import fingerprint, minor_releases
from threepass.reach.symbols import SourceTree
from threepass.results import State, state_of
from threepass.running.measuring import VERSIONED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from threepass.library import Library, Note
    from threepass.models import Claim, Measurement


@dataclass(frozen=True)
class Row:
    """A claim, what it last measured, what that is worth now, and what it measured before, newest first."""

    note: Note
    claim: Claim
    measured: Measurement | None
    state: State
    former: tuple[Measurement, ...] = ()

    @property
    def history(self) -> tuple[Measurement, ...]:
        """Every measurement that is kept, newest first."""
        return (self.measured, *self.former) if self.measured else ()

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
        return self._by_key.get(key, ())

    @cached_property
    def _by_key(self) -> dict[str, tuple[Row, ...]]:
        rows = sorted(self.rows, key=lambda row: row.note.key)
        return {key: tuple(found) for key, found in groupby(rows, key=lambda row: row.note.key)}

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
    installed = minor_releases(VERSIONED)

    def known(note: Note, claim: Claim) -> Row:
        last = row(note, claim, library.measurement(note.key, claim.id), tree, installed=installed)
        return replace(last, former=library.former_measurements(note.key, claim.id))

    return Ledger(tuple(known(note, claim) for note in library.notes.values() for claim in note.paper.claims))


def row(
    note: Note, claim: Claim, measured: Measurement | None, tree: SourceTree, *, installed: Mapping[str, str]
) -> Row:
    """Return what is known of one claim where the packages `installed` would run it.

    A package that is not installed here counts as it was when the claim was measured: who only builds the site, without
    torch, sees what was verified with torch.
    """
    if measured is None:
        return Row(note, claim, None, State.UNMEASURED)
    environment = {name: installed.get(name, version) for name, version in measured.environment.items()}
    return Row(note, claim, measured, state_of(claim, measured, code_fingerprint(claim, tree, environment)))


def code_fingerprint(claim: Claim, tree: SourceTree, environment: Mapping[str, str]) -> str:
    """Return the fingerprint of a claim's check and control in an environment of versions."""
    names = [claim.check] if claim.control in (None, "none") else [claim.check, str(claim.control)]
    return "-".join(fingerprint(name, tree, environment=environment).digest[:16] for name in names)
