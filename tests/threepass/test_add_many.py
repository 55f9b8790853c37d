"""`threepass add` with lists, searches and whatever arXiv does; arXiv is a server on this machine."""

import contextlib
import datetime as dt
import functools
import io
import os
import pty
import re
import subprocess
import sys
import termios

import pytest

from threepass.cli import main
from threepass.importers import arxiv
from threepass.library import load

RUN = [sys.executable, "-c", "import sys; from threepass.cli import main; sys.exit(main())"]
SEARCH = arxiv.search
ABSTRACT = "We study $x$.\n  A second paragraph."


@pytest.fixture
def server(arxiv_is_here, monkeypatch):
    hurry(monkeypatch, timeout=60.0)
    entry = arxiv_is_here.Entry
    arxiv_is_here.knows(
        entry("1703.01365v2", title="Axiomatic Attribution", authors=("Mukund Sundararajan",), summary=ABSTRACT),
        entry("1409.0473v7", title="Neural Machine Translation", authors=("Dzmitry Bahdanau",)),
        *(entry(f"2305.{n:05d}v1", title=f"Gradients, Part {n}", authors=(f"Z{n} Zed",)) for n in range(1, 131)),
    )
    return arxiv_is_here


def hurry(monkeypatch, **options):
    """Keep the pauses of `fetch` and `search`, but let none of them last."""
    manners = arxiv.Manners(delay=0.0, sleep=lambda _: None, **options)
    monkeypatch.setattr("threepass.authoring.asking.fetch", functools.partial(arxiv.fetch, manners=manners))
    monkeypatch.setattr(arxiv, "search", functools.partial(SEARCH, manners=manners))


def piped(monkeypatch, text):
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_a_hundred_ids_are_one_request(server, library, monkeypatch):
    piped(monkeypatch, "\n".join(f"2305.{n:05d}" for n in range(1, 101)))
    assert main(["add"]) == 0
    assert [len(ids) for ids in server.asked] == [100]
    assert len(load(library).notes) == 101
    assert main(["check"]) == 0


@pytest.mark.parametrize("how", ["file", "dash", "from dash", "pipe"])
def test_ids_come_from_a_file_or_standard_input(server, library, monkeypatch, capsys, how):
    (library / "ids.txt").write_text("1703.01365\nhttps://arxiv.org/abs/1409.0473\n")
    piped(monkeypatch, (library / "ids.txt").read_text())
    words = {"file": ["--from", "ids.txt"], "dash": ["-"], "from dash": ["--from", "-"], "pipe": []}[how]
    assert main(["add", *words]) == 0
    assert [line.split(": ")[1].split()[0] for line in capsys.readouterr().out.splitlines()] == [
        "papers/sundararajan2017axiomatic.md", "papers/bahdanau2017neural.md",
    ]  # fmt: skip


def test_a_note_that_is_renamed_leaves_nothing_behind_unsaid(server, library, capsys):
    assert main(["add", "1703.01365"]) == 0
    capsys.readouterr()
    (library / "papers/sundararajan2017axiomatic.md").rename(library / "papers/sundararajan2017paths.md")
    assert main(["check"]) == 0
    said = "P081 no note is called 'sundararajan2017axiomatic'"
    assert f"papers/imported/arxiv/sundararajan2017axiomatic.json:1:1: {said}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("https://aclanthology.org/P19-1001", "`threepass import refs.bib`"),
        ("doi:10.1162/neco.1997.9.8.1735", "`threepass import refs.bib`"),
        ("10.1162/neco.1997.9.8.1735", "`threepass import refs.bib`"),
        ("Attention is all you need", "--search"),
        ("1703.0136", "write 1703.01365"),
        ("hepth/9901001", "write 1703.01365"),
    ],
)
def test_what_is_no_id_is_told_its_own_way(server, library, capsys, text, hint):
    assert main(["add", text]) == 1
    assert hint in capsys.readouterr().err
    assert server.requests == []


def test_what_is_no_id_in_a_file_is_named_with_its_line_and_the_rest_is_kept(server, library, capsys):
    (library / "ids.txt").write_text("# mine\n1703.01365\n1703.0136X\n9999.99999 2305.99999\n")
    assert main(["add", "--from", "ids.txt"]) == 1
    out, err = capsys.readouterr()
    assert out.startswith("1703.01365: papers/sundararajan2017axiomatic.md")
    assert "ids.txt:3: 1703.0136X: not an arXiv id or address" in err
    assert "ids.txt:4: 2305.99999: arXiv knows no 2305.99999" in err
    assert err.endswith("1 of 4 added; the others are named above\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "ids.txt cannot be read: No such file or directory"),
        (b"\xff\xfe", "ids.txt is not UTF-8 (byte 0)"),
        (b"# nothing\n", "there is no arXiv id in it"),
    ],
)
def test_a_file_without_ids_is_said(server, library, capsys, content, said):
    if content is not None:
        (library / "ids.txt").write_bytes(content)
    assert main(["add", "--from", "ids.txt"]) == 1
    assert capsys.readouterr().err.startswith(said)
    assert server.requests == []


def test_adding_the_same_list_again_asks_for_nothing_and_names_what_is_there(server, library, capsys):
    assert main(["add", "1703.01365", "1409.0473"]) == 0
    assert main(["add", "1703.01365", "1409.0473"]) == 1
    assert len(server.requests) == 1
    assert capsys.readouterr().err.count("it has a note already") == 2


def test_all_versions_named_are_one_paper(server, library, capsys):
    assert main(["add", "1703.01365v1", "1703.01365", "arXiv:1703.01365v2"]) == 0
    assert server.asked == [("1703.01365v2",)]
    assert len(load(library).notes) == 2


def test_the_abstract_is_kept_only_where_it_is_asked_for(server, library):
    assert main(["add", "1703.01365"]) == 0
    assert main(["add", "1409.0473", "2305.00001", "--abstract"]) == 0
    found = load(library)
    assert found.notes["sundararajan2017axiomatic"].paper.abstract is None
    assert found.notes["bahdanau2017neural"].paper.abstract == "An abstract."
    assert "study" not in (library / "papers/imported/arxiv/sundararajan2017axiomatic.json").read_text()


def test_an_abstract_of_several_paragraphs_is_kept_as_it_came(server, library):
    assert main(["add", "1703.01365", "--abstract"]) == 0
    assert load(library).notes["sundararajan2017axiomatic"].paper.abstract == "We study $x$.\n\nA second paragraph."


def test_a_search_lists_and_adds_what_is_picked_from_a_pipe(server, library, monkeypatch, capsys):
    assert main(["add", "2305.00002"]) == 0
    capsys.readouterr()
    piped(monkeypatch, "1 3\n")
    assert main(["add", "--search", "gradients part", "--max", "3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "  1  2305.00001        2017  Z1 Zed: Gradients, Part 1",
        "  2  2305.00002        2017  Z2 Zed: Gradients, Part 2  [papers/zed2017gradients.md]",
        "  3  2305.00003        2017  Z3 Zed: Gradients, Part 3",
    ]
    assert [line.split(":")[0] for line in lines[3:]] == ["2305.00001", "2305.00003"]
    assert len(server.requests) == 2  # one for the id, one for the search: what was found is not asked for again


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        ("", 0, "nothing picked, nothing added\n"),
        ("9\n", 2, "the list has no 9\nhint: it goes from 1 to 3\n"),
        ("one\n", 2, "'one' is no number\nhint: write 1 3-5, or all, or nothing\n"),
    ],
)
def test_a_pipe_that_picks_nothing_adds_nothing(server, library, monkeypatch, capsys, typed, code, said):
    piped(monkeypatch, typed)
    assert main(["add", "--search", "gradients", "--max", "3"]) == code
    assert capsys.readouterr().err == said
    assert len(load(library).notes) == 1


def test_a_search_without_results_is_said(server, library, monkeypatch, capsys):
    assert main(["add", "--search", "unheard of"]) == 1
    assert capsys.readouterr().err.startswith("arXiv finds nothing for: unheard of\n")


def test_a_search_beside_ids_is_wrong_usage(server, library):
    assert main(["add", "--search", "x", "1703.01365"]) == 2


def on_a_terminal(library, words, typed):
    """Run a command where a person sits and types this."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*RUN, *words], cwd=library, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        os.close(theirs)
        os.write(ours, typed)
        out, err = process.communicate(timeout=60)
    os.close(ours)
    return process.returncode, out, err


def test_on_a_terminal_one_is_asked_until_the_answer_makes_sense(server, library):
    code, out, err = on_a_terminal(library, ["add", "--search", "gradients", "--max", "3"], b"7\n2\n")
    assert code == 0
    assert "the list has no 7" in err
    assert out.splitlines()[-1].startswith("2305.00002: papers/zed2017gradients.md")


def test_on_a_narrow_terminal_titles_are_cut_and_each_paper_has_its_line(server, library):
    assert main(["add", "2305.00002"]) == 0
    ours, theirs = pty.openpty()
    os.set_blocking(ours, False)
    termios.tcsetwinsize(theirs, (24, 60))
    with subprocess.Popen(
        [*RUN, "add", "--search", "gradients", "--max", "3"],
        cwd=library, stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.DEVNULL,
        env={name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")},
    ) as process:  # fmt: skip
        process.wait(timeout=60)
    os.close(theirs)
    lines = os.read(ours, 4096).decode().split("\r\n")
    os.close(ours)
    assert lines[0] == "  1  2305.00001        2017  Z1 Zed: Gradients, Part 1"
    assert lines[1] == "  2  2305.00002        2017  Z2 Zed: Gradients, Pa…  [noted]"
    assert len(lines[1]) == 60
    assert len(lines) == 4


def test_today_offers_to_add_a_paper_that_is_not_there(server, library):
    words = ["today", "-m", "Read it.", "--paper", "https://arxiv.org/abs/1703.01365v2", "--date", "2024-11-22"]
    code, out, err = on_a_terminal(library, words, b"y\n")
    assert code == 0, err
    assert "There is no note of arXiv 1703.01365v2 yet. Add it?" in out + err
    found = load(library)
    (reading,) = found.by_name["2024-11-22"].day.readings
    assert (reading.paper, reading.pass_) == ("sundararajan2017axiomatic", 1)
    assert found.problems == ()


def test_today_leaves_everything_as_it_was_where_the_offer_is_declined(server, library):
    words = ["today", "-m", "Read it.", "--paper", "1703.01365", "--date", "2024-11-22"]
    code, _, err = on_a_terminal(library, words, b"n\n")
    assert code == 1
    assert "run `threepass add 1703.01365` first" in err
    assert "2024-11-22" not in load(library).by_name


# Each fault is one clear line and exit code 1, and nothing is half-written


FAULTS = {
    "400": ({"status": 400}, "arXiv refuses the question (HTTP 400)"),
    "404": ({"status": 404}, "there is no query interface at"),
    "429": ({"status": 429, "headers": {"Retry-After": "900"}}, "asks for fewer requests (HTTP 429), the next in 900"),
    "500": ({"status": 500}, "arXiv is out of order (HTTP 500)"),
    "503": ({"status": 503}, "arXiv is out of order (HTTP 503)"),
    "an empty feed": ({"body": "FEED"}, "arXiv knows no 1703.01365"),
    "truncated XML": ({"body": "CUT"}, "arXiv's answer breaks off"),
    "not XML": ({"body": "no xml"}, "what came is not an answer of arXiv: no xml"),
    "an error entry": ({"body": "ERROR"}, "arXiv refuses the id: incorrect id format for 1703.01365"),
    "an entry without dates": ({"body": "UNDATED"}, "arXiv's entry for it has no date (published)"),
    "another id than asked": ({"body": "OTHER"}, "arXiv answered about another paper than was asked: 1409.0473"),
    "rate exceeded": ({"body": "Rate exceeded."}, "arXiv asks for fewer requests (Rate exceeded.)"),
    "HTML": ({"body": "<html><title>Down</title></html>"}, "a web page came instead of arXiv's answer: Down"),
    "a block page": ({"status": 302, "headers": {"Location": "http://blocked.invalid/login"}},
                     "arXiv's address leads elsewhere: http://blocked.invalid/login"),
    "no network": ("http://arxiv.invalid/api/query", "arxiv.invalid cannot be found: no network?"),
    "refused": ("http://127.0.0.1:9/api/query", "127.0.0.1:9 refuses the connection"),
    "slow": ({"silent": True}, "within 0.3 seconds"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_one_line_and_leaves_nothing_behind(server, library, monkeypatch, capsys, fault):
    reply, said = FAULTS[fault]
    monkeypatch.delenv("THREEPASS_OAI_URL")  # who asks a mirror gets no second source unless they name one
    if isinstance(reply, str):
        monkeypatch.setenv("THREEPASS_ARXIV_URL", reply)
    else:
        entry = server.Entry("1703.01365v2")
        whole = server.feed(entry.atom_2026())
        bodies = {
            "FEED": server.feed(),
            "CUT": whole[: len(whole) // 2],
            "ERROR": server.error_feed("incorrect id format for 1703.01365"),
            "UNDATED": server.feed(server.Entry("1703.01365v2", published=None).atom_2026()),
            "OTHER": server.feed(server.Entry("1409.0473v1").atom_2026()),
        }
        body = reply.get("body", "")
        server.says(*[server.Reply(**(reply | {"body": bodies.get(body, body)}))] * 4)
    if fault == "slow":
        hurry(monkeypatch, timeout=0.3, retries=0)
    before = {path: path.read_bytes() for path in library.rglob("*") if path.is_file()}
    assert main(["add", "1703.01365"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = [one for one in err.splitlines() if "asking again in" not in one and not one.startswith("hint: ")]
    assert line.startswith("1703.01365: ")
    assert said in line
    after = {path for path in library.rglob("*") if path.is_file() and ".threepass" not in path.parts}
    assert after == {path for path in before if ".threepass" not in path.parts}


def test_where_the_query_interface_fails_oai_pmh_gives_the_papers(server, library, capsys):
    server.says(*[server.Reply(status=503)] * 2)
    assert main(["add", "1703.01365", "2305.99999"]) == 1
    out, err = capsys.readouterr()
    assert "papers/sundararajan2017axiomatic.md" in out
    assert "arXiv is out of order (HTTP 503); asking OAI-PMH" in err
    assert "2305.99999: arXiv knows no 2305.99999" in err
    imported = load(library).imported["sundararajan2017axiomatic"]
    assert imported.versions == (dt.date(2017, 3, 4), dt.date(2017, 6, 13))


def test_the_addresses_may_stand_in_mkdocs_yml(server, library, monkeypatch, capsys):
    monkeypatch.delenv("THREEPASS_ARXIV_URL")
    monkeypatch.delenv("THREEPASS_OAI_URL")
    config = library / "mkdocs.yml"
    broken = server.endpoint.replace("/api/query", "/nothing")
    lines = f"      arxiv: {{url: {broken}, oai: {server.oai}}}\n"
    config.write_text(re.sub(r"(- threepass:.*\n)", rf"\1{lines}", config.read_text()))
    server.says(server.Reply(status=404))
    assert main(["add", "1703.01365"]) == 0
    assert [request.path.partition("?")[0] for request in server.requests] == ["/nothing", "/oai"]


def test_a_bar_is_shown_while_arxiv_is_asked_for_longer_than_a_second(server, library):
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm"}
    ids = [f"2305.{n:05d}" for n in range(1, 131)]  # two requests, three seconds apart
    with subprocess.Popen(
        [*RUN, "add", *ids], cwd=library, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=theirs,
        text=True, env=environment,
    ) as process:  # fmt: skip
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # how a terminal ends
            while chunk := os.read(ours, 4096):
                shown += chunk
        printed = process.stdout.read()
    os.close(ours)
    assert process.returncode == 0
    assert "100/130" in shown.decode()
    assert len(printed.splitlines()) == 130
