"""How fast the commands are there: threepass beside a bare Click program and jrnl, in one run.

    python benchmarks/commands.py --rounds 10

A library of 1,000 days and 300 papers is written into a temporary folder. Each command is a process of its own; the
rounds go through all of them in turn, so that what else the machine does falls on all alike. Said are the median on the
clock and of the processor; judged is by the second, which other processes disturb less: start-up takes at most twice
the bare program's, `check` less than two seconds. The exit code is 1 where that does not hold.

jrnl is no dependency of this project: `python -m venv /tmp/jrnl && /tmp/jrnl/bin/pip install jrnl`, then
`--jrnl /tmp/jrnl/bin/jrnl`. Without it, it is left out, and said so.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CODE = Path(__file__).resolve().parents[1] / "code"
THREEPASS = [sys.executable, "-c", "from threepass.cli import main; raise SystemExit(main())"]
CLICK = '''import click

@click.group()
def main():
    """Keep a log."""

@main.command()
@click.argument("text")
def add(text):
    """Add to the log."""

main()
'''
JRNL = "journals:\n  default: {folder}/jrnl.txt\neditor: ''\nencrypt: false\nversion: v4.2\ntemplate: false\n"
FIRST = dt.date(2018, 1, 1)
WORDS = ["gradient", "attention", "saliency", "baseline", "softmax", "token", "layer", "head", "decoder", "alignment"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=1000)
    parser.add_argument("--papers", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--jrnl", default=shutil.which("jrnl"), help="the jrnl program, if not the one on the PATH")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_library(folder, days=options.days, papers=options.papers)
        (folder / "bare.py").write_text(CLICK)
        bare = [sys.executable, str(folder / "bare.py")]
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "bare Click program --help": [*bare, "--help"],
            "threepass --help": [*THREEPASS, "--help"],
            "bare Click program add TEXT": [*bare, "add", "A line."],
            "threepass today -m TEXT": [*THREEPASS, "today", "-m", "A line."],
            "threepass check": [*THREEPASS, "check"],
        }
        if options.jrnl:
            (folder / "jrnl.yaml").write_text(JRNL.format(folder=folder))
            jrnl = [options.jrnl, "--config-file", str(folder / "jrnl.yaml")]
            (folder / "jrnl.txt").write_text(jrnl_text(options.days))
            commands |= {"jrnl --help": [options.jrnl, "--help"], "jrnl TEXT": [*jrnl, "A line."]}
        print(f"{options.days} days, {options.papers} papers; median of {options.rounds} rounds")
        seconds = measured(commands, rounds=options.rounds, cwd=folder)
    print(f"{'':30}{'clock':>9}{'processor':>12}")
    for command, (clock, processor) in seconds.items():
        print(f"{command:30}{clock:>7.3f} s{processor:>10.3f} s")
    if not options.jrnl:
        print("jrnl is not there: left out (how to get it: python benchmarks/commands.py --help)")
    ratio = seconds["threepass --help"][1] / seconds["bare Click program --help"][1]
    check = seconds["threepass check"][1]
    holds = ratio <= 2 and check < 2
    print(f"start-up: {ratio:.2f} times the bare program's, at most 2 allowed; check: {check:.2f} s, under 2 wanted")
    print("both hold" if holds else "NOT both hold")
    return 0 if holds else 1


def measured(commands: Mapping[str, Sequence[str]], *, rounds: int, cwd: Path) -> dict[str, tuple[float, float]]:
    """Return the median seconds of each command, on the clock and of the processor; the first round only warms up."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    compiled = str(cwd / "compiled")  # by the first round, as by an installation: of all programs alike
    own = {"PYTHONPATH": str(CODE), "PYTHONPYCACHEPREFIX": compiled, "HOME": str(cwd), "NO_COLOR": "1"}
    environment = kept | own
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            begin = time.perf_counter()
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - begin
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != 0:
                assert process.stderr is not None
                raise SystemExit(f"{name} ended with {process.returncode}: {process.stderr.read().decode()}")
            if number:
                times[name].append((seconds, usage.ru_utime + usage.ru_stime))
    return {
        name: (statistics.median(clock for clock, _ in each), statistics.median(used for _, used in each))
        for name, each in times.items()
    }


def write_library(root: Path, *, days: int, papers: int) -> None:
    """Write a library such as an author could have: days that read papers and link to them, notes of three passes."""
    (root / "mkdocs.yml").write_text(
        "site_name: Bench\nplugins:\n  - threepass:\n      challenge: {name: Bench, days: 1000}\n"
        "      goals: {read: {title: Read}, build: {title: Build}}\n"
    )
    (root / "papers").mkdir()
    keys = [f"bee{2000 + number % 25}{WORDS[number % 10]}{number}" for number in range(papers)]
    for number, key in enumerate(keys):
        (root / "papers" / f"{key}.md").write_text(note_text(number, keys))
    for number in range(days):
        date = FIRST + dt.timedelta(days=number)
        path = root / "journal" / str(date.year) / f"{date}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        key = keys[number % papers]
        path.write_text(
            f"date: {date}\nday: {number + 1}\ntitle: Day {number + 1}\ngoals: [read]\nminutes: 40\n"
            f"readings:\n  - {{paper: {key}, pass: {1 + (number // papers) % 3}}}\n"
            f"notes: |\n  Read [[{key}]] on {WORDS[number % 10]}, with $x^2_{{{number}}}$.\n\n"
            + "".join(f"  {' '.join(WORDS)} {line}\n" for line in range(8))
        )


def note_text(number: int, keys: Sequence[str]) -> str:
    """Return a note of some 60 lines."""
    other = keys[(number * 7 + 1) % len(keys)]
    prose = "\n".join(" ".join(WORDS) for _ in range(12))
    return (
        f"---\ntitle: Paper {number}\nauthors: [Ada Bee, Ben Cee]\npublished: {2000 + number % 25}-06-12\n"
        f"url: https://example.org/{number}\nfive_cs:\n  category: A method.\n  context: Builds on [[{other}]].\n"
        "equations:\n  - {id: one, label: Equation 1, latex: 'y = \\sum_i w_i x_i'}\n---\n"
        f"## First pass\n\n{prose}\n\n## Second pass\n\nAs in [[{other}#Second pass]], $a = b$.\n\n{prose}\n\n"
        f"## Third pass\n\n{prose}\n"
    )


def jrnl_text(days: int) -> str:
    """Return a journal of jrnl with as many days."""
    prose = "\n".join(" ".join(WORDS) for _ in range(8))
    dates = (FIRST + dt.timedelta(days=number) for number in range(days))
    return "".join(f"[{date} 09:00] Day {number + 1}\n{prose}\n\n" for number, date in enumerate(dates))


if __name__ == "__main__":
    raise SystemExit(main())
