"""The library's pages by another engine: the same text."""

from __future__ import annotations

import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from example_library import write_example

from threepass.cli import main

ROOT = Path(__file__).resolve().parents[2]
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
APART = ("headerlink", "md-tags", "md-source-file")
"""What the theme puts into a page beside its text."""


class Text(HTMLParser):
    """The text of a page's article."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.articles = self.apart = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs).get("class") or ""
        if tag == "article" and (self.articles or "md-content__inner" in given):
            self.articles += 1
        if tag in VOID or not self.articles:
            return
        if self.apart or tag in ("script", "style", "button") or any(name in given for name in APART):
            self.apart += 1

    def handle_endtag(self, tag: str) -> None:
        if self.apart and tag not in VOID:
            self.apart -= 1
        if tag == "article" and self.articles:
            self.articles -= 1

    def handle_data(self, data: str) -> None:
        if self.articles and not self.apart:
            self.words += data.split()


def text_of(path: Path) -> str:
    reader, page = Text(), path.read_text("utf-8").replace("<wbr>", "")  # where a word may break, it does not end
    reader.feed(page[page.index("<article") : page.rindex("</article>") + len("</article>")])
    return " ".join(reader.words)


def test_a_configuration_of_someone_else_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    library = write_example(tmp_path / "library")
    (tmp_path / "mkdocs.yml").write_text("site_name: Mine\n", "utf-8")
    assert main(["--library", str(library), "pages", "--to", str(tmp_path / "docs"), "--zensical"]) == 1
    assert "is not one that threepass wrote" in capsys.readouterr().err
    assert (tmp_path / "mkdocs.yml").read_text("utf-8") == "site_name: Mine\n"


@pytest.mark.long
def test_zensical_makes_pages_of_the_same_text(site: Path, tmp_path: Path) -> None:
    assert main(["--library", str(ROOT), "pages", "--to", str(tmp_path / "docs"), "--zensical"]) == 0
    command = shutil.which("zensical", path=str(Path(sys.executable).parent)) or "zensical"
    run = subprocess.run([command, "build"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    pages = [path.relative_to(site) for path in site.rglob("index.html") if "notebooks" not in path.parts]
    assert len(pages) > 50
    assert [page for page in pages if not (tmp_path / "site" / page).is_file()] == []
    texts = {page: text_of(site / page) for page in pages}
    assert min(map(len, texts.values())) > 10
    assert [page for page in pages if text_of(tmp_path / "site" / page) != texts[page]] == []
