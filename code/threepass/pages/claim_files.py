"""The ledger in; what programs and other sites take from it, out: `claims.json` and a badge."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from threepass.pages.environment import render
from threepass.pages.page import address
from threepass.results import State

if TYPE_CHECKING:
    from threepass.ledger import Ledger, Row
    from threepass.pages.site import Site

DATA = "claims.json"
BADGE = "claims/badge.svg"
LABEL = "claims"

WORST_FIRST = (State.FAILED, State.UNPROVEN, State.STALE, State.UNMEASURED)
_NARROW, _WIDE = frozenset("fijlrt ,.1I"), frozenset("mwMW")


class Text(NamedTuple):
    """A text of the badge and its width in pixels, at a size of 11."""

    text: str
    width: int


def claim_files(site: Site) -> dict[str, str]:
    """Return the ledger's files by their paths in the site."""
    return {DATA: claims_json(site.ledger, base=site.library.site.base), BADGE: badge(site)}


def claims_json(ledger: Ledger, *, base: str = "") -> str:
    """Return every claim as JSON; addresses begin with `base`, or are relative to the site's root."""
    data = {
        "states": {str(state): count for state, count in ledger.counts.items()},
        "claims": [_plain(row, base) for row in ledger.rows],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def badge(site: Site) -> str:
    """Return a badge as an SVG image that asks for nothing: what is wrong, or how many claims are verified."""
    words = badge_words(site.ledger)
    worst = next((state for state in WORST_FIRST if site.ledger.counts[state]), State.VERIFIED)
    label, message = Text(LABEL, _width(LABEL)), Text(words, _width(words))
    state = worst if site.ledger.rows else State.UNMEASURED
    return render(site.templates, "badge.svg.jinja", label=label, message=message, state=state)


def badge_words(ledger: Ledger) -> str:
    """Return `14 verified`, or all that is not: `1 failed, 2 stale`."""
    if not ledger.rows:
        return "none yet"
    wrong = [f"{ledger.counts[state]} {state}" for state in WORST_FIRST if ledger.counts[state]]
    return ", ".join(wrong) or f"{ledger.counts[State.VERIFIED]} {State.VERIFIED}"


def _plain(row: Row, base: str) -> dict[str, Any]:
    last = row.measured
    return {
        "key": row.note.key,
        "id": row.claim.id,
        "says": row.claim.says,
        "where": row.claim.where,
        "bound": row.claim.expect.model_dump(mode="json", exclude_none=True),
        "values": last.values if last else {},
        "control": last.control if last else {},
        "state": str(row.state),
        "reason": last.reason if last else "",
        "measured": last.measured.isoformat() if last else None,
        "seconds": last.seconds if last else None,
        "environment": last.environment if last else {},
        "fingerprint": last.fingerprint if last else None,
        "url": base + address(f"claims/{row.name}.md"),
    }


def _width(text: str) -> int:
    """Return about how wide a text is; the image stretches it to just that."""
    return round(sum(3.9 if letter in _NARROW else 9.6 if letter in _WIDE else 6.7 for letter in text))
