"""Problems and claims in; words out: for a terminal, for GitHub's annotations, as JSON.

The one place that knows how grave a problem is.
"""

from __future__ import annotations

import json
import os
from enum import StrEnum
from typing import TYPE_CHECKING

from threepass.hinted import with_hint
from threepass.results import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import TextIO

    from threepass.ledger import Row
    from threepass.problems import Problem

_WARNINGS = frozenset({"P024", "P052", "P053", "P061", "P081"})
"""Nothing is known to be wrong: a date to come, claims that `threepass verify` has to measure, a form to write anew."""
_GOOD_TO_KNOW = frozenset({"P071", "P072"})
"""Links that still lead there, or that a program cannot judge."""

_STYLES = {"bold": "1", "red": "31", "green": "32", "yellow": "33", "dim": "2"}


class Severity(StrEnum):
    """How grave a problem is, in GitHub's words; an error makes a command exit 1."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTICE: "dim"}


def severity(problem: Problem, *, strict: bool = False) -> Severity:
    """Return how grave a problem is; with `strict`, warnings are errors."""
    if problem.code in _GOOD_TO_KNOW:
        return Severity.NOTICE
    return Severity.WARNING if problem.code in _WARNINGS and not strict else Severity.ERROR


def any_error(problems: Iterable[Problem], *, strict: bool = False) -> bool:
    """Whether one of the problems is an error."""
    return any(severity(problem, strict=strict) is Severity.ERROR for problem in problems)


def wants_colour(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether a stream takes colours: a terminal does, unless NO_COLOR is set (https://no-color.org)."""
    return stream.isatty() and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


def styled(text: str, *styles: str, coloured: bool) -> str:
    """Return the text in the named styles where colours are wanted."""
    if not coloured:
        return text
    return f"\x1b[{';'.join(_STYLES[style] for style in styles)}m{text}\x1b[0m"


def plain(problem: Problem, *, base: Path, coloured: bool = False, strict: bool = False) -> str:
    """Return `path:line:column: CODE message` and `hint: …` below; `base` is the way from here to the library."""
    place = f"{base / problem.path}:{problem.line}:{problem.column}:"
    code = styled(problem.code, "bold", _COLOURS[severity(problem, strict=strict)], coloured=coloured)
    text = f"{styled(place, 'bold', coloured=coloured)} {code} {problem.message}"
    return f"{text}\n{styled(f'hint: {problem.hint}', 'dim', coloured=coloured)}" if problem.hint else text


def github(problem: Problem, *, base: Path, strict: bool = False) -> str:
    """Return a problem as a workflow command, which GitHub shows beside the line it speaks of.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    properties = {
        "file": (base / problem.path).as_posix(),
        "line": str(problem.line),
        "col": str(problem.column),
        "title": problem.code,
    }
    said = ",".join(f"{name}={_escaped(value, also=':,')}" for name, value in properties.items())
    return f"::{severity(problem, strict=strict)} {said}::{_escaped(with_hint(problem.message, problem.hint))}"


def as_json(problems: Iterable[Problem], *, strict: bool = False) -> str:
    """Return problems as a JSON list, their paths relative to the library."""
    return json.dumps(
        [
            {
                "path": problem.path.as_posix(),
                "line": problem.line,
                "column": problem.column,
                "code": problem.code,
                "severity": severity(problem, strict=strict),
                "message": problem.message,
                "hint": problem.hint,
            }
            for problem in problems
        ],
        indent=2,
        ensure_ascii=False,
    )


def lines(
    problems: Iterable[Problem],
    *,
    root: Path,
    here: Path,
    environment: Mapping[str, str],
    coloured: bool = False,
    strict: bool = False,
) -> Iterator[str]:
    """Yield each problem of the library at `root` for who reads it: GitHub inside Actions, else a person at `here`."""
    if environment.get("GITHUB_ACTIONS") == "true":
        base = _way(environment.get("GITHUB_WORKSPACE") or here, root)
        yield from (github(problem, base=base, strict=strict) for problem in problems)
    else:
        base = _way(here, root)
        yield from (plain(problem, base=base, coloured=coloured, strict=strict) for problem in problems)


def claim_line(row: Row, *, printed: str = "") -> str:
    """Return a claim's state, name, value and bound in a line; below it why it gave nothing, and what it printed."""
    from threepass.wording import bound, duration, numbers

    text = f"{row.state:<10} {row.name}  "
    if row.measured is None:
        return f"{text}bound {bound(row.claim.expect)}"
    text += f"{numbers(row.measured.values)}  bound {bound(row.claim.expect)}"
    if row.measured.control:
        text += f"  control {numbers(row.measured.control)}"
    text += f"  in {duration(row.measured.seconds)}"
    below = [row.measured.reason, *printed.splitlines()] if row.state is not State.VERIFIED else []
    return "\n    ".join([text, *filter(None, below)])


def claims_line(rows: Sequence[Row]) -> str:
    """Return how many claims are in each state."""
    found = [(sum(row.state is state for row in rows), state) for state in State]
    return ", ".join(f"{count} {state}" for count, state in found if count) or "no claims"


def _way(start: Path | str, root: Path) -> Path:
    try:
        return type(root)(os.path.relpath(root, start))
    except ValueError:  # another drive, on Windows
        return root


def _escaped(text: str, *, also: str = "") -> str:
    for character in "%\r\n" + also:
        text = text.replace(character, f"%{ord(character):02X}")
    return text
