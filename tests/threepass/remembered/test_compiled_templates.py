"""A template is compiled once for all runs, and again when its text or the program changes."""

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from threepass.remembered import compiled_templates
from threepass.remembered.compiled_templates import CompiledTemplates


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is compiled from now on."""
    found: list[str] = []
    original = Environment._generate

    def counting(self: Environment, *given: object, **named: object) -> str:
        found.append(str(given[1]))
        return original(self, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Environment, "_generate", counting)
    return found


def rendered(folder: Path, text: str) -> str:
    """Return what a template gives in a run of its own."""
    templates = CompiledTemplates("some", folder=folder)
    return Environment(loader=DictLoader({"page": text}), bytecode_cache=templates).get_template("page").render(n=3)


def test_a_template_is_compiled_once(tmp_path: Path, compiled: list[str]) -> None:
    assert [rendered(tmp_path, "{{ n + 1 }}") for _ in range(3)] == ["4"] * 3
    assert compiled == ["page"]
    assert rendered(tmp_path, "{{ n + 2 }}") == "5"
    assert compiled == ["page", "page"]


def test_another_program_compiles_again(tmp_path: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    rendered(tmp_path, "{{ n }}")
    monkeypatch.setattr(compiled_templates, "_program", lambda: "another")
    assert rendered(tmp_path, "{{ n }}") == "3"
    assert compiled == ["page", "page"]


@pytest.mark.parametrize("content", [b"", b"j2", b"not what was written"])
def test_what_is_broken_is_made_anew(tmp_path: Path, content: bytes) -> None:
    rendered(tmp_path, "{{ n }}")
    [kept] = (tmp_path / "some").iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(content or whole[: len(whole) // 2])
    assert rendered(tmp_path, "{{ n }}") == "3"
    assert kept.read_bytes() == whole


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path, compiled: list[str]) -> None:
    (tmp_path / "some").write_text("a file stands here")
    assert rendered(tmp_path, "{{ n }}") == "3"
    templates = CompiledTemplates("some", folder=tmp_path)
    for _ in range(2):
        environment = Environment(loader=DictLoader({"page": "{{ n }}"}), bytecode_cache=templates)
        assert environment.get_template("page").render(n=3) == "3"
    assert compiled == ["page", "page"]
