"""Problems as words: for a person, for GitHub, as JSON."""

import io
import json
from pathlib import Path

import pytest

from threepass.problems import Problem
from threepass.reporting import any_error, as_json, lines, wants_colour

WRONG = Problem(Path("papers/x.md"), 12, 5, "P031", "unknown topic 'nlq'", "did you mean 'nlp'?")
STALE = Problem(Path("papers/x.md"), 20, 9, "P052", "claim 'a' is stale", "verify it")
ROOT = Path("/home/ada/library")


def said(*problems: Problem, here: Path = ROOT, **options: object) -> list[str]:
    return list(lines(problems, root=ROOT, here=here, environment=options.pop("environment", {}), **options))


def test_a_problem_is_a_line_with_its_hint_below() -> None:
    assert said(WRONG) == ["papers/x.md:12:5: P031 unknown topic 'nlq'\nhint: did you mean 'nlp'?"]


@pytest.mark.parametrize(
    ("here", "shown"),
    [("/home/ada", "library/papers/x.md:12"), ("/home/ada/library/papers", "../papers/x.md:12")],
)
def test_paths_lead_from_where_one_is(here: str, shown: str) -> None:
    assert said(WRONG, here=Path(here))[0].startswith(shown)


def test_inside_actions_a_problem_is_an_annotation_of_the_line() -> None:
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": "/home/ada"}
    assert said(WRONG, STALE, environment=environment) == [
        "::error file=library/papers/x.md,line=12,col=5,title=P031::unknown topic 'nlq'%0Ahint: did you mean 'nlp'?",
        "::warning file=library/papers/x.md,line=20,col=9,title=P052::claim 'a' is stale%0Ahint: verify it",
    ]


def test_an_annotation_cannot_be_broken_by_what_it_says() -> None:
    nasty = Problem(Path("journal/a,b:c.yml"), 1, 1, "P004", "50% of\r\nlines ::error::x")
    line = said(nasty, environment={"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(ROOT)})[0]
    assert line == "::error file=journal/a%2Cb%3Ac.yml,line=1,col=1,title=P004::50%25 of%0D%0Alines ::error::x"


def test_json_holds_each_part_of_a_problem() -> None:
    assert json.loads(as_json([WRONG])) == [
        {
            "path": "papers/x.md",
            "line": 12,
            "column": 5,
            "code": "P031",
            "severity": "error",
            "message": "unknown topic 'nlq'",
            "hint": "did you mean 'nlp'?",
        }
    ]
    assert [one["severity"] for one in json.loads(as_json([WRONG, STALE], strict=True))] == ["error", "error"]


def test_a_stale_claim_is_no_error_unless_strict() -> None:
    assert not any_error([STALE])
    assert any_error([STALE], strict=True)
    assert any_error([STALE, WRONG])


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "coloured"),
    [
        (Terminal(), {}, True),
        (io.StringIO(), {}, False),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": ""}, True),
        (Terminal(), {"TERM": "dumb"}, False),
    ],
)
def test_colours_only_on_a_terminal_that_wants_them(
    stream: io.StringIO, environment: dict[str, str], coloured: bool
) -> None:
    assert wants_colour(stream, environment) is coloured


def test_colours_change_no_word() -> None:
    import re

    plain, coloured = said(WRONG), said(WRONG, coloured=True)
    assert plain != coloured
    assert [re.sub(r"\x1b\[[\d;]*m", "", line) for line in coloured] == plain
