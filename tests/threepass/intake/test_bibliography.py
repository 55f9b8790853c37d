"""Bibliographies come in and go out: duplicates are merged, edits stay, and what was exported comes back the same."""

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from threepass.citing.bibtex import to_bibtex
from threepass.cli import main
from threepass.fields import RoughDate
from threepass.importers.bibtex import read_bibtex
from threepass.importers.bibtex_entry import BibReference, BrokenReference
from threepass.intake.bibliography import ImportedReference, import_bibtex
from threepass.library import Note, load
from threepass.models import Paper
from threepass.source import Document

VASWANI = r"""@inproceedings{Vaswani.Shazeer.ea.2017,
  title = {Attention Is All You Need}, author = {Vaswani, Ashish and Shazeer, Noam}, year = {2017},
  booktitle = {{NIPS}}, pages = {5998--6008}, eprint = {1706.03762}, eprinttype = {arxiv}, keywords = {attention, sota}
}
"""
BOOK = """@book{murphy2012machine, title = {Machine Learning}, author = {Kevin P. Murphy}, year = 2012,
  publisher = {MIT Press}, annote = {Read chapter 3.}, abstract = {A long text.}}
"""


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "library"
    root.mkdir()
    (root / "mkdocs.yml").write_text("site_name: x\nplugins:\n  - threepass\n")
    monkeypatch.chdir(root)
    return root


def papers(root: Path) -> dict[str, Paper]:
    library = load(root)
    assert library.problems == ()
    return {key: note.paper for key, note in library.notes.items()}


def done(root: Path, text: str) -> list[str]:
    return [one.done if isinstance(one, ImportedReference) else one.reason for one in import_bibtex(root, text)]


def test_each_paper_gets_a_note(library: Path) -> None:
    (library / "refs.bib").write_text(VASWANI + BOOK)
    assert main(["import", "refs.bib"]) == 0
    found = papers(library)
    assert found.keys() == {"vaswani2017attention", "murphy2012machine"}
    paper = found["vaswani2017attention"]
    assert (paper.arxiv, paper.venue, paper.published.isoformat()) == ("1706.03762", "NIPS", "2017-06")
    assert paper.topics == ("attention", "sota")
    assert paper.bibtex == {"key": "Vaswani.Shazeer.ea.2017", "type": "inproceedings", "pages": "5998--6008"}
    note = (library / "papers/murphy2012machine.md").read_text()
    assert "## Third pass" in note
    assert "Read chapter 3." in note
    assert found["murphy2012machine"].abstract is None


def test_keywords_are_topics_where_the_library_lists_them(library: Path) -> None:
    (library / "mkdocs.yml").write_text("plugins:\n  - threepass:\n      topics: {attention: Attention}\n")
    import_bibtex(library, VASWANI)
    paper = papers(library)["vaswani2017attention"]
    assert (paper.topics, paper.bibtex["keywords"]) == (("attention",), "sota")


def test_importing_twice_changes_nothing(library: Path) -> None:
    assert done(library, VASWANI + BOOK) == ["written", "written"]
    before = {path: path.read_bytes() for path in library.rglob("*.md")}
    assert done(library, VASWANI + BOOK) == ["known", "known"]
    assert {path: path.read_bytes() for path in library.rglob("*.md")} == before


@pytest.mark.parametrize(
    "other",
    [
        "@misc{a, title = {Other title}, author = {Someone}, year = 2018, url = {https://arxiv.org/abs/1706.03762v5}}",
        "@misc{b, title = {Attention is all you need.}, author = {A. Vaswani and others}, year = 2018}",
    ],
)
def test_entries_of_one_paper_are_one_note(library: Path, other: str) -> None:
    assert done(library, VASWANI + other) == ["written", "known"]
    assert len(papers(library)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("doi = {10.1145/12.34}", "doi = {https://doi.org/10.1145/12.34}"),
        ("doi = {10.1145/AB.34}", "doi = {10.1145/ab.34}"),
        ("eprint = {1409.0473}, eprinttype = {arxiv}", "url = {https://arxiv.org/abs/1409.0473v2}"),
        ("eprint = {1409.0473}, eprinttype = {arxiv}", "doi = {10.48550/arXiv.1409.0473}"),
    ],
)
def test_one_id_is_one_paper_whatever_else_two_entries_say(library: Path, one: str, other: str) -> None:
    first = f"@misc{{a1, title = {{Align}}, author = {{A. Bee}}, year = 2014, {one}}}\n"
    second = f"@article{{b2, title = {{To align: a story}}, author = {{Cee, B. and Bee, A.}}, year = 2015, {other}}}\n"
    assert done(library, first + second)[0] == "written"
    assert len(papers(library)) == 1


def test_what_a_note_lacks_is_put_in_and_what_the_author_wrote_stays(library: Path) -> None:
    import_bibtex(library, VASWANI)
    path = library / "papers/vaswani2017attention.md"
    path.write_text(path.read_text().replace("venue: NIPS", "venue: NeurIPS  # its name now") + "My own words.\n")
    doi = VASWANI.replace("pages", "doi = {10.5555/3295222.3295349}, volume = 30, pages")
    (one,) = import_bibtex(library, doi)
    assert isinstance(one, ImportedReference)
    assert (one.done, one.added) == ("completed", ("doi", "volume"))
    assert "venue: NeurIPS  # its name now" in path.read_text()
    assert path.read_text().endswith("My own words.\n")
    assert papers(library)["vaswani2017attention"].bibtex["volume"] == "30"


def test_two_papers_with_one_key_get_two_notes(library: Path) -> None:
    other = "@misc{bee2020one, title = {One again}, author = {C. Bee}, year = 2020, url = {https://example.org}}"
    assert done(library, other.replace("C. Bee", "A. Bee").replace("One again", "One") + other) == ["written"] * 2
    assert papers(library).keys() == {"bee2020one", "bee2020onea"}


def test_a_key_that_was_given_twice_hides_no_paper(library: Path) -> None:
    first = "@article{Hoch, title = {Long Short-Term Memory}, author = {Hochreiter, S}, year = 1997, doi = {10.1234/a}}"
    other = "@thesis{Hoch, title = {Dynamische Netze}, author = {Hochreiter, S}, year = 1991, doi = {10.1234/b}}"
    for again in ("written", "known"):
        assert done(library, f"{first}\n{other}\n") == [again] * 2
        found = papers(library)
        assert [found[key].doi for key in sorted(found)] == ["10.1234/b", "10.1234/a"]
    assert done(library, other.replace("10.1234/b", "").replace("Dynamische", "Zu den dynamischen")) == ["known"]


@pytest.mark.parametrize("changed", ["Long Short Term Memories", "LSTM"])
def test_a_key_leads_to_the_paper_whose_title_was_corrected(library: Path, changed: str) -> None:
    entry = "@article{Hoch, title = {Long Short-Term Memory}, author = {Hochreiter, S.}, year = 1997, journal = {NC}}"
    assert done(library, entry) == ["written"]
    assert done(library, entry.replace("Long Short-Term Memory", changed)) == ["known"]


def test_what_is_broken_is_said_by_line_and_the_rest_is_kept(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lost = "@misc{lost2020, title = {Nowhere}, author = {A. Bee}, year = 2020}\n"
    (library / "refs.bib").write_text(BOOK + lost + VASWANI)
    assert main(["import", "bibtex", "refs.bib"]) == 1
    said = capsys.readouterr()
    assert said.err == (
        "refs.bib:3: 'lost2020': the paper cannot be found\nhint: give it one of `arxiv`, `doi`, `url` or `venue`\n"
    )
    assert said.out.splitlines()[-1] == "2 written, 0 completed, 0 known, 1 broken"
    assert len(papers(library)) == 2


def test_a_dry_run_writes_nothing(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (library / "refs.bib").write_text(BOOK)
    assert main(["import", "refs.bib", "--dry-run"]) == 0
    assert "murphy2012machine written" in capsys.readouterr().out
    assert papers(library) == {}


def test_a_file_without_entries_is_refused(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (library / "refs.bib").write_text("Nothing here.\n")
    assert main(["import", "refs.bib"]) == 1
    assert "holds no BibTeX entry" in capsys.readouterr().err


def test_hundreds_of_entries_are_one_check(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checks = []
    monkeypatch.setattr("threepass.authoring.proposal.check", lambda *_: checks.append(1) or [])
    text = "".join(
        BOOK.replace("murphy2012machine", f"bee{1900 + n}book").replace("Learning", f"L{n}") for n in range(300)
    )
    assert done(library, text) == ["written"] * 300
    assert len(checks) <= 2


# Out, and in again.

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=30).filter(str.strip)
PAPERS = st.builds(
    dict,
    title=WORDS | st.sampled_from([r"Poincar{\'e} maps", "$\\ell_2$ & {BERT}", "a -- b", "@article{x,", "50% # ~^_"]),
    authors=st.lists(
        WORDS | st.sampled_from(["Aäron van den Oord", "others", "NASA and ESA", "King, Jr."]), min_size=1, max_size=3
    ),
    published=st.dates(dt.date(1500, 1, 1), dt.date(2099, 1, 1)).map(str),
    arxiv=st.none() | st.sampled_from(["1706.03762", "hep-th/9901001"]),
    doi=st.none() | st.sampled_from(["10.1145/1_2", "10.1002/(SICI)1<3}".replace("<", "{"), "10.1016/a%b\\c"]),
    url=st.none() | st.sampled_from(["https://example.org/a_b%20~c", "https://example.org/{x", "https://a.b/\\"]),
    venue=WORDS | st.just("arXiv"),
    version=st.none() | st.just("3"),
    categories=st.lists(st.sampled_from(["cs.LG", "stat.ML", "two words"]), max_size=2, unique=True),
    topics=st.lists(st.sampled_from(["attention", "graphs"]), max_size=2, unique=True),
    abstract=st.none() | WORDS,
    bibtex=st.sampled_from([{}, {"type": "article", "volume": "1", "number": "2"}, {"type": "book", "key": "Old.Key"}]),
)  # fmt: skip


@given(data=PAPERS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60)
def test_what_is_exported_and_imported_again_is_the_same_paper(data: dict[str, object], tmp_path: Path) -> None:
    paper = Paper.model_validate({key: value for key, value in data.items() if value is not None})
    text = to_bibtex(Note("bee2020word", paper, Document(Path("x.md"), "", {})))
    (one,) = read_bibtex(text)
    assert isinstance(one, BibReference), one
    assert (one.key, one.title, one.authors, one.published) == (
        "bee2020word", paper.title, paper.authors, paper.published.isoformat(),
    )  # fmt: skip
    assert one.arxiv == (None if paper.arxiv is None else type(one.arxiv)(paper.arxiv))  # type: ignore[misc]
    assert (one.doi or None, one.venue or None) == (paper.doi, paper.venue)
    assert (one.categories, one.keywords, one.abstract) == (paper.categories, paper.topics, paper.abstract or "")
    assert (one.version or None) == (str(paper.version) if paper.version else None)
    assert one.url == (paper.url or "")


def test_the_whole_library_comes_back(library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import_bibtex(library, VASWANI + BOOK, abstracts=True)
    before = papers(library)
    assert main(["export", "--to", str(tmp_path / "out.bib")]) == 0
    other = tmp_path / "other"
    (other / "papers").mkdir(parents=True)
    (other / "mkdocs.yml").write_text((library / "mkdocs.yml").read_text())
    assert main(["-C", str(other), "import", str(tmp_path / "out.bib"), "--abstract"]) == 0
    assert papers(other) == before
    assert [paper.published.isoformat() for paper in papers(other).values()] == ["2012", "2017-06"]
    assert done(library, (tmp_path / "out.bib").read_text()) == ["known", "known"]


def test_our_own_library_comes_back(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[3]
    notes = load(root).notes
    (tmp_path / "mkdocs.yml").write_text("plugins:\n  - threepass\n")
    outcomes = import_bibtex(tmp_path, "\n\n".join(map(to_bibtex, notes.values())), abstracts=True)
    assert [one for one in outcomes if isinstance(one, BrokenReference)] == []
    kept = (
        "title",
        "authors",
        "published",
        "arxiv",
        "doi",
        "url",
        "version",
        "updated",
        "categories",
        "venue",
        "topics",
    )
    assert {key: paper.model_dump(include=set(kept)) for key, paper in papers(tmp_path).items()} == {
        key: note.paper.model_dump(include=set(kept)) for key, note in notes.items()
    }


def test_csl_json(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import_bibtex(library, VASWANI.replace("Shazeer, Noam", "van den Berg, Bo and {NASA Team} and others"))
    assert main(["export", "--format", "csl", "1706.03762"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {
            "id": "vaswani2017attention",
            "type": "paper-conference",
            "title": "Attention Is All You Need",
            "author": [
                {"family": "Vaswani", "given": "Ashish"},
                {"family": "van den Berg", "given": "Bo"},
                {"literal": "NASA Team"},
                {"literal": "et al."},
            ],
            "issued": {"date-parts": [[2017, 6]]},
            "URL": "https://arxiv.org/abs/1706.03762",
            "number": "arXiv:1706.03762",
            "container-title": "NIPS",
            "keyword": "attention, sota",
            "page": "5998–6008",
        }
    ]


def test_an_unknown_key_is_wrong_usage(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import_bibtex(library, VASWANI)
    assert main(["export", "vaswani2017atention"]) == 2
    assert "did you mean 'vaswani2017attention'?" in capsys.readouterr().err


def test_a_field_that_would_break_the_export_is_refused() -> None:
    for fields in ({"note": "a } b"}, {"note": "a { b"}, {"two words": "x"}):
        with pytest.raises(ValueError, match=r"braces|name of a BibTeX field"):
            Paper.model_validate(
                {"title": "T", "authors": ["A"], "published": "2017", "url": "https://example.org", "bibtex": fields}
            )


def test_a_rough_date_knows_what_it_knows() -> None:
    assert [str(RoughDate.parse(text)) for text in ("2017", "2017-06", "2017-06-12")] == [
        "2017",
        "2017-06",
        "2017-06-12",
    ]
    assert RoughDate.parse("2017") == dt.date(2017, 1, 1)
