"""`threepass add`: what arXiv says becomes a note, whatever it says. arXiv is a server on this machine."""

import datetime as dt
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

import pytest

from threepass.authoring.new_paper import Refused, add_papers, note_text
from threepass.authoring.proposal import read_paper
from threepass.cli import main
from threepass.importers.arxiv import fetch
from threepass.importers.arxiv_manners import Manners
from threepass.importers.arxiv_paper import ArxivPaper
from threepass.ledger import ledger, source_tree
from threepass.library import load
from threepass.markdown.fences import without_fences
from threepass.pages import render

PAPERS = {
    "1703.01365": ("Axiomatic Attribution for Deep Networks", ["Mukund Sundararajan", "Ankur Taly", "Qiqi Yan"], 2),
    "2301.00010": ("Another Paper", ["Łukasz Kaiser"], 1),
    "hep-th/9901001": ('No: "yes" #1, $\\alpha$ & [x] {y}: <b>', ["Ada Lovelace"], 1),
    "1409.0473": ("Axiomatic: Another Thing", ["M. Sundararajan"], 1),
}


def feed(ids: list[str]) -> bytes:
    entries = []
    for asked in ids:
        name = asked.partition("v")[0]
        if name in PAPERS:
            title, authors, version = PAPERS[name]
            people = "".join(f"<author><name>{escape(author)}</name></author>" for author in authors)
            entries.append(
                f"<entry><id>http://arxiv.org/abs/{name}v{version}</id><title>{escape(title)}</title>"
                f"<published>2017-03-04T01:36:07Z</published><updated>2017-06-13T05:03:24Z</updated>"
                f"<summary>About it.</summary>{people}<category term='cs.LG'/>"
                f"<arxiv:primary_category term='cs.LG'/></entry>"
            )
    return (
        "<?xml version='1.0' encoding='UTF-8'?><feed xmlns='http://www.w3.org/2005/Atom' "
        "xmlns:arxiv='http://arxiv.org/schemas/atom' xmlns:opensearch='http://a9.com/-/spec/opensearch/1.1/'>"
        f"<opensearch:totalResults>{len(entries)}</opensearch:totalResults>{''.join(entries)}</feed>"
    ).encode()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[list[list[str]]]:
    """The ids of each request that the server got."""
    requests: list[list[str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(parse_qs(urlsplit(self.path).query)["id_list"][0].split(","))
            body = feed(requests[-1])
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    monkeypatch.setenv("THREEPASS_ARXIV_URL", f"http://127.0.0.1:{server.server_port}/api/query")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield requests
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_note_holds_what_arxiv_says_and_a_skeleton(
    asked: list[list[str]], library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["add", "https://arxiv.org/pdf/1703.01365v2.pdf", "--topic", "interpretability"]) == 0
    said = "1703.01365v2: papers/sundararajan2017axiomatic.md  Axiomatic Attribution for Deep Networks\n"
    assert capsys.readouterr() == (said, "")
    note = load(library).notes["sundararajan2017axiomatic"]
    paper = note.paper
    assert paper.title == "Axiomatic Attribution for Deep Networks"
    assert paper.authors == ("Mukund Sundararajan", "Ankur Taly", "Qiqi Yan")
    assert (paper.published, paper.updated, paper.version) == (dt.date(2017, 3, 4), dt.date(2017, 6, 13), 2)
    assert (paper.arxiv, paper.categories, paper.topics) == ("1703.01365", ("cs.LG",), ("interpretability",))
    assert paper.readings == ()
    assert paper.five_cs is not None
    assert set(paper.five_cs.model_dump().values()) == {None}
    assert [line for line in note.body.splitlines() if line.startswith("#")] == [
        "## First pass", "## Second pass", "## Third pass",
    ]  # fmt: skip
    assert main(["check"]) == 0  # the example claim is not measured here, which is no error


def test_the_questions_of_the_passes_do_not_show_on_the_page(asked: list[list[str]], library: Path) -> None:
    assert main(["add", "1703.01365"]) == 0
    assert "What is the main thrust" in (library / "papers" / "sundararajan2017axiomatic.md").read_text()
    loaded = load(library)
    tree = source_tree(loaded)
    pages = {page.src: page.text for page in render(loaded, ledger(loaded, tree), tree)}
    assert "Five Cs" not in pages["papers/sundararajan2017axiomatic.md"]
    assert "What is the main thrust" not in pages["papers/sundararajan2017axiomatic.md"]


def test_each_paper_has_its_own_outcome_and_what_succeeded_is_kept(
    asked: list[list[str]], library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = ["1703.01365", "nonsense", "1706.03762", "9913.99999", "1501.00001", "arXiv:hep-th/9901001"]
    assert main(["add", *ids]) == 1
    assert asked == [["1703.01365", "1501.00001", "hep-th/9901001"]]
    out, err = capsys.readouterr()
    assert [line.split(": ")[0] for line in out.splitlines()] == ["1703.01365", "hep-th/9901001"]
    refused = [line for line in err.splitlines() if not line.startswith("hint: ")]
    assert refused.pop() == "2 of 6 added; the others are named above"
    assert [line.split(": ")[0] for line in refused] == ["nonsense", "1706.03762", "9913.99999", "1501.00001"]
    assert "papers/vaswani2017attention.md" in refused[1]
    assert len(load(library).notes) == 3


def test_a_paper_that_is_there_is_not_asked_for(
    asked: list[list[str]], library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (library / "papers" / "vaswani2017attention.md").read_bytes()
    for known in ("1706.03762", "1706.03762v7", "vaswani2017attention"):
        assert main(["add", known]) == 1
        assert capsys.readouterr().err == f"{known}: it has a note already: papers/vaswani2017attention.md\n"
    assert main(["add", "1706.03762v3"]) == 1
    assert "all versions are one paper: `threepass update vaswani2017attention`" in capsys.readouterr().err
    assert asked == []
    assert (library / "papers" / "vaswani2017attention.md").read_bytes() == before


def test_another_paper_with_the_same_key_gets_a_letter(asked: list[list[str]], library: Path) -> None:
    assert main(["add", "1703.01365", "1409.0473"]) == 0
    assert {"sundararajan2017axiomatic", "sundararajan2017axiomatica"} <= set(load(library).notes)


def test_a_note_without_arxiv_id_is_recognised_by_key_and_title(
    asked: list[list[str]], library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = library / "papers" / "sundararajan2017axiomatic.md"
    path.write_text(
        "---\ntitle: Axiomatic attribution for deep networks.\nauthors: [Mukund Sundararajan]\n"
        "published: 2017-03-04\nurl: https://example.org/\n---\nmine\n"
    )
    assert main(["add", "1703.01365"]) == 1
    assert "it has a note already: papers/sundararajan2017axiomatic.md" in capsys.readouterr().err
    assert path.read_text().endswith("mine\n")


def test_a_broken_file_in_the_way_is_not_overwritten(
    asked: list[list[str]], library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = library / "papers" / "sundararajan2017axiomatic.md"
    path.write_text("mine, and broken")
    assert main(["add", "1703.01365"]) == 1
    assert "is there already" in capsys.readouterr().err
    assert path.read_text() == "mine, and broken"


def test_an_unknown_topic_is_refused_before_arxiv_is_asked(
    asked: list[list[str]], library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = library / "mkdocs.yml"
    config.write_text(
        config.read_text().replace("      # topics:\n      #   attention:", "      topics:\n        attention:")
    )
    assert main(["add", "1703.01365", "--topic", "atention"]) == 1
    assert capsys.readouterr().err == "unknown topic 'atention'\nhint: did you mean 'attention'?\n"
    assert asked == []


def test_no_server_is_one_line(library: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("threepass.authoring.asking.fetch", partial(fetch, manners=Manners(retries=0)))
    monkeypatch.setenv("THREEPASS_ARXIV_URL", "http://127.0.0.1:9/api/query")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (outcome,) = add_papers(library, ["1703.01365"])
    assert isinstance(outcome, Refused)
    assert "\n" not in outcome.reason
    assert set(load(library).notes) == {"vaswani2017attention"}


@pytest.mark.parametrize(
    "title",
    [
        "Plain",
        'No: "yes" #1, $\\alpha$ & [x] {y}: <b>',
        "- dash",
        "---",
        "2301.00010",
        "true",
        "'quoted'",
        "Right \u202eto left, \u2028 odd",
        "{{ jinja }} {% x %}",
        " ".join(["very"] * 100) + " long",
    ],
)
def test_any_title_author_and_journal_is_read_back_as_it_came(title: str) -> None:
    made = note_text(
        ArxivPaper(
            arxiv="2301.00010", version=1, title=title, authors=(title, "Ada Lovelace"), published=dt.date(2023, 1, 1),
            updated=dt.date(2022, 12, 31), categories=("cs.LG",), abstract="", comment=None, journal_ref=title,
            doi="10.1000/x#y: z, 10.1000/w",
        )
    )  # fmt: skip
    paper, _, problems = read_paper(made, shown=Path("papers/x2023y.md"))
    assert problems == []
    assert paper is not None
    assert (paper.title, paper.authors, paper.venue) == (title, (title, "Ada Lovelace"), title)
    assert (paper.arxiv, paper.doi) == ("2301.00010", "10.1000/x#y:")


def test_what_a_title_and_names_hold_does_not_reach_the_theme_as_html(asked: list[list[str]], library: Path) -> None:
    evil = '"><script>alert(1)</script>'
    paper = ArxivPaper(
        arxiv="2301.00010", version=1, title=evil, authors=(evil,), published=dt.date(2023, 1, 1),
        updated=dt.date(2023, 1, 1), categories=("cs.LG",), abstract="", comment=None, journal_ref=evil, doi=None,
    )  # fmt: skip
    (library / "papers" / "evil2023script.md").write_text(note_text(paper))
    loaded = load(library)
    assert loaded.problems == ()
    tree = source_tree(loaded)
    pages = {page.src: page.text for page in render(loaded, ledger(loaded, tree), tree)}
    front = pages["papers/evil2023script.md"].partition("---\n\n")[0]
    assert "<script" not in front
    assert 'description: "&quot;&gt;&lt;script' in front
    for name, text in pages.items():
        assert "<script>alert" not in without_fences(text), name


def test_three_hundred_authors_are_folded(asked: list[list[str]], library: Path) -> None:
    paper = ArxivPaper(
        arxiv="2301.00010", version=1, title="Many", authors=tuple(f"Author {n}" for n in range(300)),
        published=dt.date(2023, 1, 1), updated=dt.date(2023, 1, 1), categories=("cs.LG",), abstract="", comment=None,
        journal_ref=None, doi=None,
    )  # fmt: skip
    (library / "papers" / "author2023many.md").write_text(note_text(paper))
    loaded = load(library)
    assert len(loaded.notes["author2023many"].paper.authors) == 300
    tree = source_tree(loaded)
    page = {page.src: page.text for page in render(loaded, ledger(loaded, tree), tree)}["papers/author2023many.md"]
    assert "and 297 others</summary>" in page
    assert "<bdi>Author 299</bdi></p></details>" in page
    assert "Author 0, Author 1, Author 2 and 297 others, 2023" in page.partition("---\n\n")[0]
