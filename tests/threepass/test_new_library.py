"""`threepass init`: what a newcomer gets is a library that checks, builds and measures."""

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import pytest

from threepass.checks import check
from threepass.cli import main
from threepass.ledger import ledger, source_tree
from threepass.library import load
from threepass.new_library import new_files, write_library
from threepass.results import State

TODAY = dt.date(2026, 11, 21)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("new") / "my-notes"
    assert main(["init", str(root), "--name", "Ada's notes"]) == 0
    return root


def test_a_new_library_has_no_problem_and_its_claim_is_verified(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-C", str(made), "check", "--strict"]) == 0
    assert capsys.readouterr() == ("", "")
    library = load(made)
    (row,) = ledger(library, source_tree(library)).rows
    assert row.state is State.VERIFIED
    assert row.measured is not None
    assert row.measured.control
    assert not row.measured.control_met
    assert [entry.date for entry in library.entries] == [dt.date.today()]


def test_without_its_code_the_claim_is_not_verified(tmp_path: Path) -> None:
    write_library(tmp_path, new_files(name="x", today=TODAY))
    code = tmp_path / "code" / "reproductions" / "attention.py"
    code.write_text(code.read_text().replace("score / math.sqrt(d_k)", "score * math.sqrt(d_k)"))
    assert main(["-C", str(tmp_path), "verify"]) == 1


def test_a_new_library_builds_without_a_warning(made: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from threepass.cli import main; raise SystemExit(main())", "build"],
        cwd=made, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, "WARNING" in done.stderr) == (0, False), done.stderr
    page = (made / "site" / "papers" / "vaswani2017attention" / "index.html").read_text()
    assert "<math" in page
    assert "Ada&#39;s notes" in page or "Ada's notes" in page
    assert (made / "site" / "journal" / str(dt.date.today()) / "index.html").is_file()


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


def test_made_where_one_stands_it_is_not_looked_for_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", ".", "--name", "notes"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "made the library 'notes' here. Next:"
    assert [line.split()[0] for line in said[1:]] == ["threepass", "threepass"]


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
    (tmp_path / "journal" / "2026" / "2026-11-21.yml").unlink()
    (tmp_path / "papers" / "vaswani2017attention.md").unlink()
    assert main(["-C", str(tmp_path), "check", "--strict"]) == 0
    assert main(["-C", str(tmp_path), "pages", "--to", str(tmp_path / "out")]) == 0
    assert main(["-C", str(tmp_path), "status"]) == 0
    assert capsys.readouterr().err == ""


def test_every_file_of_the_scaffold_is_used(tmp_path: Path) -> None:
    import threepass.new_library as module

    scaffold = Path(module.__file__).parent / "scaffold"
    stored = {
        str(path.relative_to(scaffold)) for path in scaffold.rglob("*") if path.is_file() and path.suffix != ".pyc"
    }
    assert stored == set(module._SOURCES.values())
    write_library(tmp_path, new_files(name="x", today=TODAY))
    library = load(tmp_path)
    assert check(library, source_tree(library)) == []
