"""The name of a function that returns a matplotlib figure in; the figure as SVG, for light and for dark pages, out.

Beside `measuring.py`, the one place that runs the library's code. As a script, this module is the process in which
`figures.py` has figures drawn: matplotlib, torch and whatever else the figure needs are imported there and nowhere
in the tool. The function is called once for each scheme, with matplotlib's settings in force: what it draws in colours
of the cycle (`C0`, `C1`, …) and leaves otherwise to the defaults can be read on both.
"""

from __future__ import annotations

import json
import os
import re
import sys
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from threepass.running.measuring import UnmeasurableError, always_from_source, function_of, reasons, reproducible

if TYPE_CHECKING:
    from collections.abc import Collection

SCHEMES = ("light", "dark")
COLOURS = {
    "light": ("#1c2330", "#5b6472", ["#2450b8", "#a35a10", "#17693a", "#8a4fbf", "#a92323", "#0f7285"]),
    "dark": ("#e4e8f0", "#a3acbb", ["#8db4ff", "#f0bf6c", "#6fd398", "#cfa5f5", "#ff9a94", "#6fd0e3"]),
}
"""Of each scheme: the text, the axes, and the cycle of what is drawn; each has a contrast of 4.5 to the page."""


class Drawn(TypedDict):
    """Why a figure could not be drawn, and the package that was `missing` if that is the reason; else both empty."""

    reason: str
    missing: str


def draw(reference: str, *, code: Path, packages: Collection[str], to: Path) -> Drawn:
    """Draw a figure into `to`, as `light.svg` and `dark.svg`."""
    sys.path.insert(0, str(code))
    try:
        with reasons(code):
            import matplotlib as mpl

            mpl.use("svg")
        for scheme in SCHEMES:
            with mpl.rc_context(_settings(scheme, reference)):
                text = _svg(_called(reference, code=code, packages=packages), code=code)
            (to / f"{scheme}.svg").write_text(text, encoding="utf-8", newline="\n")
    except UnmeasurableError as error:
        absent = error.__cause__.name if isinstance(error.__cause__, ModuleNotFoundError) else ""
        ours = (absent or "").partition(".")[0] in {package.partition(".")[0] for package in packages}
        return {"reason": str(error), "missing": "" if ours else absent or ""}
    return {"reason": "", "missing": ""}


def _called(reference: str, *, code: Path, packages: Collection[str]) -> Any:
    function = function_of(reference, code=code, packages=packages)
    with reasons(code), reproducible():
        return function()


def _svg(figure: Any, *, code: Path) -> str:
    from matplotlib import pyplot
    from matplotlib.figure import Figure

    if not isinstance(figure, Figure):
        raise UnmeasurableError(f"returned a {type(figure).__name__}, not a matplotlib figure")
    made = StringIO()
    with reasons(code):
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(made, format="svg", transparent=True, metadata=nothing)
    pyplot.close("all")
    return small(made.getvalue())


def small(svg: str) -> str:
    """Return an SVG image without its preamble and indentation, places in it to a hundredth of a point."""
    svg = re.sub(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'<g id="[^"]*"', "<g", svg)  # nothing refers to a group
    svg = re.sub(r' (?:d|x|y)="[^"]*"', lambda path: re.sub(r"-?\d+\.\d{3,}", _rounded, path.group()), svg)
    return re.sub(r"\s*\n\s*", "\n", svg).lstrip()


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number.group()):.2f}".rstrip("0").rstrip(".")


def _settings(scheme: str, reference: str) -> Any:  # matplotlib takes its names as literals only
    from cycler import cycler

    text, axes, cycle = COLOURS[scheme]
    return {
        "svg.fonttype": "path",  # a page of ours asks for no font, and a formula's glyphs are on few machines
        "svg.hashsalt": reference,  # the same figure has the same text
        "figure.figsize": (6.4, 3.4),
        "figure.constrained_layout.use": True,
        "font.size": 10,
        "axes.titlesize": 10,
        "axes.titlelocation": "left",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.facecolor": "none",
        "axes.edgecolor": axes,
        "axes.labelcolor": text,
        "axes.titlecolor": text,
        "axes.prop_cycle": cycler(color=cycle),
        "text.color": text,
        "xtick.color": axes,
        "ytick.color": axes,
        "xtick.labelcolor": text,
        "ytick.labelcolor": text,
        "grid.color": axes,
        "grid.alpha": 0.25,
        "hatch.color": axes,
        "legend.frameon": False,
        "lines.linewidth": 1.8,
        "mathtext.fontset": "stix",
    }


def main() -> None:
    """Draw the figures that the argument asks for, into folders named by their numbers from 0.

    How each went is a line of standard output; what figures print is dropped.
    """
    asked = json.loads(sys.argv[1])
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    code, to = Path(asked["code"]), Path(asked["to"])
    always_from_source(code)
    for number, name in enumerate(asked["figures"]):
        folder = to / str(number)
        folder.mkdir()
        drawn = draw(name, code=code, packages=asked["packages"], to=folder)
        answers.write(json.dumps(drawn) + "\n")
        answers.flush()
    os._exit(0)  # whatever threads the figures left behind


if __name__ == "__main__":
    main()
