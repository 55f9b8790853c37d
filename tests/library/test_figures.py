"""Each figure of this library is drawn, and is small."""

from __future__ import annotations

from pathlib import Path

import pytest

from threepass.ledger import source_tree
from threepass.library import load
from threepass.running.drawing import SCHEMES
from threepass.running.figures import Drawing, draw_figures, figures_of

LIBRARY = load(Path(__file__).resolve().parents[2])
FIGURES = sorted({figure.plot for _, _, figure in figures_of(LIBRARY)})


@pytest.fixture(scope="module")
def drawings(site: Path) -> dict[str, Drawing]:
    """All of them; the build of the site has drawn them, if they can be drawn."""
    return draw_figures(LIBRARY, source_tree(LIBRARY))


@pytest.mark.parametrize("name", FIGURES)
def test_each_figure_is_drawn_and_is_small(drawings: dict[str, Drawing], name: str) -> None:
    drawn = drawings[name]
    assert drawn.reason == ""
    assert all(0 < len(getattr(drawn, scheme)) < 100_000 for scheme in SCHEMES)
