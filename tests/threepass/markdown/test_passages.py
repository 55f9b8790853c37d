"""Where a text stands: the place of each of its characters in its file."""

from pathlib import Path

from threepass.library import load
from threepass.markdown.passages import read_pages

MKDOCS = "site_name: Notes\nplugins:\n  - threepass\n"
DAY = """date: 2021-08-27
title: A day
notes: |
  Some words,
    then XA.
figures:
  - plot: a.b:c
    caption: A caption with XB.
    alt: What one sees.
"""
NOTE = """---
title: A paper
authors: [Ada Lovelace]
published: 1943-09-01
doi: 10.1000/1
five_cs:
  category: |
    An answer
    with XC.
figures:
  - {plot: "a.b:c", caption: With XD., alt: What one sees.}
---
## First pass

Body with XE.
"""
PAGE = "---\ntitle: A page\n---\n\n# Page\n\nWith XF.\n"


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def test_each_character_has_its_place(tmp_path: Path) -> None:
    note = "papers/lovelace1943notes.md"
    write(tmp_path, {"mkdocs.yml": MKDOCS, "journal/2021-08-27.yml": DAY, note: NOTE, "docs/a/page.md": PAGE})
    library = load(tmp_path)
    assert library.problems == ()
    places = {}
    for passage in library.passages():
        at = passage.text.index("X")
        place = passage.place(at)
        places[passage.text[at : at + 2]] = (passage.source.path.as_posix(), place.line, place.column)
    assert places == {
        "XA": ("journal/2021-08-27.yml", 5, 10),
        "XB": ("journal/2021-08-27.yml", 8, 14),  # a text that is no block: where it begins
        "XC": (note, 9, 10),
        "XD": (note, 11, 30),
        "XE": (note, 15, 11),
        "XF": ("docs/a/page.md", 7, 6),
    }


def test_pages_by_hand(tmp_path: Path) -> None:
    files = {
        "a.md": "# A\n",
        "b/b.md": PAGE,
        "b/c.md": "---\nno end\n",
        ".hidden/d.md": "x",
        "e.txt": "x",
        "empty.md": "",
    }
    write(tmp_path / "docs", files)
    (tmp_path / "docs" / "f.md").write_bytes(b"\xff")
    pages, problems = read_pages(tmp_path / "docs", root=tmp_path)
    assert [(page.path.as_posix(), page.body, page.body_line) for page in pages] == [
        ("docs/a.md", "# A\n", 1),
        ("docs/b/b.md", "\n# Page\n\nWith XF.\n", 4),
        ("docs/b/c.md", "---\nno end\n", 1),
    ]
    assert [(problem.path.as_posix(), problem.code) for problem in problems] == [("docs/f.md", "P001")]


def test_the_folder_is_that_of_mkdocs(tmp_path: Path) -> None:
    write(tmp_path, {"mkdocs.yml": MKDOCS + "docs_dir: pages\n", "pages/a.md": "[[x]]", "docs/b.md": "[[x]]"})
    assert [page.path.as_posix() for page in load(tmp_path).pages] == ["pages/a.md"]
    write(tmp_path, {"mkdocs.yml": MKDOCS + "docs_dir: ../elsewhere\n"})
    assert [page.path.as_posix() for page in load(tmp_path).pages] == ["docs/b.md"]
