"""A mistake in a file is a value with a place.

Nothing comes in; `Problem` and the list of codes go out. Every stage returns its problems beside its result, so that
one run shows them all. The codes are documented, with an example each, in `docs/guide/problems.md`.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from threepass.hinted import with_hint

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

CODES: Mapping[str, str] = {
    # reading a file
    "P001": "the file cannot be read as text",
    "P002": "the file is larger than 1 MB",
    "P003": "the file is empty",
    "P004": "the YAML is broken",
    "P005": "a tab indents the YAML",
    "P006": "a key is given twice",
    "P007": "too many aliases, or nested too deeply",
    "P008": "a note has no front matter",
    # the shape of a record
    "P010": "unknown key",
    "P011": "a key is missing",
    "P012": "a value has the wrong type",
    "P013": "not a date",
    "P014": "a value is outside what is allowed",
    # days
    "P015": "an equation does not have the symbol that is explained",
    "P020": "the file's name does not match the day's date",
    "P021": "two days have one number",
    "P022": "a day's number does not rise with its date",
    "P023": "a day says nothing",
    "P024": "a day, a pass or a review is still to come",
    # papers, links, topics
    "P030": "malformed citation key",
    "P031": "unknown topic or goal",
    "P032": "two notes have one citation key",
    "P033": "two notes have one arXiv id",
    "P034": "malformed arXiv id",
    "P035": "a link leads nowhere",
    "P036": "a link names a heading that is not there",
    "P037": "a reading, or the roadmap, names an unknown paper",
    "P038": "a pass comes before the one below it",
    "P039": "a paper cannot be found: no arxiv, doi, url or venue",
    # equations and claims
    "P040": "the code that is named cannot be found",
    "P041": "the code that is named is in no package of the claims",
    "P042": "a bound that makes no sense",
    "P043": "a claim has no control",
    "P044": "two claims or equations of a note have one id",
    "P045": "a result file cannot be read",
    "P046": "an equation does not compile",
    "P047": "the source that a page shows is not there",
    "P048": "a value in a sentence has no claim",
    "P049": "a figure cannot be drawn",
    # what the code measured
    "P050": "a claim failed",
    "P051": "a claim is unproven: its control met the bound",
    "P052": "a claim is stale: its code has changed since it was measured",
    "P053": "a claim has not been measured",
    # mkdocs.yml
    "P060": "the site's configuration is wrong",
    "P061": "GitHub's form for a day is not that of the library",
    # the web, where it is asked
    "P070": "an external link is dead",
    "P071": "an external link has moved for good",
    "P072": "an external link could not be checked",
    # what was imported
    "P080": "what was imported cannot be read",
    "P081": "what was measured or imported is of no note",
}
"""Every code and what it means, in the words of the reference page."""


BEGINNING = 3
"""Letters by which a word can be known: of a citation key, say, the author's name."""


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One mistake: where it is (line and column count from 1), what it is, and what to try."""

    path: Path
    line: int
    column: int
    code: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """Return `path:line:column: CODE message`, with the hint on a line of its own."""
        text = f"{self.path}:{self.line}:{self.column}: {self.code} {self.message}"
        return with_hint(text, self.hint)


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """Return `did you mean 'x'?` for the known word nearest to `wrong`, or one that begins with it or holds it."""
    words, part = list(known), wrong.lower()
    near = difflib.get_close_matches(wrong, words, n=1, cutoff=0.6)
    if len(wrong) >= BEGINNING:
        near = near or sorted((word for word in words if part in word), key=lambda word: word.find(part))
    return f"did you mean '{near[0]}'?" if near else ""
