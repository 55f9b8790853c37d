"""A matplotlib figure in; the same for a notebook's page, as a drawing that screen readers can tell, out."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from matplotlib import pyplot as plt

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Shown:
    """An image, as a notebook shows it below a cell."""

    html: str

    def _repr_html_(self) -> str:
        return self.html


def shown(figure: Figure, alt: str) -> Shown:
    """Return a figure as an SVG image that says `alt` to those who do not see it, and close it.

    The page shows through. The colours are those of a light page: on a dark one the site's style sheet inverts them.
    """
    drawing = io.BytesIO()
    figure.savefig(drawing, format="svg", transparent=True, metadata={"Date": None})
    plt.close(figure)
    data = base64.b64encode(drawing.getvalue()).decode()
    return Shown(f'<img alt="{escape(alt)}" src="data:image/svg+xml;base64,{data}">')
