"""Edits of this library's code at many depths, and the claims that each of them makes stale, and no other.

ARCHITECTURE.md shows `edits.yml` as a table.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from threepass.ledger import code_fingerprint
from threepass.library import load
from threepass.reach.symbols import SourceTree

ROOT = Path(__file__).resolve().parents[2]
EDITS = yaml.safe_load(Path(__file__).with_name("edits.yml").read_text("utf-8"))
CLAIMS = {f"{note.key}/{claim.id}": claim for note in load(ROOT).notes.values() for claim in note.paper.claims}


def fingerprints(code: Path) -> dict[str, str]:
    tree = SourceTree(code, ("reproductions",))
    return {name: code_fingerprint(claim, tree, {}) for name, claim in CLAIMS.items()}


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("code")
    shutil.copytree(ROOT / "code/reproductions", folder / "reproductions")
    return folder


@pytest.fixture(scope="module")
def before(code: Path) -> dict[str, str]:
    return fingerprints(code)


@pytest.mark.parametrize("edit", EDITS, ids=[edit["edit"] for edit in EDITS])
def test_an_edit_makes_these_claims_stale_and_no_other(
    edit: dict[str, Any], code: Path, before: dict[str, str]
) -> None:
    module = code / "reproductions" / edit["file"]
    whole = module.read_text("utf-8")
    assert whole.count(edit["old"]) == 1
    module.write_text(whole.replace(edit["old"], edit["new"]), "utf-8")
    try:
        after = fingerprints(code)
    finally:
        module.write_text(whole, "utf-8")
    assert {name for name in CLAIMS if after[name] != before[name]} == set(edit["stale"])


def test_there_are_twelve_edits() -> None:
    assert len({edit["edit"] for edit in EDITS}) == 12
