"""How fast a library becomes a site, beside plain Material and Zensical, and how that grows.

    python benchmarks/site.py --write

A library of so many days, and 30 % as many papers, all of it cross-linked, is written into a temporary folder. Each
program runs on its own. Up to a thousand days they take turns for some rounds, of which the medians count; a larger
library is built once, and not by the others: plain Material's time grows with the square of the pages, and Zensical
ends with an error where the table of papers is longer than its search allows. Each is timed by two clocks: seconds that
passed, which the bounds are about, and seconds of the processors, its child processes included, which depend less on
what else the machine does. `docs/guide/speed.md` and its plot are written anew with --write.
"""

from __future__ import annotations

import argparse
import compileall
import datetime as dt
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import yaml

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/guide/speed.md"
PLOT = ROOT / "docs/guide/speed.svg"
MARKS = ("<!-- measured: written by benchmarks/site.py -->", "<!-- end -->")
BOUNDS = {
    "full build / plain Material, all pages in its nav": 0.30,
    "full build / Zensical's cold build": 1.0,
    "growth of time, exponent": 1.1,
    "growth of memory, exponent": 1.1,
    "one edited day while serving / full build": 0.10,
    "nothing changed / full build": 0.15,
}
MANY = 1000
"""Days up to which the programs take turns for several rounds, and from which on growth is told."""
MATERIAL = "plain Material"
ALONE = "plain Material, a single page"
EDIT = """
import json, sys, time
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from threepass.building.site import Preview
root, target, day = map(Path, sys.argv[1:])
once = Preview(root, target, address="http://127.0.0.1:8000/")
once()
once.wait()
text = day.read_text("utf-8")
edits, indexes = [], []
for word in ("first", "second", "third"):
    day.write_text(text.replace("notes: |", "notes: |\\n  A %s thought.\\n" % word), "utf-8")
    began, used = time.perf_counter(), time.process_time()
    once()
    edits.append((time.perf_counter() - began, time.process_time() - used))
    began, used = time.perf_counter(), getrusage(RUSAGE_CHILDREN)
    once.wait()
    now = getrusage(RUSAGE_CHILDREN)
    indexes.append((time.perf_counter() - began, now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime))
print(json.dumps([sorted(edits)[1], sorted(indexes)[1]]))
"""


class Took(NamedTuple):
    """Seconds on the clock and of the processors, and the memory of the largest process in MB."""

    clock: float
    processors: float
    memory: float = 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, nargs="+", default=[100, 1000, 5000])
    parser.add_argument("--rounds", type=int, default=3, help="how often the programs take turns, up to 1,000 days")
    parser.add_argument("--write", action="store_true", help="write docs/guide/speed.md and its plot")
    options = parser.parse_args()
    compileall.compile_dir(ROOT / "code/threepass", quiet=1)  # as the other programs are, which are installed
    with tempfile.TemporaryDirectory() as folder:
        found = {
            days: measure(Path(folder, str(days)), days, rounds=options.rounds if days <= MANY else 1)
            for days in sorted(options.days)
        }
        found[min(found)][ALONE] = run(alone(Path(folder)), Path(folder))
    lines = [*table(found), "", *verdicts(found)]
    print("\n".join(lines))
    if options.write:
        plot(found)
        text = PAGE.read_text("utf-8")
        before, after = text.split(MARKS[0])[0], text.split(MARKS[1])[1]
        PAGE.write_text("\n".join([before + MARKS[0], "", *lines, "", MARKS[1]]) + after, "utf-8")


def measure(folder: Path, days: int, *, rounds: int) -> dict[str, Took]:
    """Return what each program took on one library: the medians of some rounds; the others only up to `MANY` days."""
    library = folder / "library"
    write_library(library, days=days)
    tree = folder / "other" / "docs"
    found: dict[str, list[Took]] = {"full build": [], "nothing changed": [], "one edited day": []}
    for _ in range(rounds):
        for made in (library / "site", library / ".cache", tree):
            shutil.rmtree(made, ignore_errors=True)
        found.setdefault("pages", []).append(run([*ours(library), "pages", "--to", str(tree)], folder))
        shutil.rmtree(library / ".cache", ignore_errors=True)
        for name in ("full build", "nothing changed"):
            found[name].append(run([*ours(library), "build", "--no-strict"], folder))
        for name, command in others(library, tree).items() if days <= MANY else ():
            shutil.rmtree(tree.parent / "site", ignore_errors=True)
            found.setdefault(name, []).append(run(command, tree.parent))
    edited = library / f"journal/{FIRST.year}/{FIRST + dt.timedelta(days // 2 % 300)}.yml"
    done = subprocess.run(
        [sys.executable, "-c", EDIT, str(library), str(folder / "served"), str(edited)],
        capture_output=True, text=True, check=True, env=environment(),
    )  # fmt: skip
    edit, index = json.loads(done.stdout)
    found["one edited day"].append(Took(*edit))
    found["its search index, made beside"] = [Took(*index)]
    shutil.rmtree(folder)
    return {name: sorted(took)[len(took) // 2] for name, took in found.items()}


def ours(library: Path) -> list[str]:
    return [sys.executable, "-c", "from threepass.cli import main; main()", "--library", str(library)]


def alone(folder: Path) -> list[str]:
    """Write a site of a single page, and return the command that builds it: what any site of MkDocs takes at least."""
    (folder / "docs").mkdir()
    (folder / "docs/index.md").write_text("# A page\n", "utf-8")
    (folder / "alone.yml").write_text("site_name: Alone\ntheme: {name: material, font: false}\n", "utf-8")
    return [sys.executable, "-m", "mkdocs", "build", "--quiet", "--config-file", "alone.yml"]


def others(library: Path, tree: Path) -> dict[str, list[str]]:
    """Return the commands of the other programs, each with its configuration: they read it when they are run."""
    for name, pages_in_nav in (("material.yml", True), ("zensical.yml", False)):
        write_config(library, tree, name, pages_in_nav=pages_in_nav)
    found = {
        MATERIAL: [sys.executable, "-m", "mkdocs", "build", "--quiet", "--config-file", "material.yml"],
        "Zensical": [shutil.which("zensical") or "", "build", "--clean", "--config-file", "zensical.yml"],
    }
    return {name: command for name, command in found.items() if command[0]}


def run(command: list[str], folder: Path) -> Took:
    """Run a program and return what it took, with the processes it waited for."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=folder, env=environment(), stdout=said, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        took = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise SystemExit(f"{' '.join(command)}:\n{said.read().decode()}")
    return Took(took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT / "code"), "NO_MKDOCS_2_WARNING": "1"}


def write_config(library: Path, tree: Path, name: str, *, pages_in_nav: bool) -> None:
    """Write the configuration of a tree of Markdown: the library's mkdocs.yml, without our plugin."""
    config = yaml.safe_load((library / "mkdocs.yml").read_text("utf-8"))
    config |= {"docs_dir": tree.name, "plugins": ["search"]}
    if pages_in_nav:
        sections: dict[str, list[str]] = {}
        for path in sorted(tree.rglob("*.md")):
            page = path.relative_to(tree).as_posix()
            sections.setdefault(page.rpartition("/")[0], []).append(page)
        config["nav"] = sections.pop("") + [{folder.capitalize(): pages} for folder, pages in sections.items()]
    (tree.parent / name).write_text(yaml.safe_dump(config, sort_keys=False), "utf-8")


def ratios(found: dict[int, dict[str, Took]], clock: str) -> dict[str, dict[int, float]]:
    """Return each bounded ratio by the number of days, by one of the clocks; exponents from 1,000 days on."""
    made: dict[str, dict[int, float]] = {name: {} for name in BOUNDS}
    names = list(BOUNDS)
    for days, by_program in found.items():
        took = {name: getattr(each, clock) for name, each in by_program.items()}
        for name, one, other in (
            (names[0], "full build", MATERIAL),
            (names[1], "full build", "Zensical"),
            (names[4], "one edited day", "full build"),
            (names[5], "nothing changed", "full build"),
        ):
            if one in took and other in took:
                made[name][days] = took[one] / took[other]
        if days > MANY in found:  # below, what a process takes to start is most of it
            small, large, times = found[MANY]["full build"], by_program["full build"], math.log(days / MANY)
            made[names[2]][days] = math.log(getattr(large, clock) / getattr(small, clock)) / times
            made[names[3]][days] = math.log(large.memory / small.memory) / times
    return made


def table(found: dict[int, dict[str, Took]]) -> list[str]:
    names = list(dict.fromkeys(name for took in found.values() for name in took))
    lines = ["| seconds on the clock (of the processors) | " + " | ".join(f"{days:,} days" for days in found) + " |"]
    lines.append("|---|" + "---|" * len(found))
    for name in names:
        cells = [_seconds(took[name]) if name in took else "" for took in found.values()]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    memory = [f"{took['full build'].memory:.0f}" for took in found.values()]
    return [*lines, "| memory of the full build, MB | " + " | ".join(memory) + " |"]


def _seconds(took: Took) -> str:
    return f"{took.clock:.2f} ({took.processors:.2f})"


def verdicts(found: dict[int, dict[str, Took]]) -> list[str]:
    sizes = list(found)
    lines = [
        "| ratio on the clock (of the processors) | at most | " + " | ".join(f"{days:,} days" for days in sizes) + " |",
        "|---|---|" + "---|" * len(sizes),
    ]
    by_clock, by_processors = ratios(found, "clock"), ratios(found, "processors")
    for name, bound in BOUNDS.items():
        cells = []
        for days in sizes:
            cell = [_ratio(by[name].get(days), bound) for by in (by_clock, by_processors)]
            once = "memory" in name
            cells.append(cell[0] if once or not cell[0] else f"{cell[0]} ({cell[1]})")
        lines.append(f"| {name} | {bound:.2f} | " + " | ".join(cells) + " |")
    return lines


def _ratio(ratio: float | None, bound: float) -> str:
    if ratio is None:
        return ""
    return f"{ratio:.2f}{'' if ratio <= bound else ' **missed**'}"


def plot(found: dict[int, dict[str, Took]]) -> None:
    """Draw seconds over days, both logarithmic, in colours that can be read on light and on dark pages."""
    import matplotlib as mpl

    mpl.use("svg")
    import matplotlib.pyplot as plt

    grey = "#7a8291"
    style = {
        "text.color": grey,
        "axes.labelcolor": grey,
        "axes.edgecolor": grey,
        "xtick.color": grey,
        "ytick.color": grey,
    }
    with mpl.rc_context({**style, "font.size": 11, "svg.hashsalt": "site", "svg.fonttype": "none"}):
        figure, axes = plt.subplots(figsize=(7.2, 4.0), layout="constrained")
        colours = {"full build": "#3b82d4", "one edited day": "#1f9a6b", "nothing changed": "#8a6fd1"}
        others = {MATERIAL: "#c0562f", "Zensical": "#b88a1e"}
        for name, colour in (colours | others).items():
            points = [(days, took[name].clock) for days, took in found.items() if name in took]
            if points:
                axes.plot(*zip(*points, strict=True), "o-" if name in colours else "s--", color=colour, label=name)
        axes.set(xscale="log", yscale="log", xlabel="days in the library", ylabel="seconds on the clock")
        axes.set_xticks(list(found), [f"{days:,}" for days in found], minor=False)
        axes.minorticks_off()
        axes.grid(visible=True, color=grey, alpha=0.25)
        axes.legend(frameon=False)
        figure.savefig(PLOT, transparent=True, metadata={"Date": None})


WORDS = """\
attention layer gradient token model loss baseline embedding encoder decoder sequence path weight score
softmax sample batch corpus sentence summary alignment transducer network measure bound claim result error
mean variance probability likelihood entropy kernel matrix vector norm sparse dense deep shallow long short
careful plain honest surprising robust simple strange useful wrong right known open hidden frozen random
""".split()  # noqa: SIM905 - easier to read
SURNAMES = """\
abadi bengio cho devlin elman firth graves harris irsoy jelinek kalman luong mikolov ng olah pascanu quirk
raffel shannon turing uszkoreit vapnik werbos xu yule zipf
""".split()  # noqa: SIM905 - easier to read
TOPICS = ("attention", "decoding", "embeddings", "evaluation", "interpretability", "parsing", "training")
FIRST = dt.date(2015, 1, 1)

CONFIG = """\
site_name: Bench
theme:
  name: material
  font: false
  features: [navigation.tabs, navigation.top, navigation.footer, content.code.copy]
plugins:
  - threepass:
      about: A library made to be measured.
      challenge: {{name: Bench, days: {days}}}
      goals: {{learn: {{title: Learn}}, read: {{title: Read papers}}, build: {{title: Build}}}}
markdown_extensions:
  - admonition
  - attr_list
  - def_list
  - footnotes
  - md_in_html
  - tables
  - toc: {{permalink: true}}
  - pymdownx.details
  - pymdownx.highlight: {{anchor_linenums: false}}
  - pymdownx.inlinehilite
  - pymdownx.superfences
  - pymdownx.tasklist
nav:
  - Home: index.md
  - Journal: journal/index.md
  - Papers: papers/index.md
  - Topics: topics/index.md
  - Claims: claims.md
"""


def write_library(root: Path, *, days: int, seed: int = 1) -> None:
    """Write a library of so many days, and 30 % as many papers, cross-linked; the same for the same seed."""
    draw = random.Random(seed)
    (root / "docs").mkdir(parents=True)
    (root / "mkdocs.yml").write_text(CONFIG.format(days=days), "utf-8")
    names = [(FIRST + dt.timedelta(number)).isoformat() for number in range(days)]
    keys = [_key(number) for number in range(days * 3 // 10)]
    for number, name in enumerate(names):
        path = root / "journal" / name[:4] / f"{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_day(draw, number, name, names, keys), "utf-8")
    (root / "papers").mkdir()
    for number, key in enumerate(keys):
        (root / "papers" / f"{key}.md").write_text(_paper(draw, number, names, keys), "utf-8")


def _key(number: int) -> str:
    return f"{SURNAMES[number % 26]}{1990 + number // 26 % 30}{WORDS[number // 26 % 50]}{'abcdefghij'[number // 780]}"


def _day(draw: random.Random, number: int, name: str, names: list[str], keys: list[str]) -> str:
    before = draw.choice(names[: number + 1])
    notes = [
        f"{_sentences(draw, 4)} See [[{draw.choice(keys)}]] and, from an earlier day, [[{before}]].",
        "",
        f"The loss is $L_{{{number}}} = -\\sum_i \\log p(y_i \\mid x_i)$. {_sentences(draw, 3)}",
        "",
        *(f"- {_sentences(draw, 1)}" for _ in range(3)),
        "",
        "```python",
        f"def step_{number}(x, rate={number % 7 / 10}):",
        "    return [value - rate * gradient(value) for value in x]",
        "```",
    ]
    return "\n".join([
        f"date: {name}", f"day: {number + 1}", f"title: {_title(draw)}",
        f"goals: [{draw.choice(('learn', 'read', 'build'))}]", f"minutes: {draw.randint(10, 120)}",
        "readings:", f"  - {{paper: {keys[number % len(keys)]}, pass: {1 + number // len(keys) % 3}}}",
        f"topics: [{draw.choice(TOPICS)}]", "notes: |", *(f"  {line}".rstrip() for line in notes),
        "links:", f"  - {{title: Code, url: 'https://example.org/{number}'}}", "",
    ])  # fmt: skip


def _paper(draw: random.Random, number: int, names: list[str], keys: list[str]) -> str:
    authors = f"[A. {SURNAMES[number % 26].capitalize()}, B. {draw.choice(SURNAMES).capitalize()}]"
    latex = f"L = \\frac{{1}}{{n}} \\sum_{{i=1}}^{{n}} \\ell_{{{number}}}(x_i)"
    head = [
        "---", f"title: {_title(draw)}", f"authors: {authors}",
        f"published: {FIRST - dt.timedelta(draw.randint(1, 3000))}", f"arxiv: '1001.{10000 + number:05}'",
        "categories: [cs.CL]", f"topics: [{draw.choice(TOPICS)}]",
        "five_cs:", *(f"  {name}: {_sentences(draw, 1)}" for name in ("category", "context", "correctness")),
        "equations:", f"  - {{id: loss, label: Equation 1, latex: '{latex}'}}",
        "---",
    ]  # fmt: skip
    body = []
    for heading in ("First pass", "Second pass", "Third pass"):
        link = f"[[{draw.choice(keys)}]]" if heading != "Third pass" else f"[[{draw.choice(names)}]]"
        body += [f"## {heading}", "", f"{_sentences(draw, 5)} Compare {link}.", "", f"{_sentences(draw, 4)}", ""]
        body += ["| model | score |", "|---|---|"]
        body += [*(f"| {draw.choice(WORDS)} | {draw.random():.3f} |" for _ in range(3)), ""]
        body += ["$$", f"\\mathbb{{E}}[f(x)] = \\int p(x)\\, f(x)\\, dx + {draw.randint(1, 99)}", "$$", ""]
    return "\n".join([*head, *body])


def _title(draw: random.Random) -> str:
    return " ".join(draw.sample(WORDS, 4)).capitalize()


def _sentences(draw: random.Random, count: int) -> str:
    return " ".join(" ".join(draw.sample(WORDS, 12)).capitalize() + "." for _ in range(count))


if __name__ == "__main__":
    main()
