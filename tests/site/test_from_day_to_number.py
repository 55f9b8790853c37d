"""From a day to the paper, to the equation, to the code, to the number, and back: by links alone, on the built site."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import urljoin

import pytest

from threepass.library import load

ROOT = Path(__file__).resolve().parents[2]
MODULES = ("recurrent", "seq2seq", "attention", "transducer", "transformer", "generation", "bert", "pegasus")
"""The packages that reproduce sequence models."""
DAYS = tuple(f"journal/{entry.name}/" for entry in load(ROOT).entries if 8 <= (entry.day.day or 0) <= 14)


@cache
def html(site: Path, page: str) -> str:
    """Return the page at an address like `papers/x/`."""
    return (site / page / "index.html").read_text()


def links(text: str, page: str) -> set[str]:
    """Return where a part of a page links, as addresses from the root of the site, anchors and all."""
    return {urljoin(page, href) for href in re.findall(r'<a\b[^>]*\bhref="([^"]+)"', text)}


@cache
def links_of(site: Path, page: str) -> set[str]:
    return links(html(site, page), page)


@cache
def parts(site: Path, page: str, kind: str) -> dict[str, str]:
    """Return the equations or the claims of a paper's page, by their anchors."""
    found = {}
    for chunk in re.split(rf'(?=<\w+ [^>]*\bid="{kind}-)', html(site, page))[1:]:
        anchor = re.search(rf'\bid="({kind}-[^"]+)"', chunk)
        assert anchor
        found[anchor[1]] = chunk.partition("<h2")[0]
    return found


def papers_of(site: Path, page: str) -> list[str]:
    return sorted(link for link in links_of(site, page) if re.fullmatch(r"papers/\w+/", link))


def code_of(site: Path, page: str, kind: str, module: str) -> dict[str, list[str]]:
    """Return the code of a package to which the equations or the claims of a paper's page lead, by their anchors."""
    found = {anchor: sorted(links(text, page)) for anchor, text in parts(site, page, kind).items()}
    ours = {
        anchor: [link for link in to if link.startswith(f"reproductions/{module}.")] for anchor, to in found.items()
    }
    return {anchor: code for anchor, code in ours.items() if code}


def test_the_days_of_the_port_are_there() -> None:
    assert len(DAYS) == 7


@pytest.mark.parametrize("module", MODULES)
def test_a_reader_goes_from_a_day_to_the_number_and_back(site: Path, module: str) -> None:
    ways = [
        (day, paper, equations, claims)
        for day in DAYS
        for paper in papers_of(site, day)
        if (equations := code_of(site, paper, "equation", module)) and (claims := code_of(site, paper, "claim", module))
    ]
    assert ways, f"no day of {DAYS} leads to a paper with an equation and a claim of {module}"
    for day, paper, equations, claims in ways:
        assert day in links_of(site, paper), f"{paper} does not lead back to {day}"
        for anchor, code in (*equations.items(), *claims.items()):
            for link in code:
                page, _, symbol = link.partition("#")
                assert f'id="{symbol}"' in html(site, page), f"{link} is not there"
                assert f"{paper}#{anchor}" in links_of(site, page), f"{link} does not lead back to {paper}#{anchor}"
        for anchor in claims:
            article = parts(site, paper, "claim")[anchor]
            assert re.search(r"<dt>Measured</dt>\s*<dd>[^\d]*\d", article), f"{paper}#{anchor} shows no number"


def test_the_roadmap_leads_to_every_module(site: Path) -> None:
    planned = papers_of(site, "roadmap/")
    assert [m for m in MODULES if not any(code_of(site, paper, "equation", m) for paper in planned)] == []
