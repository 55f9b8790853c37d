"""arXiv ids: what a person pastes comes in, `ArxivId` or nothing goes out.

An id is `YYMM.NNNN` (April 2007 to December 2014), `YYMM.NNNNN` (since January 2015) or `archive/YYMMNNN` (July 1991
to March 2007), each with an optional version `vN`; https://info.arxiv.org/help/arxiv_identifier.html. The form is
checked here because one malformed id makes arXiv refuse a whole request.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

_ID = re.compile(
    r"""(?: (?P<yymm>[0-9]{4}) \. (?P<number>[0-9]{4,5})
          | (?P<archive>[a-z]+(?:-[a-z]+)?) (?:\.[a-z]+(?:-[a-z]+)?)?
            / (?P<old_yymm>[0-9]{4}) (?P<old_number>[0-9]{3}) )
        (?: v (?P<version>[1-9][0-9]{0,2}) )?""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)

_ARCHIVE = re.compile(
    r"""acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs|dg-ga
    |funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|physics|plasm-ph
    |q-alg|q-bio|quant-ph|solv-int|supr-con""",
    re.VERBOSE,
)
"""The archives that gave out ids before April 2007."""

_HOSTS = ("arxiv.org", "ar5iv.org", "alphaxiv.org", "huggingface.co", "hf.co", "doi.org")
"""Sites whose addresses carry an arXiv id; their subdomains (www., export., ar5iv.labs.) too."""

_BEFORE_AN_ID = re.compile(
    r"(?: (?:abs|pdf|html|ps|src|e-print|format|overview|papers) / | 10\.48550/arxiv\. )",
    re.VERBOSE | re.IGNORECASE,
)
_FILE_NAME = re.compile(r"(?:\.pdf|\.ps)?/*$", re.IGNORECASE)
_PREFIX = re.compile(r"(?:doi:\s*)?10\.48550/arxiv\.|arxiv:\s*", re.IGNORECASE)
_MARGIN = re.compile(r"\s+\[[a-z.-]+\]?(?:\s.*)?", re.IGNORECASE)
"""What stands behind the id in the margin of a PDF: `[cs.LG] 13 Jun 2017`."""
_WRAPPING = "<>()[]{}\"'`“”‘’.,;"


@dataclass(frozen=True, slots=True)
class ArxivId:
    """A paper on arXiv: its id without version, and the version that was named, if one was."""

    id: str
    version: int | None = None

    @property
    def month(self) -> str:
        """The month in which arXiv gave it out: `2017-06`."""
        yymm = self.id.rpartition("/")[2][:4]
        century = "19" if "/" in self.id and yymm[:2] >= "91" else "20"
        return f"{century}{yymm[:2]}-{yymm[2:]}"

    def __str__(self) -> str:
        """Return the id as arXiv writes it, with the version where one was named."""
        return self.id if self.version is None else f"{self.id}v{self.version}"


def parse(text: str) -> ArxivId | None:
    """Return the arXiv id that `text` is, or is the address of; `None` where it is neither.

    `arXiv:`, DOIs, addresses of arXiv and of the sites that mirror it, and brackets around them are understood. An old
    id loses its subject class, as on arXiv itself: `math.GT/0309136` is `math/0309136`.
    """
    text = text.strip().strip(_WRAPPING)
    if (path := _path(text)) is not None:
        before = _BEFORE_AN_ID.match(path)
        return _bare(path[before.end() :]) if before else None
    prefix = _PREFIX.match(text)
    rest = text[prefix.end() :] if prefix else text
    found = _bare(rest)
    if found is None and (margin := _MARGIN.search(rest)):
        return _bare(rest[: margin.start()])
    return found


def distinct(ids: Iterable[ArxivId]) -> tuple[ArxivId, ...]:
    """Return each paper once, in the order of first mention.

    All versions are one paper: of several the highest one named is kept, and a named one before none.
    """
    papers: dict[str, ArxivId] = {}
    for one in ids:
        known = papers.setdefault(one.id, one)
        if (one.version or 0) > (known.version or 0):
            papers[one.id] = one
    return tuple(papers.values())


def _path(text: str) -> str | None:
    """Return the path of an address on one of the known sites, without its leading slash, or `None`."""
    address = text if re.match(r"https?://", text, re.IGNORECASE) else f"https://{text}"
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
    except ValueError:  # a lone bracket reads as a broken IPv6 host
        return None
    if not any(host == known or host.endswith(f".{known}") for known in _HOSTS):
        return None
    return re.sub(r"/{2,}", "/", unquote(parts.path)).lstrip("/")


def _bare(text: str) -> ArxivId | None:
    """Read an id that stands alone, or as the name of its PDF."""
    match = _ID.fullmatch(_FILE_NAME.sub("", text))
    if match is None:
        return None
    version = int(match["version"]) if match["version"] else None
    if match["archive"]:
        archive = match["archive"].lower()
        known = _ARCHIVE.fullmatch(archive) and _is_old_month(match["old_yymm"]) and int(match["old_number"]) > 0
        return ArxivId(f"{archive}/{match['old_yymm']}{match['old_number']}", version) if known else None
    valid = _is_new_month(match["yymm"], digits=len(match["number"])) and int(match["number"]) > 0
    return ArxivId(f"{match['yymm']}.{match['number']}", version) if valid else None


def _is_old_month(yymm: str) -> bool:
    """Tell whether ids of the form `archive/YYMMNNN` were given out in this month: July 1991 to March 2007."""
    year = int(yymm[:2]) + (1900 if yymm[:2] >= "91" else 2000)
    return 1 <= int(yymm[2:]) <= 12 and (1991, 7) <= (year, int(yymm[2:])) <= (2007, 3)


def _is_new_month(yymm: str, *, digits: int) -> bool:
    """Tell whether `YYMM` is a month of the present form, and its number has as many digits as then."""
    return 1 <= int(yymm[2:]) <= 12 and (yymm >= "1501" if digits == 5 else "0704" <= yymm <= "1412")
