"""What a page needs beside its text: the style sheet, scripts, and the math font cut to what the site uses."""

from __future__ import annotations

import hashlib
import html
import re
import shutil
import tempfile
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threepass.settings import Settings

FOLDER = "assets/threepass"
STYLE = f"{FOLDER}/threepass.css"
FONT = f"{FOLDER}/math.woff2"
RECORDS = f"{FOLDER}/records.js"
"""The script that filters and sorts tables of records; the pages that need it name it."""

SYMBOLS = f"{FOLDER}/symbols.js"
"""The script that names the symbols of equations."""

FORMULAS = f"{FOLDER}/formulas.js"
"""The script by which what is copied of a page holds its formulas as LaTeX."""

DAYS = f"{FOLDER}/days.js"
"""The script that leads from a day to the next by keys and swipes."""

SHARE = f"{FOLDER}/share.js"
"""The script that hands a post over to the site that it is for."""

GRAPH = f"{FOLDER}/graph.js"
"""The script that zooms into the graph."""

MATH_FONT = ("ziamath", "fonts/STIXTwoMath-Regular.ttf")
"""STIX Two Math (OFL), by the package that it comes with."""
ALWAYS = "√0123456789()[]{}|=+−,.′"
"""Characters that the font always holds: the root sign stands in no text, MathML's `msqrt` draws it."""

_MATH = re.compile(r"<math\b.*?</math>", re.DOTALL)
_ANNOTATION = re.compile(r"<annotation\b.*?</annotation>", re.DOTALL)
_DRAWN = re.compile(r'<img (?=[^>]*\bsrc="data:)')
_NOTEBOOK_CODE = re.compile(r'<div (class="[^"]*\bhighlight-ipynb\b)')
_CELL = re.compile(r"<td\b.*?</td>", re.DOTALL)
_CODE = re.compile(r"(?<=<code>)[^<]*(?=</code>)")


def style(settings: Settings) -> dict[str, str]:
    """Return our style sheet by its path in the site, with the colours of the challenge's goals."""
    sheets = sorted(_texts(".css").items(), key=lambda sheet: (sheet[0] != "threepass.css", sheet[0]))
    goals = [f'.tp-goal[data-goal="{name}"]{{--tp-goal:{goal.color}}}' for name, goal in settings.goals.items()]
    return {STYLE: "\n".join([*(text for _, text in sheets), *goals, ""])}


def scripts() -> dict[str, str]:
    """Return our scripts by their paths in the site."""
    return {f"{FOLDER}/{name}": text for name, text in _texts(".js").items()}


def _texts(suffix: str) -> dict[str, str]:
    found = (file for file in files(__package__).iterdir() if file.name.endswith(suffix))
    return {file.name: file.read_text("utf-8") for file in found}


def characters_of_math(page: str) -> set[str]:
    """Return the characters that the formulas of an HTML page show."""
    shown = (_ANNOTATION.sub("", formula) for formula in _MATH.findall(page))
    return {character for formula in shown for character in html.unescape(re.sub(r"<[^>]*>", "", formula))}


def with_breaks_in_paths(html: str) -> str:
    """Return HTML in which a path in a table's cell may break after each of its folders."""
    return _CELL.sub(lambda cell: _CODE.sub(lambda code: code[0].replace("/", "/<wbr>"), cell[0]), html)


def with_code_in_reach(page: str) -> str:
    """Return a notebook's HTML with its code in the reach of the keyboard, since long lines scroll."""
    return _NOTEBOOK_CODE.sub(r'<div tabindex="0" role="group" aria-label="Code" \1', page)


def without_drawn_words(page: str) -> str:
    """Return a notebook's HTML whose drawings no search reads: the letters that encode them are no words."""
    return _DRAWN.sub(r'<img data-pagefind-ignore="all" ', page)


def write_math_font(site: Path, characters: set[str], *, cache: Path) -> None:
    """Write the font of formulas into a site."""
    target = site / FONT
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(cut_math_font(characters, cache), target)


def cut_math_font(characters: set[str], cache: Path) -> Path:
    """Return STIX Two Math, cut down to some characters, as woff2."""
    wanted = "".join(sorted(characters | set(ALWAYS)))
    cut = cache / f"math-{hashlib.sha256(wanted.encode()).hexdigest()[:16]}.woff2"
    if not cut.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            made = Path(folder, cut.name)
            _subset(wanted, made)
            made.replace(cut)
    return cut


def font_file(package: str, path: str) -> Path:
    """Return the file of a font that comes with a package, which is not imported."""
    found = find_spec(package)
    if found is None or found.origin is None:
        raise FileNotFoundError(f"the package {package}, which carries a font, is not installed")
    return Path(found.origin).parent / path


def _subset(characters: str, target: Path) -> None:
    from fontTools import subset

    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = ["ssty", "math", "dtls", "flac"]
    options.notdef_outline = True
    options.desubroutinize = True
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=characters)
    with subset.load_font(str(font_file(*MATH_FONT)), options) as font:
        subsetter.subset(font)
        subset.save_font(font, str(target), options)
