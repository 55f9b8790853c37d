"""`threepass init`: what a newcomer gets is a library that checks, builds and measures."""

import datetime as dt
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from threepass.authoring.new_library import new_files, write_library
from threepass.checks import check
from threepass.cli import main
from threepass.github import files as github_files
from threepass.ledger import ledger, source_tree
from threepass.library import load
from threepass.results import State

TODAY = dt.date(2024, 11, 21)
CALL = "from threepass.cli import main; raise SystemExit(main())"


@pytest.fixture(scope="module")
def yesterday() -> dt.date:
    """Of which the example day is: what one writes first has an entry of its own."""
    return dt.date.today() - dt.timedelta(days=1)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, yesterday: dt.date) -> Path:
    root = tmp_path_factory.mktemp("new") / "my-notes"
    assert main(["init", str(root), "--name", "Ada's notes", "--github"]) == 0
    return root


def test_a_new_library_has_no_problem_and_its_claim_is_verified(
    made: Path, yesterday: dt.date, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["-C", str(made), "check", "--strict"]) == 0
    assert capsys.readouterr() == ("", "")
    library = load(made)
    (row,) = ledger(library, source_tree(library)).rows
    assert row.state is State.VERIFIED
    assert row.measured is not None
    assert row.measured.control
    assert not row.measured.control_met
    assert [entry.date for entry in library.entries] == [yesterday]


def test_without_its_code_the_claim_is_not_verified(tmp_path: Path) -> None:
    write_library(tmp_path, new_files(name="x", today=TODAY))
    code = tmp_path / "code" / "reproductions" / "attention.py"
    code.write_text(code.read_text().replace("score / math.sqrt(d_k)", "score * math.sqrt(d_k)"))
    assert main(["-C", str(tmp_path), "verify"]) == 1


def steps(root: Path, workflow: str) -> dict[str, dict[str, Any]]:
    """Return the steps of a workflow's first job that run a script, by name."""
    text = (root / ".github" / "workflows" / workflow).read_text()
    return {step["name"]: step for step in next(iter(yaml.safe_load(text)["jobs"].values()))["steps"] if "run" in step}


def run_step(step: dict[str, Any], root: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a step's script as GitHub does, where `threepass` is this one."""
    script = f"threepass() {{ {shlex.quote(sys.executable)} -c '{CALL}' \"$@\"; }}\n{step['run']}"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=root, capture_output=True, text=True, check=False, env=os.environ | environment,
    )  # fmt: skip


def test_the_steps_that_publish_a_new_library_build_it_without_a_warning(made: Path, yesterday: dt.date) -> None:
    publish = steps(made, "publish.yml")
    assert list(publish) == ["Install threepass", "Every claim is measured, fresh and met", "Build the site"]
    assert publish["Install threepass"]["run"].endswith(" --requirement requirements.txt")
    assert "\nthreepass\n" in (made / "requirements.txt").read_text()
    assert publish["Every claim is measured, fresh and met"]["run"] == "threepass verify --check"  # measures nothing
    done = run_step(publish["Every claim is measured, fresh and met"], made)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "1 verified"), done.stderr
    pdf = made / "papers" / "pdf" / "vaswani2017attention.pdf"
    pdf.parent.mkdir()
    pdf.write_bytes(b"%PDF-1.5")
    done = run_step(publish["Build the site"], made, SITE_URL="https://ada.github.io/my-notes/")
    assert (done.returncode, "WARNING" in done.stderr) == (0, False), done.stderr
    assert "https://ada.github.io/my-notes/papers/" in (made / "site" / "sitemap.xml").read_text()
    assert list((made / "site").rglob("*.pdf")) == []
    page = (made / "site" / "papers" / "vaswani2017attention" / "index.html").read_text()
    assert "<math" in page
    assert "Ada&#39;s notes" in page or "Ada's notes" in page
    assert (made / "site" / "journal" / str(yesterday) / "index.html").is_file()


def test_git_passes_over_what_is_the_authors_own_or_can_be_made_again(tmp_path: Path) -> None:
    write_library(tmp_path, new_files(name="x", today=TODAY))
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    for path, ignored in (("papers/pdf/a.pdf", True), ("site/x", True), ("papers/results/a.json", False)):
        done = subprocess.run(["git", "check-ignore", "--quiet", path], cwd=tmp_path, check=False)
        assert (done.returncode == 0) is ignored, path


def test_a_claim_that_is_not_met_is_not_published(made: Path, tmp_path: Path) -> None:
    root = shutil.copytree(made, tmp_path / "copy", ignore=shutil.ignore_patterns("site", ".*cache"))
    code = root / "code" / "reproductions" / "attention.py"
    code.write_text(code.read_text().replace("score / math.sqrt(d_k)", "score * math.sqrt(d_k)"))
    assert run_step(steps(root, "publish.yml")["Every claim is measured, fresh and met"], root).returncode == 1


def test_a_published_library_has_its_address_and_an_editor(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = steps(made, "publish.yml")["Build the site"]["env"]
    assert load(made).settings.editor is False
    for name, value in said.items():
        for expression, meant in (
            ("steps.pages.outputs.base_url", "https://ada.github.io/my-notes"),
            ("github.server_url", "https://github.com"),
            ("github.repository", "ada/my-notes"),
        ):
            value = value.replace(f"${{{{ {expression} }}}}", meant)
        monkeypatch.setenv(name, value)
    library = load(made)
    assert library.problems == ()
    assert library.site.url == "https://ada.github.io/my-notes/"
    assert (library.settings.editor, library.settings.repository) == (True, "https://github.com/ada/my-notes")
    assert said.keys() == github_files.TAKEN_FROM_THE_WORKFLOW.keys()
    assert all(
        line.strip() in (made / "mkdocs.yml").read_text() for line in github_files.TAKEN_FROM_THE_WORKFLOW.values()
    )


def test_a_library_that_is_there_gets_what_github_needs_and_keeps_what_it_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_library(tmp_path, new_files(name="x", today=TODAY))
    config = tmp_path / "mkdocs.yml"
    text = config.read_text().replace("build: {title: Build", "bake: {title: Bake")
    config.write_text("".join(line for line in text.splitlines(keepends=True) if "SITE_" not in line))
    (tmp_path / "requirements.txt").write_text("mine\n")
    before = {path: path.read_text() for path in tmp_path.rglob("*") if path.is_file()}
    assert main(["init", str(tmp_path), "--github"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[:4] == [
        "wrote .github/workflows/publish.yml", "wrote .github/workflows/day.yml", "left requirements.txt as it is",
        "wrote .github/ISSUE_TEMPLATE/day.yml",
    ]  # fmt: skip
    assert said[4].startswith("mkdocs.yml does not take what the workflow says of the site; add")
    assert said[5:8] == [f"  {line}" for line in github_files.TAKEN_FROM_THE_WORKFLOW.values()]
    assert "choose 'GitHub Actions' as the source" in said[8]
    assert {path: path.read_text() for path in before} == before
    assert "bake: Bake" in (tmp_path / ".github" / "ISSUE_TEMPLATE" / "day.yml").read_text()
    config.write_text("plugins: [\n")
    assert main(["init", str(tmp_path), "--github"]) == 1
    assert "mkdocs.yml:2:1: P004" in capsys.readouterr().err


def test_without_github_nothing_is_there_for_it(tmp_path: Path) -> None:
    assert main(["init", str(tmp_path / "notes")]) == 0
    assert not (tmp_path / "notes" / ".github").exists()


@pytest.mark.parametrize(
    "name", ["plain", 'Notes: "on" #1 @home', "[x] {y}", "- true", "Über ∑ 🙂", "it's 50 % 'done'"]
)
def test_any_name_is_read_back(tmp_path: Path, name: str) -> None:
    write_library(tmp_path, new_files(name=name, today=TODAY))
    library = load(tmp_path)
    assert library.problems == ()
    assert (library.site.name, library.settings.challenge.name) == (name, name)


def test_the_theme_is_this_repositorys() -> None:
    ours, scaffold = Path("mkdocs.yml").read_text(), new_files(name="x", today=TODAY)["mkdocs.yml"]
    theme = ours[ours.index("theme:\n") : ours.index("plugins:\n")]
    assert theme in scaffold


def test_the_editors_schema_is_that_of_the_command(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = json.loads((made / ".vscode" / "settings.json").read_text())
    schemas = {files: made / schema for schema, files in settings["yaml.schemas"].items()}
    for files, kind in (("journal/**/*.yml", "day"), ("papers/roadmap.yml", "roadmap")):
        assert main(["schema", kind]) == 0
        assert capsys.readouterr().out == schemas[files].read_text()
    assert list(json.loads(schemas["journal/**/*.yml"].read_text())["properties"])[:2] == ["date", "day"]


def test_the_three_next_commands_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(tmp_path / "notes")]) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in said[1:]] == ["cd", "threepass", "threepass"]
    assert load(tmp_path / "notes").site.name == "notes"


def test_the_first_command_can_be_typed_whatever_the_folder_is_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(tmp_path / "my notes; ls")]) == 0
    first = capsys.readouterr().out.splitlines()[1]
    done = subprocess.run(["bash", "-c", f"{first.strip()} && pwd"], capture_output=True, text=True, check=True)
    assert done.stdout == f"{tmp_path}/my notes; ls\n"


def test_made_where_one_stands_it_is_not_looked_for_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", ".", "--name", "notes"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "made the library 'notes' here. Next:"
    assert [line.split()[0] for line in said[1:]] == ["threepass", "threepass"]


def test_a_folder_that_git_has_begun_is_empty(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert main(["init", str(tmp_path)]) == 0
    assert load(tmp_path).entries


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert main(["init", str(tmp_path)]) == 1
    assert "is not empty" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [tmp_path / "mine.txt"]


def test_a_file_in_the_way_is_refused_in_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("mine")
    assert main(["init", str(tmp_path / "file")]) == 1
    assert capsys.readouterr().err.count("\n") <= 2
    assert (tmp_path / "file").read_text() == "mine"


def test_the_examples_can_be_deleted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_library(tmp_path, new_files(name="x", today=TODAY))
    (tmp_path / "journal" / "2024" / "2024-11-21.yml").unlink()
    (tmp_path / "papers" / "vaswani2017attention.md").unlink()
    assert main(["-C", str(tmp_path), "check", "--strict"]) == 0
    assert main(["-C", str(tmp_path), "pages", "--to", str(tmp_path / "out")]) == 0
    assert main(["-C", str(tmp_path), "status"]) == 0
    assert capsys.readouterr().err == ""


def test_every_file_of_the_scaffold_is_used(tmp_path: Path) -> None:
    import threepass.authoring.new_library as module

    scaffold = Path(module.__file__).parents[1] / "scaffold"
    stored = {
        str(path.relative_to(scaffold)) for path in scaffold.rglob("*") if path.is_file() and path.suffix != ".pyc"
    }
    assert stored == {*module._SOURCES.values(), *github_files.SOURCES.values()}
    write_library(tmp_path, new_files(name="x", today=TODAY))
    library = load(tmp_path)
    assert check(library, source_tree(library)) == []
