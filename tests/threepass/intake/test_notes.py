"""`threepass import notes`: notes on papers become the library's, once, and are merged when they have changed."""

import datetime as dt
from pathlib import Path

import pytest
from example_library import files, problems
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from threepass.cli import main
from threepass.importers.arxiv import ArxivPaper
from threepass.importers.arxiv_id import ArxivId
from threepass.importers.arxiv_paper import Failure
from threepass.intake.notes import import_notes

PNG = b"\x89PNG\r\n\x1a\n a picture"
LUONG = """---
title: Effective Approaches
authors: Minh-Thang Luong
tags: [attention, My Tag]
url: https://arxiv.org/abs/1508.04025v5
status: reading
---
# Effective Approaches

## 1st pass

As in [[Bahdanau]].
![[fig.png]] {{ x }}

## Mine

a thought
"""
BAHDANAU = "# [Neural Machine Translation](https://arxiv.org/pdf/1409.0473.pdf)\n\nSee [Luong](../Luong.md).\n"


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """Two notes on papers, an image elsewhere in the vault, and what is no note on a paper."""
    folder = tmp_path / "vault"
    (folder / "sub").mkdir(parents=True)
    (folder / "images").mkdir()
    (folder / ".obsidian").mkdir()
    (folder / ".obsidian" / "x.md").write_text(LUONG)
    (folder / "images" / "fig.png").write_bytes(PNG)
    (folder / "Luong.md").write_text(LUONG)
    (folder / "sub" / "Bahdanau.md").write_text(BAHDANAU)
    (folder / "list.md").write_text("# Shopping\n\nmilk\n")
    return folder


def test_notes_become_notes_of_the_library(library: Path, vault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "notes", str(vault)]) == 0
    assert (library / "papers/luong2015effective.md").read_text() == (
        "---\n"
        "title: Effective Approaches\n"
        "authors:\n"
        "  - Minh-Thang Luong\n"
        "published: 2015-08\n"
        "arxiv: 1508.04025\n"
        "version: 5\n"
        "topics: [attention, my-tag]\n"
        "# status: reading\n"
        "---\n"
        "\n"
        "## First pass\n"
        "\n"
        "As in [[unknown2014neural|Bahdanau]].\n"
        "![fig](images/fig.png) &#123;{ x }}\n"
        "\n"
        "## Mine\n"
        "\n"
        "a thought\n"
    )
    assert (
        (library / "papers/unknown2014neural.md").read_text().endswith("\n---\n\nSee [[luong2015effective|Luong]].\n")
    )
    assert (library / "docs/papers/images/fig.png").read_bytes() == PNG
    assert problems(library) == []
    out, err = capsys.readouterr()
    assert out.splitlines()[-1] == "3 files: 2 new, 1 refused, 1 image"
    assert f"{vault}/list.md: no arXiv or DOI link in its title or front matter" in err
    assert f"{vault}/sub/Bahdanau.md:1: its authors are not known: --fetch asks arXiv" in err


def test_a_dry_run_writes_nothing(library: Path, vault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = files(library)
    assert main(["import", "notes", str(vault), "--dry-run"]) == 0
    assert files(library) == before
    assert capsys.readouterr().out == (
        f"new        papers/luong2015effective.md  {vault}/Luong.md\n"
        f"new        papers/unknown2014neural.md  {vault}/sub/Bahdanau.md\n"
        "3 files: 2 new, 1 refused, 1 image (nothing was written)\n"
    )


def test_importing_twice_changes_nothing_also_after_a_cut(library: Path, vault: Path) -> None:
    main(["import", "notes", str(vault)])
    before = files(library)
    main(["import", "notes", str(vault)])
    assert files(library) == before
    (library / "papers/imported/notes" / next(iter((library / "papers/imported/notes").iterdir())).name).unlink()
    (library / "papers/unknown2014neural.md").unlink()
    main(["import", "notes", str(vault)])
    assert files(library) == before


def test_a_note_that_has_changed_is_merged_and_edits_made_here_stay(
    library: Path, vault: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["import", "notes", str(vault)])
    note = library / "papers/luong2015effective.md"
    note.write_text(
        note.read_text().replace("published: 2015-08\n", "published: 2015-08-17  # v1\n") + "\nMine, here.\n"
    )
    (vault / "Luong.md").write_text(LUONG.replace("As in", "Much as in"))
    assert main(["import", "notes", str(vault)]) == 0
    text = note.read_text()
    assert "published: 2015-08-17  # v1\n" in text
    assert "Much as in [[unknown2014neural|Bahdanau]]." in text
    assert text.endswith("a thought\n\nMine, here.\n")
    note.write_text(text.replace("a thought", "our thought"))
    (vault / "Luong.md").write_text(LUONG.replace("As in", "Much as in").replace("a thought", "their thought"))
    mine = note.read_text()
    for _ in range(2):
        capsys.readouterr()
        assert main(["import", "notes", str(vault)]) == 0
        assert note.read_text() == mine
        assert "was changed here and there; ours stays, the other says: their thought" in capsys.readouterr().err


def test_a_note_that_was_deleted_here_stays_so(library: Path, vault: Path) -> None:
    main(["import", "notes", str(vault)])
    (library / "papers/unknown2014neural.md").unlink()
    (library / "papers/luong2015effective.md").unlink()
    main(["import", "notes", str(vault)])
    assert not (library / "papers/luong2015effective.md").exists()


def test_a_paper_that_has_a_note_already_keeps_it(
    library: Path, vault: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (vault / "x.md").write_text("# [Attention](https://arxiv.org/abs/1706.03762)\n\nmine\n")
    (vault / "y.md").write_text("# [Effective](https://arxiv.org/abs/1508.04025)\n\nagain\n")
    before = files(library)["papers/vaswani2017attention.md"]
    assert main(["import", "notes", str(vault)]) == 0
    assert files(library)["papers/vaswani2017attention.md"] == before
    err = capsys.readouterr().err
    said = "its paper has a note already: papers/vaswani2017attention.md"
    assert f"{vault}/x.md: {said}, the example of `threepass init` (delete it, and import again)\n" in err
    note = library / "papers/vaswani2017attention.md"
    note.write_text(note.read_text() + "\nMine.\n")
    assert main(["import", "notes", str(vault)]) == 0
    assert f"{vault}/x.md: {said}\n" in capsys.readouterr().err
    assert f"{vault}/y.md: it speaks of the paper of Luong.md" in err


def test_what_obsidian_hides_stays_hidden_and_a_size_is_no_word_for_an_image(library: Path, vault: Path) -> None:
    body = "# [T](https://arxiv.org/abs/2001.00001)\n\na %%to me\nalone%% b `%%code%%` 5%%\n\n![[fig.png|300]]\n"
    (vault / "t.md").write_text(body)
    assert main(["import", "notes", str(vault)]) == 0
    note = library / "papers/unknown2020untitled.md"
    assert "\na <!--to me\nalone--> b `%%code%%` 5%%\n\n![fig](images/fig.png){ width=300 }\n" in note.read_text()
    assert problems(library) == []


def test_arxiv_is_asked_where_one_says_so_and_a_note_does_without(
    library: Path, vault: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    day = dt.date(2014, 9, 1)
    paper = ArxivPaper(
        "1409.0473", 7, "Neural Machine Translation by Jointly Learning", ("Dzmitry Bahdanau",), day, day, ("cs.CL",),
        "An abstract.", None, None, None,
    )  # fmt: skip
    answers = {ArxivId("1409.0473"): paper, ArxivId("1508.04025", 5): Failure("1508.04025v5", "no network", "")}
    monkeypatch.setattr("threepass.authoring.asking.fetch", lambda ids, **_: {one: answers[one] for one in ids})
    assert main(["import", "notes", str(vault), "--fetch"]) == 0
    text = (library / "papers/bahdanau2014neural.md").read_text()
    assert text.startswith(
        "---\ntitle: Neural Machine Translation by Jointly Learning\nauthors:\n  - Dzmitry Bahdanau\n"
    )
    assert text.endswith("categories: [cs.CL]\n---\n\nSee [[luong2015effective|Luong]].\n")
    assert "1508.04025v5: no network: its note says what is known" in capsys.readouterr().err
    assert (library / "papers/luong2015effective.md").exists()
    assert problems(library) == []


@pytest.mark.parametrize(("arguments", "code"), [(["nowhere"], 1), (["."], 1), ([".", "--as", "../x"], 2)])
def test_what_cannot_be_is_refused(library: Path, tmp_path: Path, arguments: list[str], code: int) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    before = files(library)
    assert main(["import", "notes", str(empty / arguments[0]), *arguments[1:]]) == code
    assert files(library) == before


PIECES = st.one_of(
    st.text(max_size=15),
    st.sampled_from(["---\n", "\ntitle: x", "\narxiv: 1706.03762", "\n# ", "\n## First pass",
                     "https://arxiv.org/abs/1409.0473", "\nauthors: [a, b]", "\nyear: 2017", "\ndoi: 10.1000/x", "\n",
                     "Date:: ", "[[", "]]", "\nx: &y",
                     "\x00", "$$"]),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=25)
@given(text=st.lists(PIECES, max_size=12).map("".join))
def test_any_note_is_imported_or_refused_with_a_reason(library: Path, vault: Path, text: str) -> None:
    (vault / "any.md").write_bytes(
        f"---\narxiv: 1409.0001\n{text}".encode("utf-8", "surrogatepass").replace(b"\xed", b"?")
    )
    plan = import_notes(library, vault, name="x")
    assert all(note.done in ("new", "known") or note.why for note in plan.notes if note.file.name == "any.md")
    assert problems(library) == []
    for path in [*(library / "papers").rglob("*.json"), *(library / "papers").glob("*.md")]:
        if path.stem != "vaswani2017attention" and "results" not in path.parts:
            path.unlink()
