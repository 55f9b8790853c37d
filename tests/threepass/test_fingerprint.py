"""Each file of `fingerprints/` is a small package, edits of it, and the claims that each edit makes stale."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from threepass.fingerprint import Fingerprint, fingerprint, minor_release, minor_releases
from threepass.reach.symbols import SourceTree

CASES = {
    path.stem: yaml.safe_load(path.read_text("utf-8"))
    for path in sorted(Path(__file__).with_name("fingerprints").glob("*.yml"))
}
CODE = Path(__file__).parents[2] / "code"


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def edited(files: dict[str, str], edit: dict[str, Any]) -> dict[str, str]:
    after = dict(files)
    for name, (old, new) in edit.get("replace", {}).items():
        assert old in after[name], f"{name} has no {old!r}"
        after[name] = after[name].replace(old, new)
    for name, text in edit.get("append", {}).items():
        after[name] += text
    for name in edit.get("delete", []):
        del after[name]
    return after | edit.get("write", {})


def fingerprints(root: Path, case: dict[str, Any]) -> dict[str, Fingerprint]:
    tree = SourceTree(root, ("measured", "other"))
    return {claim: fingerprint(full(claim), tree) for claim in case["claims"]}


def full(claim: str) -> str:
    return claim if ":" in claim else f"measured.claims:{claim}"


EDITS = [
    pytest.param(case, edit, id=f"{name}: {edit['name']}") for name, case in CASES.items() for edit in case["edits"]
]


@pytest.mark.parametrize(("case", "edit"), EDITS)
def test_an_edit_makes_exactly_these_claims_stale(case: dict[str, Any], edit: dict[str, Any], tmp_path: Path) -> None:
    before = fingerprints(write(tmp_path / "before" / "code", case["before"]), case)
    after = fingerprints(write(tmp_path / "after" / "code", edited(case["before"], edit)), case)
    assert [claim for claim in case["claims"] if before[claim].digest != after[claim].digest] == [
        claim for claim in case["claims"] if claim in edit["stale"]
    ]
    assert set(edit["stale"]) <= set(case["claims"])


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_what_cannot_be_followed_is_said(case: dict[str, Any], tmp_path: Path) -> None:
    found = fingerprints(write(tmp_path / "code", case["before"]), case)
    said = {claim: {tuple(widening) for widening in each.widened} for claim, each in found.items() if each.widened}
    assert said.keys() == case.get("widened", {}).keys()
    for claim, widening in case.get("widened", {}).items():
        assert tuple(widening) in said[claim]


def test_data_files_are_listed(tmp_path: Path) -> None:
    case = CASES["data_files"]
    root = write(tmp_path / "code", case["before"])
    found = fingerprints(root, case)
    assert {claim: list(each.data_files) for claim, each in found.items()} == {
        claim: [(root / name).resolve() for name in names] for claim, names in case["data_files"].items()
    }


def test_every_claim_of_a_case_is_found(tmp_path: Path) -> None:
    for name, case in CASES.items():
        tree = SourceTree(write(tmp_path / name, case["before"]), ("measured", "other"))
        assert [claim for claim in case["claims"] if tree.find(full(claim)) is None] == []


def test_what_is_reached_is_listed(tmp_path: Path) -> None:
    case = CASES["three_calls_down"]
    found = fingerprints(write(tmp_path, case["before"]), case)
    assert found["gap"].reached == (
        "measured.claims:gap",
        "measured.method:attribute",
        "measured.method:derivative",
        "measured.rule:END",
        "measured.rule:nodes",
        "measured.rule:weights",
        "measured.rule:width",
    )
    assert found["constant"].reached == ("measured.claims:constant",)


@pytest.mark.parametrize("name", ["three_calls_down", "names", "classes", "data_files"])
def test_whatever_runs_is_reached(name: str, tmp_path: Path) -> None:
    """A profiler sees which functions each claim calls: none may be missing from what its fingerprint reached."""
    case = CASES[name]
    root = write(tmp_path / "code", case["before"])
    claims = [full(claim) for claim in case["claims"] if "." not in claim and claim != "by_constant_file"]
    ran = subprocess.run(
        [sys.executable, "-c", PROFILE, str(root), *claims], capture_output=True, text=True, check=True
    )
    tree = SourceTree(root, ("measured",))
    for line in ran.stdout.splitlines():
        claim, *called = line.split()
        assert claim in called
        assert set(called) <= set(fingerprint(claim, tree).reached)
    assert len(ran.stdout.splitlines()) == len(claims)


PROFILE = """
import importlib, sys
sys.path.insert(0, sys.argv[1])
for claim in sys.argv[2:]:
    module, _, name = claim.partition(":")
    check = getattr(importlib.import_module(module), name)
    called = set()
    def note(frame, event, argument):
        home, name = frame.f_globals.get("__name__", ""), frame.f_code.co_qualname.partition(".")[0]
        if event == "call" and home.startswith("measured") and name.isidentifier() and not name.startswith("__"):
            called.add(f"{home}:{name}")
    sys.setprofile(note)
    check()
    sys.setprofile(None)
    print(claim, *sorted(called))
"""


def test_two_claims_with_the_same_code_differ(tmp_path: Path) -> None:
    root = write(tmp_path, {"measured/claims.py": "class A:\n    def b(self): ...\n    def c(self): ...\n"})
    tree = SourceTree(root, ("measured",))
    assert fingerprint("measured.claims:A.b", tree).digest != fingerprint("measured.claims:A.c", tree).digest


@pytest.mark.parametrize("name", ["measured.claims:gone", "measured.gone:a", "gone", "..:x", "measured.claims:", ""])
def test_a_name_that_is_gone_has_a_fingerprint_of_its_own(name: str, tmp_path: Path) -> None:
    root = write(tmp_path, {"measured/claims.py": "def a():\n    return 1\n"})
    tree = SourceTree(root, ("measured",))
    found = fingerprint(name, tree)
    assert len(found.digest) == 64
    assert found.digest != fingerprint("measured.claims:a", tree).digest


def test_versions_count_by_minor_release(tmp_path: Path) -> None:
    tree = SourceTree(write(tmp_path, {"measured/claims.py": "def a():\n    return 1\n"}), ("measured",))

    def digest(**environment: str) -> str:
        return fingerprint("measured.claims:a", tree, environment=environment).digest

    assert digest(torch="2.13.0") == digest(torch="2.13.1+cpu") == digest(torch="2.13")
    assert digest(torch="2.13.0") != digest(torch="2.14.0")
    assert digest(torch="2.13.0") != digest(captum="2.13.0")
    assert digest(torch="2.13.0") != digest()
    assert digest(torch="2.1") != digest(torch="2.10")


@pytest.mark.parametrize(
    ("version", "minor"),
    [("2.13.0+cpu", "2.13"), ("0.9", "0.9"), ("3", "3"), ("2.13.0.dev1", "2.13"), ("unknown", "unknown"), ("", "")],
)
def test_minor_release(version: str, minor: str) -> None:
    assert minor_release(version) == minor


def test_versions_of_installed_packages_replace_recorded_ones() -> None:
    recorded = {"pytest": "1.0", "not-installed-anywhere": "2.13"}
    assert minor_releases(recorded) == {"pytest": minor_release(pytest.__version__)}


def test_fingerprints_import_nothing_of_what_they_read(tmp_path: Path) -> None:
    """In a fresh process: what they import is the standard library and ourselves, and the claim's module is not run."""
    write(tmp_path, {"measured/claims.py": "import torch\nraise SystemExit('imported')\ndef a():\n    return torch\n"})
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "before = set(sys.modules)\n"
        "from threepass.fingerprint import fingerprint\n"
        "from threepass.reach.symbols import SourceTree\n"
        "fingerprint('measured.claims:a', SourceTree(Path(sys.argv[2]), ('measured',)))\n"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(sorted(new - set(sys.stdlib_module_names)))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, str(CODE), str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "['threepass']"


def test_code_nested_too_deeply_is_taken_as_it_stands(tmp_path: Path) -> None:
    deep = " + ".join(["one()"] * 300)
    source = "def one():\n    return 1\n\ndef other():\n    return 2\n\ndef a():\n    return {}\n"
    found = []
    for number, text in enumerate([deep, deep, deep + " + 1"]):
        root = write(tmp_path / str(number), {"measured/claims.py": source.format(text)})
        found.append(fingerprint("measured.claims:a", SourceTree(root, ("measured",))))
    assert found[0] == found[1]
    assert found[1].digest != found[2].digest
    assert "measured.claims:other" in found[0].reached
    assert [widening.where for widening in found[0].widened] == ["measured.claims:a"]


def test_imports_in_a_circle_end(tmp_path: Path) -> None:
    files = {
        "measured/a.py": "from measured.b import f\nfrom measured.b import *\n\ndef claim():\n    return f() + g()\n",
        "measured/b.py": "from measured.a import f\nfrom measured.a import *\n\ndef g():\n    return g()\n",
    }
    found = fingerprint("measured.a:claim", SourceTree(write(tmp_path, files), ("measured",)))
    assert found.reached == ("measured.a:claim", "measured.b:g")
