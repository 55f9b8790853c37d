"""How long the fingerprints of many claims take, and `threepass check` of a library that makes them.

    python benchmarks/fingerprint.py --claims 300 --modules 60

A library is written into a temporary folder. Its package is layers of modules, each function calling two of the layer
below, a class and a constant in each module, and claims on top that reach all layers; ten notes make the claims, and
results say that all are verified. Nothing of the package is imported, and `check` runs where torch and all else that
code computes with cannot be imported. The exit code is 1 where its median takes a second of the processor or more.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "code"))

from threepass.fingerprint import fingerprint
from threepass.ledger import code_fingerprint, source_tree
from threepass.library import load
from threepass.models import Measurement, Results
from threepass.reach.symbols import SourceTree
from threepass.results import as_text

FUNCTIONS = 12
DEPTH = 6
NOTES = 10
AT_MOST = 1.0
"""Seconds of the processor that `check` may take, its start included."""
CHECK = """
import sys
sys.modules |= dict.fromkeys(("torch", "captum", "numpy", "transformers", "matplotlib"))  # None: cannot be imported
from threepass.cli import main
raise SystemExit(main(["check", "--strict"]))
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=300)
    parser.add_argument("--modules", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        library, root = Path(folder), Path(folder) / "code"
        root.mkdir()
        references = write_package(root / "measured", modules=options.modules, claims=options.claims)
        lines = sum(path.read_text("utf-8").count("\n") for path in root.rglob("*.py"))
        rounds = [one_round(root, references) for _ in range(options.rounds)]
        modules, reached = rounds[0][0]
        print(f"{modules} modules, {lines} lines, {len(references)} claims, up to {reached} definitions each")
        said("the fingerprints", [(clock, used) for _, clock, used in rounds])
        write_notes(library, references)
        checks = [one_check(library) for _ in range(options.rounds)]
        said("threepass check", checks)
    return int(statistics.median(used for _, used in checks) >= AT_MOST)


def said(what: str, rounds: list[tuple[float, float]]) -> None:
    """Print the seconds by both clocks."""
    for name, seconds in (("on the clock", [r[0] for r in rounds]), ("of the processor", [r[1] for r in rounds])):
        print(f"{what}, {name}: median {statistics.median(seconds):.3f} s, slowest {max(seconds):.3f} s")


def one_check(library: Path) -> tuple[float, float]:
    """Run `threepass check` in a process of its own, which finds nothing; return the seconds by two clocks."""
    path = os.pathsep.join([str(Path(__file__).parents[1] / "code"), *filter(None, [os.environ.get("PYTHONPATH")])])
    begin = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", CHECK], cwd=library, env=os.environ | {"PYTHONPATH": path})
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"check ended with {process.returncode}")
    return time.perf_counter() - begin, usage.ru_utime + usage.ru_stime


def write_notes(library: Path, references: list[str]) -> None:
    """Write notes that make the claims, and results by which all of them are verified."""
    (library / "mkdocs.yml").write_text(
        "site_name: Bench\nplugins:\n  - threepass:\n      claims: {packages: [measured]}\n", "utf-8"
    )
    (library / "papers" / "results").mkdir(parents=True)
    for number in range(NOTES):
        claims = "".join(
            f"  - {{id: c{place}, says: It holds., check: '{reference}', expect: {{at_most: 1}}, control: none,\n"
            "     why_no_control: This is about time.}\n"
            for place, reference in enumerate(references[number::NOTES])
        )
        (library / "papers" / f"bee{2000 + number}bench.md").write_text(
            f"---\ntitle: Bench {number}\nauthors: [Ada Bee]\npublished: {2000 + number}-06-12\n"
            f"url: https://example.org/{number}\nclaims:\n{claims}---\n## First pass\n\nA note.\n",
            "utf-8",
        )
    loaded = load(library)
    tree = source_tree(loaded)
    for key, note in loaded.notes.items():
        measured = {
            claim.id: Measurement(
                values={"value": 0.5}, control={}, met=True, control_met=False, expect=claim.expect, reason="",
                seconds=0.1, measured=dt.date(2021, 8, 27), environment={"torch": "2.13.0"},
                fingerprint=code_fingerprint(claim, tree, {"torch": "2.13.0"}),
            )
            for claim in note.paper.claims
        }  # fmt: skip
        (library / "papers" / "results" / f"{key}.json").write_text(
            as_text(Results(paper=key, claims=measured)), "utf-8"
        )


def one_round(root: Path, references: list[str]) -> tuple[tuple[int, int], float, float]:
    """Return the numbers of modules and of definitions reached, and the seconds that it took, by two clocks."""
    begin, used = time.perf_counter(), time.process_time()
    tree = SourceTree(root, ("measured",))
    found = [fingerprint(reference, tree, environment={"torch": "2.13.0"}) for reference in references]
    seconds, of_processor = time.perf_counter() - begin, time.process_time() - used
    assert len({each.digest for each in found}) == len(found)
    return (len(tree.modules()), max(len(each.reached) for each in found)), seconds, of_processor


def write_package(package: Path, *, modules: int, claims: int) -> list[str]:
    """Write the package; return the references of its claims."""
    package.mkdir()
    (package / "__init__.py").write_text('"""Layers."""\n', "utf-8")
    for number in range(modules):
        (package / f"layer_{number:02}.py").write_text(module_text(number, modules), "utf-8")
    files = max(1, claims // 30)
    references = []
    for file in range(files):
        names = [f"claim_{number}" for number in range(file, claims, files)]
        imports = [f"from measured.layer_{number:02} import *\n" for number in range(0, modules, DEPTH)]
        checks = [
            f"\ndef {name}():\n"
            f'    """Claim {name}."""\n'
            f"    return step_{int(name[6:]) % modules // DEPTH * DEPTH}_{int(name[6:]) % FUNCTIONS}(1.0)\n"
            for name in names
        ]
        (package / f"claims_{file}.py").write_text("".join([*imports, *checks]), "utf-8")
        references += [f"measured.claims_{file}:{name}" for name in names]
    return references


def module_text(number: int, modules: int) -> str:
    """Return a module that calls the one below it, if it has one."""
    below = number + 1 if (number + 1) % DEPTH and number + 1 < modules else None
    head = ["import math\n", *([f"from . import layer_{below:02} as below\n"] if below is not None else [])]
    head += [f"\nRATE_{number} = {number} / 7\n", f"\nclass Model_{number}:\n"]
    head += ["    def __init__(self, width=3):\n        self.width = width\n"]
    head += ["    def forward(self, x):\n        return [math.tanh(x * w) for w in range(self.width)]\n"]
    functions = []
    for index in range(FUNCTIONS):
        calls = "x"
        if below is not None:
            first, second = index, (index + 1) % FUNCTIONS
            calls = f"below.step_{below}_{first}(x) + below.step_{below}_{second}(x)"
        functions.append(
            f"\ndef step_{number}_{index}(x, *, rate=RATE_{number}):\n"
            f'    """Step {index} of layer {number}: a docstring of the usual length, which does not count."""\n'
            f"    total = sum(value for value in Model_{number}({index + 1}).forward(x) if value > 0)\n"
            f"    # a comment on what comes next\n"
            f"    return rate * total + {calls}\n"
        )
    return "".join([*head, *functions])


if __name__ == "__main__":
    raise SystemExit(main())
