"""Nothing is lost: what is written is read back equal, a broken file is a problem, and what cannot be is one line."""

import ctypes
import datetime as dt
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from at_once import run_at_once
from example_library import files
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from threepass.authoring.proposal import read_day, read_paper
from threepass.checks import check
from threepass.cli import main
from threepass.editing import in_front_matter, set_value
from threepass.ledger import source_tree
from threepass.library import load
from threepass.models import Day, Paper
from threepass.problems import CODES, Problem

RUN = [sys.executable, "-c", "from threepass.cli import main; raise SystemExit(main())"]
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, PR_CAPBSET_DROP = 1, 2, 24
"""Of Linux: linux/capability.h, linux/prctl.h."""
A_DAY = Path("journal/2024/2024-11-21.yml")
A_NOTE = Path("papers/vaswani2017attention.md")

SAID = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60).filter(
    lambda text: bool(text.strip())
)
WORD = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True).map(lambda word: word[:30])
WORDS = st.lists(WORD.filter(lambda word: not word.endswith("-")), max_size=3)
URL = st.from_regex(r"https://[a-z]{1,9}\.org/[a-z0-9#?=&:;@,.'_~-]{0,20}", fullmatch=True)
LINKS = st.lists(st.fixed_dictionaries({"title": SAID, "url": URL}), max_size=2)
DATE = st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1))
KEY = st.from_regex(r"[a-z]{1,9}20[0-9]{2}[a-z]{1,9}", fullmatch=True)
READING = {"pass": st.integers(1, 3)}

DAYS = st.fixed_dictionaries(
    {"date": DATE, "title": SAID},
    optional={
        "day": st.integers(0, 100_000), "goals": WORDS, "minutes": st.integers(1, 1440), "topics": WORDS, "notes": SAID,
        "links": LINKS, "shared": st.lists(URL, max_size=2),
        "readings": st.lists(st.fixed_dictionaries({"paper": KEY, **READING}), max_size=2),
        "figures": st.lists(
            st.fixed_dictionaries({"plot": st.just("a.b:c"), "caption": SAID, "alt": SAID}), max_size=1
        ),
    },
)  # fmt: skip
PAPERS = st.fixed_dictionaries(
    {"title": SAID, "authors": st.lists(SAID, min_size=1, max_size=4), "published": DATE, "url": URL},
    optional={
        "arxiv": st.sampled_from(["1703.01365", "2301.00010", "hep-th/9901001", "math.GT/0309136"]),
        "doi": st.just("10.1145/1273445.1273458"), "venue": SAID, "abstract": SAID, "topics": WORDS,
        "categories": st.lists(SAID, max_size=2), "links": LINKS, "version": st.integers(1, 1000),
        "readings": st.lists(st.fixed_dictionaries({"date": DATE, **READING}), max_size=2),
        "five_cs": st.dictionaries(st.sampled_from(["category", "context", "clarity"]), SAID, max_size=3),
        "equations": st.lists(st.fixed_dictionaries({"id": st.just("eq"), "label": SAID, "latex": SAID}), max_size=1),
    },
)  # fmt: skip


def written(fields: dict[str, Any]) -> str:
    text = ""
    for name, value in fields.items():
        text = set_value(text, (name,), value)
    return text


@settings(max_examples=60)
@given(DAYS)
def test_a_day_that_is_written_is_read_back_equal(fields: dict[str, Any]) -> None:
    text = written(fields)
    day, _, problems = read_day(text, shown=A_DAY)
    assert problems == []
    assert day == Day.model_validate(fields)
    assert written({"date": "2000-01-01"}) != text
    assert set_value(text, ("title",), fields["title"]) == text


@settings(max_examples=60)
@given(PAPERS, st.text(st.characters(exclude_categories=["Cs"]), max_size=80), st.sampled_from(["\n", "\r\n"]))
def test_a_note_that_is_written_is_read_back_equal(fields: dict[str, Any], body: str, newline: str) -> None:
    def fill(yaml: str) -> str:
        for name, value in fields.items():
            yaml = set_value(yaml, (name,), value)
        return yaml

    note = in_front_matter(f"---{newline}---{newline}{body}", fill)
    paper, document, problems = read_paper(note, shown=A_NOTE)
    assert problems == []
    assert paper == Paper.model_validate(fields)
    assert document is not None
    assert document.body == body


MARKS = [b"\n", b": ", b"- ", b"[", b"{", b"---\n", b"*a", b"&a ", b"|", b'"', b"\t", b"$", b"[[", b"{{ "]


def test_a_day_that_could_not_be_read_again_is_not_written() -> None:
    assert [problem.code for problem in read_day("notes: " + "x" * 1_000_000, shown=A_DAY)[2]] == ["P002"]
    assert [problem.code for problem in read_paper("---\n" + "x" * 1_000_000, shown=A_NOTE)[2]] == ["P002"]


CUTS = st.lists(
    st.tuples(st.integers(0, 4000), st.integers(0, 30), st.binary(max_size=6) | st.sampled_from(MARKS)),
    min_size=1,
    max_size=4,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60)
@given(cuts=CUTS, file=st.sampled_from([A_DAY, A_NOTE, Path("mkdocs.yml")]))
def test_a_mutated_file_gives_problems_and_never_a_traceback(
    library: Path, cuts: list[tuple[int, int, bytes]], file: Path
) -> None:
    whole = (library / file).read_bytes()
    raw = whole
    for at, length, put in cuts:
        at %= len(raw) + 1
        raw = raw[:at] + put + raw[at + length :]
    try:
        (library / file).write_bytes(raw)
        found = load(library)
        problems = check(found, source_tree(found))
        assert all(isinstance(problem, Problem) and problem.code in CODES for problem in problems)
        assert all(problem.line >= 1 and problem.column >= 1 and "\n" not in problem.message for problem in problems)
        assert (library / file).read_bytes() == raw
        known = {entry.name for entry in found.entries} | set(found.notes)
        assert file.stem in known or file.stem == "mkdocs" or problems
    finally:
        (library / file).write_bytes(whole)


def told(root: Path, *words: str, limit: Callable[[], None] | None = None) -> tuple[int, list[str]]:
    done = subprocess.run(
        [*RUN, *words], cwd=root, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        preexec_fn=limit,
    )  # fmt: skip
    return done.returncode, [line for line in done.stderr.splitlines() if not line.startswith("hint: ")]


def test_a_disk_that_is_full_is_one_line(library: Path) -> None:
    (library / ".threepass").mkdir()
    (library / ".threepass/.gitignore").write_text("*\n")
    before = files(library)

    def full() -> None:
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))

    code, lines = told(library, "today", "-m", "A line. " * 30, "--date", "2024-11-22", limit=full)
    assert code == 1
    assert len(lines) == 1
    assert lines[0].endswith("2024-11-22.yml cannot be written: file too large")
    assert files(library) == before


def as_anybody() -> None:
    """Take from a child that root starts the right to pass over who may read and write (on Linux)."""
    libc = ctypes.CDLL(None)
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


@pytest.fixture
def closed(library: Path) -> Iterator[Callable[[str, int], None]]:
    """Let nobody write to a folder of the library, or not even read it."""
    opened: list[Path] = []

    def close(folder: str, mode: int) -> None:
        opened.append(library / folder)
        opened[0].chmod(mode)
        tried = subprocess.run(["ls" if mode == 0 else "touch", opened[0] / "x"], preexec_fn=as_anybody, check=False)
        if tried.returncode == 0:
            pytest.skip("nothing is closed to root here")

    yield close
    for folder in opened:
        folder.chmod(0o755)


def test_a_read_only_folder_is_one_line(library: Path, closed: Callable[[str, int], None]) -> None:
    (library / ".threepass").mkdir()
    closed("journal/2024", 0o555)
    code, lines = told(library, "today", "-m", "x", "--date", "2024-11-22", limit=as_anybody)
    assert (code, len(lines)) == (1, 1)
    assert lines[0].endswith("2024-11-22.yml cannot be written: permission denied")


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        ("journal", "journal:1:1: P001 the folder cannot be read: Permission denied"),
        ("journal/2024", "journal/2024:1:1: P001 the folder cannot be read: Permission denied"),
        ("papers", "papers/results: Permission denied"),
    ],
)
def test_a_folder_that_cannot_be_read_is_no_empty_one(
    library: Path, closed: Callable[[str, int], None], folder: str, said: str
) -> None:
    (library / "papers/results").mkdir(exist_ok=True)
    closed(folder, 0)
    done = subprocess.run(
        [*RUN, "check"], cwd=library, capture_output=True, text=True, check=False, preexec_fn=as_anybody
    )
    assert done.returncode == 1
    assert said in done.stdout + done.stderr
    assert "made a mistake" not in done.stderr


TODAY = """
import sys
from threepass.cli import main
print("ready", flush=True)
sys.stdin.readline()
for number in range(6):
    assert main(["today", "-m", f"{sys.argv[1]} says {number}.", "--date", "2024-11-21", "--minutes", "1"]) == 0
"""


def test_the_command_run_twice_at_once_adds_both_to_the_day(library: Path) -> None:
    before = load(library).by_name["2024-11-21"].day
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", TODAY, who], cwd=library, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for who in "ab"
    ]
    run_at_once(runs)
    day = load(library).by_name["2024-11-21"].day
    assert sorted((day.notes or "").removeprefix(before.notes or "").split()) == sorted(
        word for who in "ab" for number in range(6) for word in (who, "says", f"{number}.")
    )
    assert day.minutes == (before.minutes or 0) + 12


@pytest.mark.parametrize("folder", ["journal/2020", "journal"])
def test_a_link_out_of_the_library_is_one_line(library: Path, tmp_path: Path, folder: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    if folder == "journal":
        (library / "journal").rename(tmp_path / "old")
    (library / folder).symlink_to(outside)
    code, lines = told(library, "today", "-m", "x", "--date", "2020-01-01")
    assert (code, len(lines)) == (1, 1)
    assert "leads out of" in lines[0]
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        ["today", "-m", "x", "--paper", "../../evil2020key"],
        ["verify", "../../evil2020key"],
        ["add", "../../evil2020key"],
    ],
)
def test_a_key_that_leads_out_of_the_library_is_one_line(library: Path, words: list[str]) -> None:
    before = files(library)
    code, lines = told(library, *words)
    assert code in (1, 2)
    assert sum("../../evil2020key" in line for line in lines) == 1
    assert not any("Traceback" in line for line in lines)
    assert files(library) == before


@pytest.mark.parametrize("key", ["../evil2020key", "a/../../evil2020key", "/tmp/evil2020key", "evil2020key\n", ".."])
def test_a_day_that_names_such_a_key_is_a_problem(library: Path, key: str) -> None:
    day = (library / A_DAY).read_text()
    (library / A_DAY).write_text(set_value(day, ("readings",), [{"paper": key, "pass": 1}]))
    assert main(["check"]) == 1
    found = load(library)
    assert [problem.code for problem in check(found, source_tree(found))] == ["P030"]
