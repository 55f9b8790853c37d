"""How fast a library becomes a site, beside plain Material and Zensical, and how that grows. See --help.

A library of so many days, and 30 % as many papers, is written into a temporary folder, all of it cross-linked.
"""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

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
