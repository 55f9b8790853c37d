"""How many small changes of the reproductions their tests and claims would notice.

    python benchmarks/mutation.py --sample 200 --seed 0          some of all changes, drawn evenly
    python benchmarks/mutation.py attribution/straight_line.py   every change of some modules
    python benchmarks/mutation.py --listed                       those of mutation-survivors.yml once more
    python benchmarks/mutation.py --all --write                  every change: hours; docs/guide/mutations.md anew

Each change is tried with the tests below tests/reproductions and with the claims that tests/library measures anew
(`--slowest`), so that what is noticed by more than these counts as not noticed; so does what is noticed only since any
change of reached code makes a claim stale. A sample is drawn evenly from all changes, and one of more changes with the
same seed holds that of fewer: with `--results FILE`, it goes on where an interrupted or smaller one ended.

With `--strict` it exits 1 where fewer than 95 % are noticed, where one that is not has no reason in
mutation-survivors.yml, or where a change that has one is noticed or no longer there.

Why none of the mutation testers: cosmic-ray writes each change into the file and starts a new Python for it, which
imports torch for longer than most tests run; mutmut changes the bodies of functions only; neither leaves out a term.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import yaml

ROOT = Path(__file__).resolve().parents[1]
CODE = ROOT / "code"
HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(CODE)]

from mutants.changes import Change, changes  # noqa: E402
from mutants.trial import BY_CLAIMS, BY_TESTS, BY_TIME, SURVIVED, Asked, claims_of, try_all  # noqa: E402

from threepass.library import load  # noqa: E402

SURVIVORS = HERE / "mutation-survivors.yml"
PAGE = ROOT / "docs" / "guide" / "mutations.md"
MARKS = ("<!-- measured: written by benchmarks/mutation.py --seed {seed} -->", "<!-- end -->")
ENOUGH = 0.95
LOOKS = "figures.py"
"""How modules are named that draw: how a figure looks is seen, not measured."""
EXPERIMENTS = "claims.py"
"""How modules are named whose numbers are settings of an experiment (sizes, seeds): a claim has to hold near them."""


class Mutant(NamedTuple):
    """A change of a module, and how many equal ones stand before it on its line."""

    path: Path
    change: Change
    nth: int

    @property
    def name(self) -> tuple[str, str, str]:
        """What mutation-survivors.yml calls it: without a line number, so that the name outlives edits elsewhere."""
        module = self.path.relative_to(CODE / "reproductions").as_posix()
        again = f" ({self.nth + 1})" if self.nth else ""
        return f"{module}:{self.change.within}".rstrip(":"), self.change.text, self.change.what + again


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", help="files or folders below code/reproductions; all if none")
    parser.add_argument("--sample", type=int, default=None, metavar="N", help="try N of the changes (60 of all)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--all", action="store_true", help="try every change of every module: hours")
    parser.add_argument("--listed", action="store_true", help="try only what mutation-survivors.yml lists")
    parser.add_argument("--slowest", type=float, default=2.0, metavar="SECONDS", help="leave out slower claims")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--results", type=Path, metavar="FILE", help="add each verdict to FILE, and try none twice")
    parser.add_argument("--write", action="store_true", help="write what came of it into docs/guide/mutations.md")
    parser.add_argument(
        "--in-view", action="store_true", help="tests were written with this sample in view: it tells nothing of others"
    )
    parser.add_argument("--strict", action="store_true", help="exit 1 where the aim is missed")
    options = parser.parse_args()

    equivalent, reasons = listed()
    found = mutants(options.modules)
    gone = [] if options.modules else sorted((equivalent | reasons.keys()) - {mutant.name for mutant in found})
    random.Random(options.seed).shuffle(found)  # so that the first of them, however many, are drawn evenly
    chosen = [mutant for mutant in found if mutant.name not in equivalent or options.listed]
    print(f"{len(found)} changes, {len(found) - len(chosen)} of them without any effect", flush=True)
    if options.listed:
        chosen = [mutant for mutant in chosen if mutant.name in equivalent | reasons.keys()]
    sample = options.sample or (None if options.all or options.modules or options.listed else 60)
    drawn = sample is not None and sample < len(chosen)
    known, chosen = len(chosen), chosen[:sample]
    verdict_of = tried(chosen, jobs=options.jobs, slowest=options.slowest, results=options.results)
    missed = report(verdict_of, reasons=reasons, equivalent=equivalent, gone=gone, drawn=drawn, listed=options.listed)
    if options.write and verdict_of:
        of = (
            f"{len(chosen):,} of {known:,} changes, drawn evenly with the seed {options.seed}"
            if drawn
            else "every change"
        )
        lines = page(verdict_of, of=of, reasons=reasons, drawn=drawn and not options.in_view)
        begin, end = (mark.format(seed=options.seed) for mark in MARKS)
        before, rest = PAGE.read_text("utf-8").split(begin)
        PAGE.write_text("\n".join([before + begin, "", *lines, "", end]) + rest.split(end, 1)[1], "utf-8")
    return int(missed and options.strict)


def listed() -> tuple[set[tuple[str, str, str]], dict[tuple[str, str, str], str]]:
    """Return the changes that have no effect, and why each of the others that nothing notices is let be."""
    data = yaml.safe_load(SURVIVORS.read_text("utf-8")) if SURVIVORS.exists() else {}
    lists = [
        {(one["in"], one["at"], one["change"]): one["why"] for one in data.get(name) or ()}
        for name in ("without effect", "unnoticed")
    ]
    return set(lists[0]), lists[1]


def mutants(modules: list[str]) -> list[Mutant]:
    """Return the changes of all modules, or of some."""
    roots = [CODE / "reproductions" / name for name in modules] or [CODE / "reproductions"]
    for root in roots:
        if not root.exists():
            raise SystemExit(f"there is no {root}")
    paths = sorted({path for root in roots for path in ([root] if root.is_file() else root.rglob("*.py"))})
    found = []
    for path in paths:
        if not path.name.endswith(LOOKS):
            seen: Counter[tuple[str, str]] = Counter()
            for change in changes(path.read_text("utf-8"), numbers=not path.name.endswith(EXPERIMENTS)):
                found.append(Mutant(path, change, seen[change.text, change.what]))
                seen[change.text, change.what] += 1
    return found


def tried(chosen: list[Mutant], *, jobs: int, slowest: float, results: Path | None) -> dict[Mutant, str]:
    """Try changes, and return what each of them came to."""
    known = {}
    if results and results.exists():
        known = {tuple(key): verdict for key, verdict, _ in map(json.loads, results.read_text("utf-8").splitlines())}
    verdict_of = {one: known[one.name] for one in chosen if one.name in known}
    left = [one for one in chosen if one not in verdict_of]
    if not left:
        return verdict_of
    done = 0

    def verdict(place: int, said: str, seconds: float) -> None:
        nonlocal done
        done += 1
        verdict_of[left[place]] = said
        if results:
            with results.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps([left[place].name, said, round(seconds, 2)]) + "\n")
        if sys.stderr.isatty() or not done % 100:
            print(f"\r{done} of {len(left)} tried", end="", file=sys.stderr, flush=True)

    try_all(
        [Asked(one.path, one.change) for one in left],
        claims=claims_of(load(ROOT), sorted({one.path for one in left}), slowest=slowest),
        jobs=jobs,
        verdict=verdict,
        say=lambda said: print(said, flush=True),
        kept=results.parent if results else None,
    )
    return verdict_of


def report(
    verdict_of: dict[Mutant, str],
    *,
    reasons: dict[tuple[str, str, str], str],
    equivalent: set[tuple[str, str, str]],
    gone: list[tuple[str, str, str]],
    drawn: bool,
    listed: bool,
) -> bool:
    """Print what came of each change; return whether the aim is missed."""
    if not verdict_of:
        print("nothing to try")
        return bool(gone)
    paths = sorted({one.path for one in verdict_of})
    print(f"\n{'noticed by':>50} tests  claims    time  nothing")
    for path in paths:
        counts = Counter(verdict for one, verdict in verdict_of.items() if one.path == path)
        numbers = "".join(f"{counts[verdict]:>8}" for verdict in (BY_TESTS, BY_CLAIMS, BY_TIME, SURVIVED))
        print(f"{path.relative_to(CODE).as_posix():<48}{numbers}")
    survivors = [one for one, verdict in verdict_of.items() if verdict == SURVIVED]
    for one in sorted(survivors):
        why = reasons.get(one.name) or ("without effect" if one.name in equivalent else "NO REASON LISTED")
        print(f"\n{one.path.relative_to(ROOT)}:{one.change.line}: {one.change.what}\n    {one.change.text}\n    {why}")
    for name in gone:
        print(f"\nno longer there: {' | '.join(name)}")
    noticed = len(verdict_of) - len(survivors)
    without_reason = [one for one in survivors if one.name not in equivalent | reasons.keys()]
    if listed:
        wrong = [one for one, verdict in verdict_of.items() if verdict != SURVIVED]
        for one in wrong:
            print(f"\nnoticed now: {' | '.join(one.name)}")
        return bool(wrong or gone)
    low, high = interval(noticed, len(verdict_of))
    between = f" (95 % interval: {low:.1%} to {high:.1%})" if drawn else ""
    print(
        f"\n{noticed} of {len(verdict_of)} noticed, {noticed / len(verdict_of):.1%}{between}; "
        f"{len(without_reason)} of the others without a reason"
    )
    return noticed < ENOUGH * len(verdict_of) or bool(without_reason or gone)


def page(verdict_of: dict[Mutant, str], *, of: str, reasons: dict[tuple[str, str, str], str], drawn: bool) -> list[str]:
    """Return what came of the changes as Markdown: a row a package, then those that nothing notices."""

    def row(name: str, verdicts: Counter[str]) -> str:
        count = verdicts.total()
        numbers = [verdicts[one] for one in (BY_TESTS, BY_CLAIMS, BY_TIME, SURVIVED)]
        return f"| {name} | {count} | {' | '.join(map(str, numbers))} | {1 - verdicts[SURVIVED] / count:.1%} |"

    packages: dict[str, Counter[str]] = {}
    for one, verdict in sorted(verdict_of.items()):
        packages.setdefault(one.path.parent.name, Counter())[verdict] += 1
    whole = sum(packages.values(), Counter())
    noticed, count = whole.total() - whole[SURVIVED], whole.total()
    low, high = interval(noticed, count)
    between = f" (95 % interval of the share among all: {low:.1%} to {high:.1%})" if drawn else ""
    lines = [
        f"Tried: {of}. **{noticed / count:.1%} are noticed**{between}.",
        "",
        "| package | changes | noticed by a test | by a claim | by taking too long | not noticed | noticed |",
        "|---|--:|--:|--:|--:|--:|--:|",
        *(row(name, verdicts) for name, verdicts in packages.items()),
        row("**all**", whole),
    ]
    survivors = sorted(one for one, verdict in verdict_of.items() if verdict == SURVIVED)
    if survivors:
        lines += ["", "Not noticed:", ""]
    for one in survivors:
        where, at, what = one.name
        lines.append(f"- `{where}`: `{what}` in `{at}`: {reasons.get(one.name, 'no test called for it then')}.")
    return lines


def interval(hits: int, count: int, z: float = 1.96) -> tuple[float, float]:
    """Return Wilson's interval for a share that was seen `hits` times in `count`."""
    share = hits / count
    middle, half = share + z * z / (2 * count), z * math.sqrt(share * (1 - share) / count + (z / (2 * count)) ** 2)
    scale = 1 + z * z / count
    return (middle - half) / scale, (middle + half) / scale


if __name__ == "__main__":
    sys.exit(main())
