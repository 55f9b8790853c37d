"""`papers/results/*.json` in; what each claim measured out, and back again.

The files are written by `threepass verify` and by nothing else.
"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from threepass.models import Results
from threepass.records import Unreadable, read_json, read_json_files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from threepass.models import Claim, Measurement
    from threepass.problems import Problem

FOLDER = "results"
KEPT = 20
"""Measurements of one claim that are kept, the last one included."""
_UNREADABLE = Unreadable(
    "P045",
    "the result file is not JSON",
    "the result file does not hold measurements",
    "delete it and run `threepass verify`",
)


class State(StrEnum):
    """What is known of a claim."""

    VERIFIED = "verified"
    FAILED = "failed"
    UNPROVEN = "unproven"
    STALE = "stale"
    UNMEASURED = "unmeasured"


MEANING = {
    State.VERIFIED: "measured by the code as it is now, and the bound is met",
    State.FAILED: "measured by the code as it is now, and the bound is missed, or no number came",
    State.UNPROVEN: "the bound is met, but the control meets it too, so that it proves nothing",
    State.STALE: "the code or the bound has changed since it was measured",
    State.UNMEASURED: "never measured",
}


def state_of(claim: Claim, measured: Measurement, fingerprint: str) -> State:
    """Return the state of a claim, given its last measurement and the fingerprint of its code as it is now."""
    if measured.fingerprint != fingerprint or measured.expect != claim.expect:
        return State.STALE
    return verdict(measured)


def verdict(measured: Measurement) -> State:
    """Return what a measurement said when it was made: verified, failed or unproven."""
    if measured.reason or not measured.met:
        return State.FAILED
    return State.UNPROVEN if measured.control_met else State.VERIFIED


def remember(known: Results, measured: Mapping[str, Measurement]) -> Results:
    """Return results with new measurements; what a claim measured before goes into its history, `KEPT` in all.

    A measurement that says what the last one said is no news: it changes nothing.
    """
    claims, history = dict(known.claims), dict(known.history)
    for name, measurement in measured.items():
        last = claims.get(name)
        if last is not None and measurement.agrees_with(last):
            continue
        if last is not None:
            history[name] = (last, *history.get(name, ()))[: KEPT - 1]
        claims[name] = measurement
    return known.model_copy(update={"claims": claims, "history": history})


def read_results(folder: Path, *, root: Path) -> tuple[dict[str, Results], list[Problem]]:
    """Read every result file of a library, by citation key."""
    return read_json_files(folder, Results, root=root, unreadable=_UNREADABLE)


def read_result_file(path: Path, *, root: Path) -> tuple[Results | None, list[Problem]]:
    """Read the result file of one note."""
    return read_json(path, Results, root=root, unreadable=_UNREADABLE)


def as_text(results: Results) -> str:
    """Return a result file's text: JSON, one key a line, in the order of the claims; a former measurement is a line."""
    data = {"paper": results.paper, "claims": {name: _plain(last) for name, last in results.claims.items()}}
    text = json.dumps(data, indent=2, ensure_ascii=False)
    past = [
        f"    {json.dumps(name)}: [\n"
        + ",\n".join(f"      {json.dumps(_plain(former), ensure_ascii=False)}" for former in formers)
        + "\n    ]"
        for name, formers in results.history.items()
        if formers
    ]
    if past:
        text = text.removesuffix("\n}") + ',\n  "history": {\n' + ",\n".join(past) + "\n  }\n}"
    return text + "\n"


def _plain(measurement: Measurement) -> dict[str, Any]:
    """Return a measurement as JSON has it; a number that was not finite stays visible, as null."""
    plain = measurement.model_dump(mode="json", exclude_none=True)
    return plain | {"values": measurement.values, "control": measurement.control}
