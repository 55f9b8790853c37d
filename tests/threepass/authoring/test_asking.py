from pathlib import Path
from typing import Any

import pytest

from threepass.authoring.asking import ask_arxiv
from threepass.importers.arxiv import ARXIV, OAI_PMH
from threepass.importers.arxiv_id import ArxivId
from threepass.library import load

MIRROR = "https://mirror.example/query"


@pytest.mark.parametrize(
    ("settings", "endpoint", "oai"),
    [
        ("", ARXIV, OAI_PMH),
        (f"arxiv: {{url: '{MIRROR}'}}", MIRROR, None),
        (f"arxiv: {{url: '{MIRROR}', oai: 'https://mirror.example/oai'}}", MIRROR, "https://mirror.example/oai"),
    ],
    ids=["arXiv", "a mirror", "a mirror with OAI-PMH"],
)
def test_arxiv_is_asked_where_the_settings_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: str, endpoint: str, oai: str | None
) -> None:
    asked: dict[str, Any] = {}
    monkeypatch.setattr("threepass.authoring.asking.fetch", lambda _ids, **given: asked.update(given))
    monkeypatch.delenv("THREEPASS_ARXIV_URL", raising=False)
    monkeypatch.delenv("THREEPASS_OAI_URL", raising=False)
    (tmp_path / "mkdocs.yml").write_text(f"site_name: x\nplugins:\n  - threepass:\n      {settings}\n")
    ask_arxiv(load(tmp_path), [ArxivId("1703.01365")])
    assert (asked["endpoint"], asked["oai"]) == (endpoint, oai)
