"""A build in; what it needs late and takes long, begun before all else, out.

Two processes import what they need, while this one reads the library.
"""

from __future__ import annotations

from threepass.assets import cut_math_font
from threepass.building.beside import Beside
from threepass.pages.layout import kept_layout


class Ahead:
    """Where the graph's nodes stand, and the font of formulas: each is given what it is made of once that is known."""

    def __init__(self) -> None:
        self.layout = Beside(kept_layout, imports=("numpy", "networkx"))
        self.font = Beside(cut_math_font, imports=("fontTools.subset", "fontTools.ttLib.woff2"))
