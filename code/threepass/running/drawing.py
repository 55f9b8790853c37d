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
STYLES = {scheme: Path(__file__).parents[1] / "assets" / "figures" / f"{scheme}.mplstyle" for scheme in SCHEMES}
"""matplotlib's settings: all of them, and what is different on dark pages."""


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
            from matplotlib import style
        for scheme in SCHEMES:
            with style.context([STYLES["light"], STYLES[scheme]]):
                mpl.rcParams["svg.hashsalt"] = reference  # the same figure has the same text
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
