"""Each claim of each note of this library: measured here and now, and as the repository keeps it."""

from __future__ import annotations

from pathlib import Path

import pytest

from threepass.claims import judge
from threepass.fingerprint import fingerprint
from threepass.ledger import Row, ledger, source_tree
from threepass.library import load
from threepass.results import State
from threepass.running.measuring import measure

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = load(ROOT)
TREE = source_tree(LIBRARY)
CLAIMS = ledger(LIBRARY, TREE).rows
SLOW = 2.0
"""A claim whose check took more seconds when it was measured is not measured again here; `make verify` does that."""
TRAINING = "reproductions.kept:kept"
"""Nor is one that reaches this: it takes seconds where weights are kept, and a minute where they have to be trained."""


def test_the_library_makes_claims() -> None:
    assert len(CLAIMS) >= 6
    assert TRAINING in fingerprint("reproductions.generation.nucleus_claims:spread_of_the_nucleus", TREE).reached


@pytest.mark.parametrize("row", CLAIMS, ids=[row.name for row in CLAIMS])
def test_claim(row: Row) -> None:
    kept = row.measured
    assert kept, "never measured: run `threepass verify`"
    assert row.state is State.VERIFIED, f"{row.state}: run `threepass verify` {kept.reason}"
    settings = LIBRARY.settings.claims
    control = None if row.claim.control == "none" else row.claim.control
    reached = {
        name for function in (row.claim.check, control) if function for name in fingerprint(function, TREE).reached
    }
    if kept.seconds > SLOW or TRAINING in reached:
        return
    outcome = measure(row.claim.check, control, code=ROOT / settings.code, packages=settings.packages)
    now = judge(row.claim, outcome, fingerprint=kept.fingerprint, today=kept.measured)
    assert not now.reason
    assert now.met, f"measured {now.values}, expected {row.claim.expect}"
    assert not now.control_met, f"the control gave {now.control}, which meets {row.claim.expect}"
