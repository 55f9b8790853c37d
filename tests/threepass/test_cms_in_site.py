"""A site with an editor: where its pages lead to it, what a build says that cannot have it, what a preview keeps."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from example_library import write_example

from threepass import cms
from threepass.building.site import Preview, build

ADDRESS = "http://127.0.0.1:8000/"
PACKAGES = {"npm/index.js": b"", "locales/de.json": b"{}", "browser/index.js": b""}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library that asks for an editor, on a machine that never fetched one."""
    monkeypatch.setattr(cms, "user_cache_path", lambda _: tmp_path / "cache")
    root = write_example(tmp_path / "library")
    config = root / "mkdocs.yml"
    text = config.read_text().replace('!ENV [SITE_REPOSITORY, ""]', "https://github.com/you/your-library")
    config.write_text(text.replace("!ENV [SITE_EDITOR, false]", "true"))
    return root


def test_a_build_that_cannot_have_the_editor_says_so(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("threepass.npm_package.shutil.which", lambda _: None)
    log = logging.getLogger("mkdocs")
    monkeypatch.setattr(log, "handlers", [caplog.handler])
    monkeypatch.setattr(log, "propagate", False)
    assert build(root, to=tmp_path / "strict") == 1
    (said,) = [message for message in caplog.messages if "editor" in message]
    assert said.startswith("the site has no editor: @sveltia/cms@")
    assert "cannot be fetched without npm; install npm, or put sveltia-cms-" in said


def test_days_and_papers_lead_to_their_place_in_the_editor(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cms, "files_of", lambda *_, **__: PACKAGES)
    preview = Preview(root, tmp_path / "site", address=ADDRESS)
    preview()
    site = tmp_path / "site"
    pages = {name: (site / name / "index.html").read_text() for name in ("journal", "journal/2024-11-21", "about")}
    assert 'href="../edit/#/collections/days/new"' in pages["journal"]
    assert (
        'href="../../edit/#/collections/days/entries/2024/2024-11-21" title="Edit this page"'
        in (pages["journal/2024-11-21"])
    )
    assert "edit/#/" not in pages["about"]
    assert (site / "edit" / "cms" / "locales" / "de.js").read_bytes() == b"export default {}"

    (site / "edit" / "index.html").write_text("as it was")
    preview()
    assert (site / "edit" / "index.html").read_text() == "as it was"
    config = root / "mkdocs.yml"
    config.write_text(config.read_text().replace("editor: true", "editor: false"))
    preview()
    preview.wait()
    assert not (site / "edit").exists()
    assert "edit/#/" not in (site / "journal" / "index.html").read_text()
