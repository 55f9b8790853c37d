"""The workflow that makes an entry of an issue: its own steps, run here in a repository with a remote.

The repository is a library as `threepass init --github` makes it; the workflow of this repository is made from the same
text and differs in what it installs (`tests/generate.py`). GitHub is played by what the workflow asks of it: the event,
`gh`, and the order in which steps run.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from example_library import write_example

from threepass.github.files import github_files, write_missing
from threepass.github.issue_form import TEMPLATE, issue_form
from threepass.library import load
from threepass.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
WORKFLOW = yaml.safe_load(github_files(Settings.model_validate({}))[".github/workflows/day.yml"])
(JOB,) = WORKFLOW["jobs"].values()
RUN_STEPS = [step for step in JOB["steps"] if "run" in step]
EXPRESSION = re.compile(r"\$\{\{ ([\w.]+) \}\}")
NEEDED = ("git", "bash")

EMPTY = "_No response_"
LABELS = ("Date", "Title", "Goals", "Minutes", "Paper", "Pass", "Topics", "Links", "Notes")

GH = """#!/usr/bin/env bash
printf '%s\\n' "$*" >> "$GH_LOG"
case "$1 $2" in
  "issue view") echo "$GH_STATE";;
  "api "*) echo "$GH_PERMISSION";;
  "issue comment") cp "$5" "$GH_LOG.comment";;
esac
"""
PIP = """#!/usr/bin/env bash
test "$*" = "install --quiet --requirement requirements.txt" && grep -qx threepass requirements.txt
"""
THREEPASS = f"""#!/usr/bin/env bash
exec {sys.executable} -c 'from threepass.cli import main; raise SystemExit(main())' "$@"
"""


def body(**values: str) -> str:
    """Return an issue as GitHub renders the form."""
    return "\r\n\r\n".join(f"### {label}\r\n\r\n{values.get(label.lower(), EMPTY)}" for label in LABELS)


def event(text: str, *, association: str = "OWNER", sender: str = "ada", state: str = "open") -> dict[str, Any]:
    issue = {
        "number": 7, "body": text, "created_at": "2024-11-21T22:10:00Z", "state": state,
        "user": {"login": "ada"}, "author_association": association,
    }  # fmt: skip
    return {
        "event": {"issue": issue, "sender": {"login": sender, "id": 1}},
        "token": "secret", "repository": "ada/notes", "server_url": "https://github.com", "run_id": "99",
    }  # fmt: skip


@dataclass
class Machine:
    """Where the steps run: a clone, its remote, and what stands for GitHub."""

    folder: Path
    permission: str = "admin"
    state: str = "OPEN"
    outcomes: dict[str, str] = field(default_factory=dict)

    @property
    def clone(self) -> Path:
        return self.folder / "clone"

    @property
    def asked(self) -> list[str]:
        log = self.folder / "gh.log"
        return log.read_text().splitlines() if log.exists() else []

    @property
    def comment(self) -> str:
        return (self.folder / "gh.log.comment").read_text()

    @property
    def pushed(self) -> list[str]:
        """The subjects of the remote's commits, newest first."""
        return self.git("log", "--format=%s", "main", cwd=self.folder / "remote").splitlines()

    def git(self, *arguments: str, cwd: Path | None = None) -> str:
        run = subprocess.run(["git", *arguments], cwd=cwd or self.clone, env=self.environment(), capture_output=True,
                             text=True, check=True)  # fmt: skip
        return run.stdout

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "GH_"))}
        return kept | {
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT / "code"),
            "RUNNER_TEMP": str(self.folder / "temp"), "GITHUB_ACTIONS": "true", "HOME": str(self.folder),
            "GH_LOG": str(self.folder / "gh.log"), "GH_STATE": self.state, "GH_PERMISSION": self.permission,
            "GIT_CONFIG_NOSYSTEM": "1",
        }  # fmt: skip

    def work(self, github: dict[str, Any]) -> dict[str, str]:
        """Run the steps as GitHub would; return the outcome of each that ran."""
        outcomes: dict[str, str] = {}
        for step in RUN_STEPS:
            failed = "failure" in outcomes.values()
            condition = step.get("if")
            assert condition in (None, "failure() && steps.may.outcome == 'success'")
            if failed != bool(condition) or (condition and self.outcomes.get("may") != "success"):
                continue
            said = {
                name: EXPRESSION.sub(lambda found: value_of(found[1], github), value)
                for name, value in (JOB["env"] | step.get("env", {})).items()
            }
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            environment = self.environment() | said
            run = subprocess.run(command, cwd=self.clone, env=environment, stdin=subprocess.DEVNULL, check=False)
            outcomes[step["name"]] = "failure" if run.returncode else "success"
            self.outcomes[step.get("id", step["name"])] = outcomes[step["name"]]
        return outcomes


def value_of(name: str, github: dict[str, Any]) -> str:
    steps = name.split(".")
    assert steps[0] == "github"
    found: Any = github
    for step in steps[1:]:
        found = found[step]
    return str(found)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library in a repository, and a bare one that it was cloned from."""
    folder = tmp_path_factory.mktemp("day")
    machine = Machine(folder)
    library = folder / "first"
    write_example(library, today=dt.date(2024, 11, 20))
    write_missing(library, github_files(load(library).settings))
    for name in ("bin", "temp"):
        (folder / name).mkdir()
    for name, text in (("gh", GH), ("threepass", THREEPASS), ("pip", PIP)):
        (folder / "bin" / name).write_text(text)
        (folder / "bin" / name).chmod(0o755)
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    machine.git("init", "--quiet", "--initial-branch=main", cwd=library)
    machine.git("add", "--all", cwd=library)
    machine.git(*identity, "commit", "--quiet", "--message", "Begin", cwd=library)
    machine.git("clone", "--quiet", "--bare", str(library), str(folder / "remote"), cwd=folder)
    machine.git("clone", "--quiet", str(folder / "remote"), str(folder / "clone"), cwd=folder)
    return folder


@pytest.fixture
def machine(template: Path, tmp_path: Path) -> Machine:
    missing = [name for name in NEEDED if shutil.which(name) is None]
    assert not missing
    folder = tmp_path / "machine"
    shutil.copytree(template, folder)
    made = Machine(folder)
    made.git("remote", "set-url", "origin", str(folder / "remote"))
    return made


def test_an_issue_becomes_an_entry(machine: Machine) -> None:
    said = body(title="From the train", goals="- [X] read: Read papers\r\n- [ ] learn: Learn", notes="Keys and values.")
    assert machine.work(event(said)) == {step["name"]: "success" for step in RUN_STEPS if "if" not in step}
    assert machine.pushed == ["Add the day of issue #7", "Begin"]
    assert machine.git("log", "-1", "--format=%an <%ae>") == "ada <1+ada@users.noreply.github.com>\n"
    machine.git("pull", "--quiet", cwd=machine.folder / "clone")
    entry = load(machine.clone).entries[-1]
    assert (entry.name, entry.title, entry.day.goals) == ("2024-11-21", "From the train", ("read",))
    assert machine.comment == "wrote journal/2024/2024-11-21.yml\n"
    assert machine.asked[-3:] == [
        "workflow run publish.yml", f"issue comment 7 --body-file {machine.folder}/temp/said.txt", "issue close 7",
    ]  # fmt: skip


HOSTILE = """
$(touch pwned) `touch pwned` \\$(touch pwned) `${{ github.token }}` %s%n
'; touch pwned; '
"; touch pwned; "
; touch pwned #
::set-output name=x::y
::add-mask::x
::stop-commands::x
EOF
--help
---
date: 1999-01-01
- {a: b
&a *a
!!python/object/apply:os.system ['touch pwned']
### Date
<script>touch pwned</script> `{{ x }}` {% raw %} @everyone
\\
""".strip()


def test_nothing_that_an_issue_says_is_run(machine: Machine) -> None:
    """Meanwhile the remote has moved on, as it may."""
    other = machine.folder / "other"
    machine.git("clone", "--quiet", str(machine.folder / "remote"), str(other), cwd=machine.folder)
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    machine.git(*identity, "commit", "--quiet", "--allow-empty", "--message", "Meanwhile", cwd=other)
    machine.git("push", "--quiet", cwd=other)

    title = "$(touch pwned) `touch pwned` '; touch pwned; ' --help"
    outcomes = machine.work(event(body(title=title, notes=HOSTILE.replace("\n", "\r\n"))))
    assert set(outcomes.values()) == {"success"}, (machine.folder / "temp" / "said.txt").read_text()
    assert machine.pushed == ["Add the day of issue #7", "Meanwhile", "Begin"]
    day = load(machine.clone).entries[-1].day
    assert (day.title, day.date, day.notes) == (title, dt.date(2024, 11, 21), f"{HOSTILE}\n")
    assert list(machine.folder.rglob("pwned*")) == []
    assert all("pwned" not in line and "secret" not in line for line in machine.asked)


def test_what_is_wrong_is_answered(machine: Machine) -> None:
    outcomes = machine.work(event(body(date="tomorrow", minutes="`x`", title="```\n@ada")))
    assert list(outcomes.items())[-2:] == [("Write the entry", "failure"), ("Say what is wrong", "success")]
    assert machine.pushed == ["Begin"]
    assert "    issue.md:3:1: P013 'tomorrow' is not a date\n    hint: write it as" in machine.comment
    assert "    issue.md:16:1: P012 '`x`' is not a whole number\n" in machine.comment
    assert "https://github.com/ada/notes/actions/runs/99" in machine.comment
    assert not any(line.startswith(("issue close", "workflow run")) for line in machine.asked)


@pytest.mark.parametrize("now", [{"permission": "read"}, {"permission": "none"}, {"state": "CLOSED"}], ids=str)
def test_who_may_not_write_gets_no_entry_and_no_answer(machine: Machine, now: dict[str, str]) -> None:
    vars(machine).update(now)
    assert list(machine.work(event(body(title="x"))).values()) == ["failure"]
    assert machine.pushed == ["Begin"]
    assert not any(line.startswith("issue comment") for line in machine.asked)


STARTS = {
    "the owner": ({}, True),
    "a collaborator": ({"association": "COLLABORATOR"}, True),
    "a stranger": ({"association": "NONE"}, False),
    "a former contributor": ({"association": "CONTRIBUTOR"}, False),
    "an issue that somebody else edited": ({"sender": "eve"}, False),
    "a closed issue": ({"state": "closed"}, False),
    "another issue": ({"text": "It is broken"}, False),
}


@pytest.mark.parametrize("name", STARTS)
def test_the_job_starts_only_for_those_who_belong_here(name: str) -> None:
    given, starts = STARTS[name]
    github = event(given.get("text", body(title="x")), **{key: value for key, value in given.items() if key != "text"})
    condition = JOB["if"].replace("&&", "and")
    condition = re.sub(r"github(\.\w+)+", lambda found: repr(value_of(found[0], github)), condition)
    known = {
        "startsWith": str.startswith, "contains": lambda many, one: one in many, "fromJSON": yaml.safe_load,
    }  # fmt: skip
    assert eval(condition, {"__builtins__": {}}, known) is starts


def test_no_script_holds_an_expression() -> None:
    """What `${{ … }}` stands for is put into a script's text before a shell reads it."""
    assert all("${{" not in step["run"] for step in RUN_STEPS)
    assert any("${{" in value for step in RUN_STEPS for value in step.get("env", {}).values())


def test_the_job_may_no_more_than_it_needs() -> None:
    assert WORKFLOW["permissions"] == {}
    assert JOB["permissions"] == {"actions": "write", "contents": "write", "issues": "write"}
    assert WORKFLOW[True] == {"issues": {"types": ["opened", "edited"]}}  # `on` is true, in YAML 1.1
    checkout = next(step for step in JOB["steps"] if step.get("uses", "").startswith("actions/checkout@"))
    assert checkout["with"] == {"persist-credentials": False}


def test_the_form_is_that_of_this_library() -> None:
    """`threepass schema issue --to .github/ISSUE_TEMPLATE/day.yml` writes it."""
    assert (ROOT / TEMPLATE).read_text("utf-8") == issue_form(load(ROOT).settings)
    labels = [element["attributes"]["label"] for element in yaml.safe_load((ROOT / TEMPLATE).read_text())["body"]]
    assert labels == list(LABELS)
    assert JOB["if"].count(f"'### {labels[0]}'") == 1
