"""The command line: exit codes, what is said where, and how fast it is there."""

import contextlib
import datetime as dt
import errno
import fcntl
import io
import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from threepass.cli import EXAMPLES, main
from threepass.library import load
from threepass.models import Day, Paper
from threepass.writing import locked

RUN = [sys.executable, "-c", "from threepass.cli import main; raise SystemExit(main())"]
HEAVY = {"torch", "mkdocs", "requests", "arxiv", "pydantic", "yaml", "jinja2", "rich"}


def run(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*RUN, *arguments], cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def loaded_by(statement: str) -> set[str]:
    said = "import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", f"{statement}; {said}"], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_import_is_light() -> None:
    assert loaded_by("import threepass.cli") & HEAVY == set()


def test_to_know_that_a_site_is_current_nothing_is_read() -> None:
    look = "from pathlib import Path; from threepass.building.site import is_current; is_current(Path.cwd())"
    assert loaded_by(look) & HEAVY == set()


def test_the_end_does_not_look_for_garbage() -> None:
    last = "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count() > 0))"
    run = "from threepass.cli import main; main(['--version'])"
    done = subprocess.run([sys.executable, "-c", f"{last}; {run}"], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "True"


def test_the_proof_of_a_light_import_can_fail() -> None:
    assert loaded_by("import threepass.cli, requests") & HEAVY == {"requests"}


@pytest.mark.parametrize("command", EXAMPLES, ids=lambda command: command.__name__)
def test_the_help_of_each_command_shows_an_example(
    command: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command.__name__.rstrip("_"), "--help"]) == 0
    assert capsys.readouterr().out.endswith(f"\n  Example:\n    {EXAMPLES[command]}\n")


def test_the_summary_of_each_command_fits_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(f"\n  {command.__name__.rstrip('_')} " in out for command in EXAMPLES)
    assert "..." not in out.partition("Commands:")[2]


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert re.fullmatch(r"threepass \d+\.\d+\.\d+\n", capsys.readouterr().out)


# Exit codes, in a process of their own.


def test_0_and_silence_when_all_is_well(library: Path) -> None:
    assert main(["verify"]) == 0
    done = run("check", cwd=library / "journal")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_1_when_the_library_has_problems(library: Path) -> None:
    day = library / "journal/2024/2024-11-21.yml"
    day.write_text(day.read_text().replace("goals: [read]", "goals: [raed]").replace("title:", "titel:"))
    done = run("check", cwd=library)
    assert done.returncode == 1
    assert done.stdout.startswith(
        "journal/2024/2024-11-21.yml:4:1: P010 unknown key 'titel'\nhint: did you mean 'title'?"
    )
    assert done.stderr == ""


@pytest.mark.parametrize(
    "arguments",
    [["chekc"], ["check", "--nope"], ["add"], ["init"], ["today", "--pass", "4"], ["-C", "nowhere", "check"], [],
     ["verify", "nobody2020nothing"], ["schema", "nothing"], ["pages"], ["serve", "--port", "0"]],
)  # fmt: skip
def test_2_for_wrong_usage(library: Path, arguments: list[str]) -> None:
    assert main(arguments) == 2


def test_words_without_their_option_are_told_where_they_belong(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted((library / "journal").rglob("*"))
    assert main(["today", "It isn't", "hard"]) == 2
    assert main(["today", "-h"]) == 0
    out, err = capsys.readouterr()
    assert err == "the text of a day comes after -m\nhint: threepass today -m 'It isn'\"'\"'t hard'\n"
    assert out.startswith("Usage: threepass today [OPTIONS]\n")
    assert sorted((library / "journal").rglob("*")) == before


def test_2_where_no_library_is(tmp_path: Path) -> None:
    done = run("check", cwd=tmp_path)
    hint = "hint: go into one, name it with -C, or make one: `threepass init my-notes`\n"
    assert (done.returncode, done.stderr) == (2, f"no library here: no mkdocs.yml in this folder or above it\n{hint}")
    for folder, hint in (
        (tmp_path, "name a library's folder"),
        (tmp_path / "x", f"`threepass init {tmp_path}/x` makes"),
    ):
        done = run("-C", str(folder), "check", cwd=tmp_path)
        assert (done.returncode, hint in done.stderr) == (2, True)


def test_3_for_a_mistake_of_ours_with_a_log_and_no_traceback(library: Path) -> None:
    broken = "import threepass.standing.overview as o; o.overview = lambda *a, **k: 1 / 0; "
    done = subprocess.run(
        [sys.executable, "-c", broken + RUN[2], "status"], cwd=library, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert "Traceback" not in done.stderr
    (log,) = (library / ".threepass").glob("crash-*.log")
    assert str(log) in done.stderr
    assert "ZeroDivisionError: division by zero" in log.read_text()
    assert "arguments: ['status']" in log.read_text()


def test_3_has_its_log_in_the_temporary_folder_where_there_is_no_library(tmp_path: Path) -> None:
    broken = "import threepass.schema as s; s.json_schema = lambda kind: 1 / 0; "
    done = subprocess.run(
        [sys.executable, "-c", broken + RUN[2], "schema"],
        cwd=tmp_path, env={**os.environ, "TMPDIR": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 3
    (log,) = tmp_path.glob("crash-*.log")
    assert str(log) in done.stderr


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_130_when_interrupted(library: Path, tmp_path: Path, sent: signal.Signals) -> None:
    code = library / "code/reproductions/attention.py"
    marker = tmp_path / "running"
    held = f"import fcntl, time; held = open({str(marker)!r}, 'w'); fcntl.flock(held, fcntl.LOCK_EX)"
    slow = f"def variance_of_scaled_scores() -> float:\n    {held}"
    code.write_text(code.read_text().replace("def variance_of_scaled_scores() -> float:", f"{slow}; time.sleep(60)"))
    with subprocess.Popen(
        [*RUN, "verify"], cwd=library, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as it:
        while not marker.exists() and it.poll() is None:
            time.sleep(0.01)
        it.send_signal(sent)
        _, err = it.communicate(timeout=60)
    assert (it.returncode, err) == (130, "interrupted\n")
    with marker.open() as held_before:
        fcntl.flock(held_before, fcntl.LOCK_EX | fcntl.LOCK_NB)  # by the claim, which has ended


def test_a_reader_that_stops_reading_is_no_mistake(library: Path) -> None:
    with subprocess.Popen([*RUN, "schema"], cwd=library, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
def test_1_where_the_output_is_a_full_disk(library: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*RUN, "status"], cwd=library, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    said = "the output: No space left on device\nhint: free some space, then try again\n"
    assert (done.returncode, done.stderr) == (1, said)


def test_1_where_the_system_refuses_a_file_and_3_where_the_mistake_is_ours(
    library: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(error: OSError) -> None:
        monkeypatch.setattr("threepass.standing.overview.overview", lambda *_, **__: (_ for _ in ()).throw(error))

    refuse(PermissionError(errno.EACCES, "Permission denied", "site/404.html"))
    assert main(["status"]) == 1
    said = "site/404.html: Permission denied\nhint: look at who may read and write it\n"
    assert capsys.readouterr() == ("", said)
    refuse(OSError(errno.EBADF, "Bad file descriptor"))
    assert main(["status"]) == 3


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["today"], 2, "nothing to write\n"),
        (["today", "-m", "x"], 0, ""),
        (["today", "-m", "x", "--paper", "1703.01365"], 1, "no paper with arXiv id 1703.01365\n"),
        (["review", "vaswani2017attention"], 2, "how well was it remembered?\n"),
        (["read", "vaswani2017attention"], 0, ""),
        (["add"], 2, "say which papers\n"),
        (["import", "bibtex", "-"], 1, "- holds no BibTeX entry\n"),
    ],
    ids=str,
)
def test_a_program_may_have_no_standard_input(
    library: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    code: int,
    said: str,
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    assert main(words) == code
    assert capsys.readouterr().err.partition("hint:")[0] == said


@pytest.mark.parametrize("words", [["today"], ["add"], ["import", "bibtex", "-"]], ids=str)
def test_what_is_piped_in_and_is_not_utf_8_is_refused(
    library: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    """Python reads it with half characters in it where the machine's locale is the plain one."""
    piped = io.TextIOWrapper(io.BytesIO(b"caf\xe9"), encoding="utf-8", errors="surrogateescape")
    monkeypatch.setattr(sys, "stdin", piped)
    assert main(words) == 1
    assert capsys.readouterr() == ("", "standard input is not UTF-8 (byte 3)\nhint: save it as UTF-8\n")


def test_a_port_that_is_taken_is_said_before_the_site_is_built(
    library: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    served: list[int] = []
    monkeypatch.setattr("threepass.building.site.serve", lambda _, *, port: served.append(port))
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 1
    said = f"port {port} is taken, by another `threepass serve` perhaps\nhint: `--port {port + 1}`\n"
    assert capsys.readouterr() == ("", said)
    assert main(["serve", "--port", str(port)]) == 0
    assert served == [port]


# check


def test_an_unmeasured_claim_is_a_warning_unless_strict(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert "P053 claim 'scale' has not been measured" in capsys.readouterr().out
    assert main(["check", "--strict"]) == 1


def test_a_failed_and_an_unproven_claim_are_errors(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    note = library / "papers/vaswani2017attention.md"
    text = note.read_text()
    for bound, code in (("between: [2, 3]", "P050"), ("at_least: 0.5", "P051")):
        note.write_text(text.replace("between: [0.9, 1.1]", bound))
        assert main(["verify"]) == 1
        capsys.readouterr()
        assert main(["check"]) == 1
        assert f": {code} claim 'scale'" in capsys.readouterr().out


def test_check_as_json_and_for_github(
    library: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["check", "--json"]) == 0
    (problem,) = json.loads(capsys.readouterr().out)
    assert (problem["code"], problem["severity"], problem["path"]) == (
        "P053",
        "warning",
        "papers/vaswani2017attention.md",
    )
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(library))
    assert main(["check"]) == 0
    assert capsys.readouterr().out.startswith("::warning file=papers/vaswani2017attention.md,line=")
    monkeypatch.delenv("GITHUB_ACTIONS")
    assert main(["verify"]) == 0
    capsys.readouterr()
    assert main(["check", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_the_library_option_goes_before_where_one_is(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["-C", "library", "check"]) == 0
    assert capsys.readouterr().out.startswith("library/papers/vaswani2017attention.md:")


@pytest.mark.parametrize(
    "arguments", [["today", "-m", "x"], ["status"], ["build"], ["verify"], ["pages", "--to", "out"]]
)
def test_with_broken_settings_nothing_else_is_done(
    library: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    config = library / "mkdocs.yml"
    config.write_text(config.read_text().replace("days: 100", "days: many"))
    assert main(arguments) == 1
    assert "mkdocs.yml:" in (err := capsys.readouterr().err)
    assert "P012" in err
    assert not (library / "out").exists()


# verify


def test_with_broken_settings_check_says_these_and_nothing_that_follows_from_them(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = library / "mkdocs.yml"
    config.write_text(config.read_text().replace("days: 100", "days: many"))
    assert main(["check"]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"mkdocs\.yml:\d+:\d+: P012 'many' is not a whole number", line)


def test_a_note_that_is_broken_is_not_said_to_be_missing(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    note = library / "papers/vaswani2017attention.md"
    note.write_text(note.read_text().replace("title:", "titel:", 1))
    for words in (
        ["read", note.stem], ["review", note.stem, "good"], ["update", note.stem], ["export", note.stem],
        ["today", "-m", "x", "--paper", note.stem], ["export"],
    ):  # fmt: skip
        assert main(words) == 1
        out, err = capsys.readouterr()
        assert err.startswith("papers/vaswani2017attention.md:2:1: P010 unknown key 'titel'\nhint: did you mean"), words
        assert out == ""
    assert main(["status"]) == 0
    assert "2 problems hide some of it: `threepass check` names them" in capsys.readouterr().err


@pytest.mark.parametrize(("made", "meant"), [("vault", "notes"), ("README.md", "daylog")], ids=["a folder", "a file"])
def test_what_is_imported_without_saying_what_it_is_gets_the_command(
    library: Path, capsys: pytest.CaptureFixture[str], made: str, meant: str
) -> None:
    if made == "vault":
        (library / made).mkdir()
    assert main(["import", made]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"say what {made} is\nhint: `threepass import {meant} {made}`, or ")
    assert main(["import", "nowhere"]) == 2
    assert "No such command 'nowhere'" in capsys.readouterr().err


def test_a_day_to_share_may_be_named_as_everywhere(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["today", "-m", "What I saw.", "--date", "yesterday", "--title", "Seen"]) == 0
    assert main(["share", "yesterday", "--on", "x"]) == 0
    assert "Seen" in capsys.readouterr().out
    assert main(["share", "2021-02-30"]) == 2
    yesterday = dt.date.today() - dt.timedelta(days=1)
    assert capsys.readouterr().err == f"no day '2021-02-30'\nhint: the last day is {yesterday}\n"


def test_verify_says_state_value_and_bound_and_then_rests(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--check"]) == 1
    assert capsys.readouterr().out == (
        "unmeasured vaswani2017attention/scale  bound 0.9 to 1.1\n1 unmeasured\n"
    )  # fmt: skip
    assert not (library / "papers/results").exists()
    assert main(["verify", "vaswani2017attention", "--jobs", "1"]) == 0
    out = capsys.readouterr().out
    assert re.match(r"verified   vaswani2017attention/scale  0\.98\d?  bound 0\.9 to 1\.1  control 62\.8  in ", out)
    assert out.endswith("\n1 verified\n")
    assert main(["verify"]) == 0
    assert capsys.readouterr().out == "1 verified\n"
    assert main(["verify", "--check"]) == 0
    assert capsys.readouterr().out.startswith("verified   vaswani2017attention/scale")


@pytest.mark.parametrize("into_a_file", [False, True])
def test_what_takes_longer_than_a_second_shows_a_bar_on_a_terminal(
    library: Path, tmp_path: Path, into_a_file: bool
) -> None:
    code, seen = library / "code/reproductions/attention.py", tmp_path / "the bar was seen"
    slow = f"import os, time\n    while not os.path.exists({str(seen)!r}): time.sleep(0.01)"
    code.write_text(code.read_text().replace("    return pvariance([", f"    {slow}\n    return pvariance(["))
    ours, theirs = pty.openpty()
    out = subprocess.PIPE if into_a_file else theirs
    with subprocess.Popen(
        [*RUN, "verify"], cwd=library, stdout=out, stderr=theirs, text=True, env={**os.environ, "TERM": "xterm"}
    ) as process:
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # how a terminal ends
            while chunk := os.read(ours, 4096):
                shown += chunk
                if b"0/1" in shown:
                    seen.touch()
        printed = process.stdout.read() if process.stdout else ""
    os.close(ours)
    assert process.returncode == 0
    bar = shown.decode()
    assert "0/1" in bar
    lines = printed.splitlines() if into_a_file else re.findall(r"(?:^|\x1b\[2K)(verified .*?)\s*\r", bar)
    assert len([line for line in lines if line.startswith("verified   vaswani2017attention/scale")]) == 1, (
        bar,
        printed,
    )


def test_verify_measures_again_with_all(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify"]) == 0
    capsys.readouterr()
    assert main(["verify", "--all"]) == 0
    assert "verified   vaswani2017attention/scale" in capsys.readouterr().out


def test_what_a_dropped_claim_measured_goes_though_nothing_is_to_be_measured(library: Path) -> None:
    (note,) = library.glob("papers/*.md")
    whole = note.read_text()
    again = re.search(r"^  - id: scale\n(?:    .*\n)+", whole, re.MULTILINE)
    assert again
    note.write_text(whole.replace(again[0], again[0] + again[0].replace("id: scale", "id: dropped")))
    assert main(["verify"]) == 0
    (results,) = library.glob("papers/results/*.json")
    assert list(json.loads(results.read_text())["claims"]) == ["scale", "dropped"]
    note.write_text(whole)
    assert main(["verify"]) == 0
    assert list(json.loads(results.read_text())["claims"]) == ["scale"]


def test_a_claim_that_breaks_says_why(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = library / "code/reproductions/attention.py"
    code.write_text(
        code.read_text().replace("    return pvariance([", "    raise ValueError('too warm')\n    return pvariance([")
    )
    assert main(["verify"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("failed     vaswani2017attention/scale")
    assert "too warm" in out
    assert main(["verify", "--check"]) == 1


def test_code_that_is_no_python_is_named_with_its_line(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    package, code = library / "code/reproductions/__init__.py", library / "code/reproductions/attention.py"
    whole = code.read_text()
    code.write_text(whole + "def half(:\n")
    assert main(["check"]) == 1
    said = f"code/reproductions/attention.py:{whole.count(chr(10)) + 1}:10 is broken: invalid syntax"
    assert capsys.readouterr().out.count(f"hint: {said}") == 3
    package.write_text("from reproductions.attention import attention\n")  # what is broken is below what is named
    note = library / "papers/vaswani2017attention.md"
    note.write_text(note.read_text().replace("reproductions.attention:", "reproductions:"))
    assert main(["check"]) == 1
    assert capsys.readouterr().out.count(f"hint: {said}") == 3


def test_a_note_that_cannot_be_read_is_not_passed_over(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    note = library / "papers/vaswani2017attention.md"
    note.write_text(note.read_text().replace("{between: [0.9, 1.1]}", "{equals: 1}"))
    for arguments in (["verify"], ["verify", "vaswani2017attention"], ["verify", "vaswani2017attention/scale"]):
        assert main(arguments) == 1
        assert "P042 `equals` and `within` go together" in capsys.readouterr().err


def test_a_claim_that_is_named_without_its_paper_is_told_with_it(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", "scale"]) == 2
    assert "did you mean 'vaswani2017attention/scale'?" in capsys.readouterr().err


def test_a_change_of_the_code_makes_its_claim_stale(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify"]) == 0
    code = library / "code/reproductions/attention.py"
    code.write_text(code.read_text().replace("score / math.sqrt(d_k)", "score / d_k"))
    capsys.readouterr()
    assert main(["check"]) == 0
    assert "P052" in capsys.readouterr().out
    assert main(["verify", "--check"]) == 1


# status, schema, pages, completion


def test_status_in_words_and_as_json(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status"]) == 0
    out = capsys.readouterr().out
    assert "days     1 of 100, the last on 2024-11-21\n" in out
    assert "papers   unread: 0 · pass 1: 1 · pass 2: 0 · pass 3: 0\n" in out
    assert "  vaswani2017attention: pass 1 on 2024-11-21\n" in out
    assert main(["status", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["days"], data["of"], data["minutes"], data["last_day"]) == (1, 100, 30, "2024-11-21")
    assert data["goals"] == {"learn": 0, "contribute": 0, "read": 1, "write": 0, "build": 0}
    assert data["papers_by_pass"] == {"0": 0, "1": 1, "2": 0, "3": 0}
    assert data["claims"] == {"verified": 0, "failed": 0, "unproven": 0, "stale": 0, "unmeasured": 1}
    assert data["goals_this_week"].keys() == data["goals"].keys()
    assert data["being_read"] == [
        {"paper": "vaswani2017attention", "title": "Attention Is All You Need", "pass": 1, "last_read": "2024-11-21"}
    ]


@pytest.mark.parametrize(("kind", "model"), [("day", Day), ("paper", Paper)])
def test_the_schema_has_every_field_with_its_description(
    kind: str, model: type[Day | Paper], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["schema", kind]) == 0
    text = capsys.readouterr().out
    schema = json.loads(text)
    assert schema["additionalProperties"] is False
    assert {name: field.description for name, field in model.model_fields.items()} == {
        name: field["description"] for name, field in schema["properties"].items()
    }
    assert "pass" in (schema["$defs"].get("DayReading") or schema["$defs"]["Reading"])["properties"]
    assert main(["schema", kind, "--to", str(tmp_path / "new" / "schema.json")]) == 0
    assert (tmp_path / "new" / "schema.json").read_text() == text


def test_a_key_with_nothing_behind_it_fits_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "day"]) == 0
    schema = json.loads(capsys.readouterr().out)
    for name, field in schema["properties"].items():
        assert (name == "date") != ({"type": "null"} in field.get("anyOf", []))


def test_pages_are_the_sites_markdown_and_docs(
    library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    (library / "docs" / "data.bin").write_bytes(b"\0\xff")
    (library / "docs" / "more").mkdir()
    (library / "docs" / "more" / "mine.md").write_text("See [[vaswani2017attention]].\n")
    assert main(["pages", "--to", str(out)]) == 0
    assert (out / "journal" / "2024-11-21.md").read_text().startswith("---\ntitle: ")
    assert (out / "data.bin").read_bytes() == b"\0\xff"
    linked = "See [Attention Is All You Need](../papers/vaswani2017attention.md).\n"
    assert (out / "more" / "mine.md").read_text() == linked
    # again: what is gone is gone, and what is not ours stays
    (out / "mine.txt").write_text("mine")
    (library / "docs" / "data.bin").unlink()
    assert main(["pages", "--to", str(out)]) == 0
    assert not (out / "data.bin").exists()
    assert (out / "mine.txt").read_text() == "mine"


def test_pages_refuse_a_folder_with_something_else_in_it(
    library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    for folder in (tmp_path / "full", library / "docs" / "new", library / "mkdocs.yml"):
        assert main(["pages", "--to", str(folder)]) == 1
        assert capsys.readouterr().err.count("\n") == 2
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]


def test_a_library_with_problems_is_not_built(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (library / "journal/2024/2024-11-22.yml").write_text("date: 2024-11-22\n")
    assert main(["build"]) == 1
    assert "P023" in capsys.readouterr().err
    assert not (library / "site").exists()


def complete(line: str, cwd: Path) -> list[str]:
    words = line.split(" ")
    done = run(
        cwd=cwd, _THREEPASS_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=str(len(words) - 1)
    )  # fmt: skip
    return done.stdout.split()


def test_the_shell_completes_commands_and_citation_keys(library: Path, tmp_path: Path) -> None:
    assert complete("threepass ver", library) == ["verify"]
    assert complete("threepass verify va", library) == ["vaswani2017attention"]
    assert complete("threepass today --paper va", library / "papers") == ["vaswani2017attention"]
    assert complete("threepass -C library verify va", tmp_path) == ["vaswani2017attention"]
    assert complete("threepass verify va", tmp_path) == []
    assert complete("threepass verify x", library) == []
    assert complete("threepass today --goal re", library) == ["read"]
    assert complete("threepass share 2024", library) == ["2024-11-21"]
    assert complete("threepass add --topic ", library) == []
    config = library / "mkdocs.yml"
    config.write_text(config.read_text().replace("# topics:", "topics: {attention: Attention}\n      #"))
    assert complete("threepass add --topic ", library) == ["attention"]


def test_the_site_commands_call_mkdocs(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import threepass.building.site as site

    called: list[tuple[object, ...]] = []
    monkeypatch.setattr(site, "port_is_taken", lambda _: False)
    monkeypatch.setattr(site, "build", lambda root, *, strict, **_: called.append((root, strict)) or 1)
    monkeypatch.setattr(site, "serve", lambda root, *, port: called.append((root, port)))
    assert main(["build"]) == 1
    assert main(["build", "--no-strict"]) == 1
    assert main(["serve", "--port", "8123"]) == 0
    assert called == [(library, True), (library, False), (library, 8123)]


def test_two_builds_of_one_site_do_not_meet(
    library: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import threepass.building.site as site
    import threepass.commands.build as command

    monkeypatch.setattr(site, "build", lambda _, **__: 0)
    monkeypatch.setattr(command, "LONGEST_BUILD", 0.0)
    with locked(library, what="site"):
        assert main(["build"]) == 1
        said = f"site/ is being changed by process {os.getpid()} "
        assert capsys.readouterr().err.startswith(said)
        assert main(["today", "-m", "x", "--date", "2024-11-20"]) == 0  # a day does not wait for a site
    assert main(["build"]) == 0
    assert capsys.readouterr().out.endswith("site/ is built\n")


def test_every_command_of_the_design_loads(library: Path) -> None:
    assert load(library).problems == ()
    assert [command.__name__ for command in EXAMPLES] == [
        "init", "today", "add", "update", "read", "next_", "review", "check", "verify", "status", "build", "serve",
        "pages", "export", "share", "schema",
    ]  # fmt: skip
