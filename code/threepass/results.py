"""`papers/results/*.json` in; what each claim measured out, and back again.

The files are written by `threepass verify` and by nothing else.
"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import ValidationError

from threepass.models import Results
from threepass.problems import Problem
from threepass.source import read_text

if TYPE_CHECKING:
    from pathlib import Path

    from threepass.models import Claim, Measurement

FOLDER = "results"


class State(StrEnum):
    """What is known of a claim."""

    VERIFIED = "verified"
    FAILED = "failed"
    UNPROVEN = "unproven"
    STALE = "stale"
    UNMEASURED = "unmeasured"


MEANING = {
    State.VERIFIED: "measured by the code as it is now, and the bound is met",
    State.FAILED: "measured by the code as it is now, and the bound is missed",
    State.UNPROVEN: "the bound is met, but the control meets it too, so that it proves nothing",
    State.STALE: "the code or the bound has changed since it was measured",
    State.UNMEASURED: "never measured",
}


def state_of(claim: Claim, measured: Measurement | None, fingerprint: str) -> State:
    """Return the state of a claim, given its last measurement and the fingerprint of its code as it is now."""
    if measured is None:
        return State.UNMEASURED
    if measured.fingerprint != fingerprint or measured.expect != claim.expect:
        return State.STALE
    if not measured.met:
        return State.FAILED
    return State.UNPROVEN if measured.control_met else State.VERIFIED


def read_results(folder: Path, *, root: Path) -> tuple[dict[str, Results], list[Problem]]:
    """Read every result file of a library, by citation key."""
    found: dict[str, Results] = {}
    problems: list[Problem] = []
    hint = "delete it and run `threepass verify`"
    for path in sorted(folder.glob("*.json")):
        shown = path.relative_to(root)
        text, wrong = read_text(path, shown=shown)
        problems += wrong
        if text is None:
            continue
        try:
            results = Results.model_validate(json.loads(text))
        except json.JSONDecodeError as error:
            message = f"the result file is not JSON: {error.msg}"
            problems.append(Problem(shown, error.lineno, error.colno, "P045", message, hint))
        except (ValidationError, RecursionError):
            problems.append(Problem(shown, 1, 1, "P045", "the result file does not hold measurements", hint))
        else:
            found[path.stem] = results
    return found, problems


def as_text(results: Results) -> str:
    """Return a result file's text: JSON, one key a line, in the order of the claims."""
    data = results.model_dump(mode="json", exclude_none=True)
    for claim, measurement in results.claims.items():  # a number that was not finite stays visible, as null
        data["claims"][claim] |= {"values": measurement.values, "control": measurement.control}
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
