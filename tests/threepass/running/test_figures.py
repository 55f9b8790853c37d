"""Figures that the library's own functions draw: in another process, for two schemes, again only when code changes."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree

import pytest
from generate import BASE
from matplotlib import rc_params_from_file

from threepass import assets
from threepass.ledger import ledger, source_tree
from threepass.library import load
from threepass.pages import pages_of, site_of
from threepass.running import figures
from threepass.running.drawing import SCHEMES, STYLES, small
from threepass.running.figures import CACHE, Drawing, draw_figures, figure_problems

ROOT = Path(__file__).resolve().parents[3]
PLAIN = """
from matplotlib.figure import Figure

from equations.heights import height


def bars():
    print("what a figure prints disturbs nobody")
    figure = Figure()
    axes = figure.subplots()
    axes.bar([1, 2], [height(), 2], color="C1")
    axes.set_title("Two bars & $x^2$")
    return figure
"""
DAY = """date: 2021-08-27
title: Attention
figures:
  - plot: equations.figures:{name}
    caption: The weights $w$ of [[bahdanau2014neural|one row]].
    alt: Two bars, & a "quote".
"""


def write(root: Path, *, code: str = PLAIN, name: str = "bars", height: str = "1") -> Path:
    """A small library with one figure."""
    shutil.copytree(BASE, root, dirs_exist_ok=True)
    (root / "journal").mkdir(exist_ok=True)
    (root / "journal" / "2021-08-27.yml").write_text(DAY.format(name=name))
    (root / "code" / "equations" / "figures.py").write_text(code)
    (root / "code" / "equations" / "heights.py").write_text(f"def height():\n    return {height}\n")
    return root


def draw(root: Path) -> Drawing:
    library = load(root)
    (drawing,) = draw_figures(library, source_tree(library)).values()
    return drawing


def problems(root: Path) -> list[str]:
    library = load(root)
    drawings = draw_figures(library, source_tree(library))
    return [str(problem).partition("\n")[0] for problem in figure_problems(library, drawings)]


def test_a_figure_is_drawn_for_both_schemes_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = draw(write(tmp_path))
    assert first.reason == ""
    for scheme in SCHEMES:
        image = getattr(first, scheme)
        ElementTree.fromstring(image)
        text, second = colours(scheme)[1], colours(scheme)[-5]
        assert text in image
        assert second in image, "the second colour of the cycle"
        assert "<text" not in image, "letters are paths: an image asks for no font"
        assert not re.search(r'<rect[^>]*fill: #f|id="patch_1"', image)
    assert first.light != first.dark
    assert first.size == (461, 245)
    assert problems(tmp_path) == []

    def refuse(*_: object) -> None:
        raise AssertionError("drawn again")

    monkeypatch.setattr(figures, "_process", refuse)
    assert draw(tmp_path) == first
    (tmp_path / "code" / "equations" / "heights.py").write_text("# a comment\ndef height():\n    return 1\n")
    assert draw(tmp_path) == first
    (tmp_path / "code" / "equations" / "heights.py").write_text("def height():\n    return 3\n")
    with pytest.raises(AssertionError, match="drawn again"):
        draw(tmp_path)
    monkeypatch.undo()
    assert draw(tmp_path).light != first.light


def test_the_same_code_gives_the_same_images(tmp_path: Path) -> None:
    first = draw(write(tmp_path))
    shutil.rmtree(tmp_path / CACHE)
    assert draw(tmp_path) == first


@pytest.mark.parametrize(
    ("code", "name", "said"),
    [
        ("def bars():\n    return [1][1]\n", "bars", "IndexError: list index out of range (equations/figures.py:2)"),
        ("def bars():\n    return None\n", "bars", "returned a NoneType, not a matplotlib figure"),
        ("def bars(x):\n    return x\n", "bars", "TypeError: bars() missing 1 required positional argument: 'x'"),
        ("import os\ndef bars():\n    os._exit(3)\n", "bars", "its process ended with exit code 3"),
        ("import equations.gone\ndef bars(): ...\n", "bars", "ModuleNotFoundError: No module named 'equations.gone'"),
    ],
)
def test_a_figure_that_fails_is_a_problem_at_its_entry(tmp_path: Path, code: str, name: str, said: str) -> None:
    (problem,) = problems(write(tmp_path, code=code, name=name))
    assert problem.startswith(f"journal/2021-08-27.yml:4:11: P049 'equations.figures:bars' cannot be drawn: {said}")
    assert list((tmp_path / CACHE).iterdir()) == []


def test_a_figure_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "TIMEOUT", 0.01)
    (problem,) = problems(write(tmp_path, code="def bars():\n    while True: ...\n"))
    assert problem.endswith("did not end within 0.01 s")


TWO = """date: 2021-08-27
title: Attention
figures:
  - {plot: "equations.figures:bars", caption: One., alt: Two bars.}
  - {plot: "equations.figures:other", caption: Another., alt: Two bars.}
"""


def test_figures_of_one_module_are_drawn_by_one_process(tmp_path: Path) -> None:
    code = PLAIN.replace("def bars", "with open('imported.txt', 'a') as said:\n    said.write('once')\n\n\ndef bars")
    root = write(tmp_path, code=code + "\n\ndef other():\n    return bars()\n")
    (root / "journal" / "2021-08-27.yml").write_text(TWO)
    library = load(root)
    drawn = draw_figures(library, source_tree(library))
    assert [drawing.reason for drawing in drawn.values()] == ["", ""]
    assert len({drawing.name for drawing in drawn.values()}) == 2
    assert (root / "imported.txt").read_text() == "once"


def test_two_processes_draw_the_figures_of_all_modules(tmp_path: Path) -> None:
    root = write(tmp_path)
    said = "import os\nwith open('drawn.txt', 'a') as said:\n    print(os.getpid(), file=said)\n\n\ndef bars"
    code = PLAIN.replace("def bars", said)
    (root / "code" / "equations" / "figures.py").unlink()
    for number in range(5):
        (root / "code" / "equations" / f"figures_{number}.py").write_text(code)
    plots = "".join(
        f'  - {{plot: "equations.figures_{number}:bars", caption: One., alt: Bars.}}\n' for number in range(5)
    )
    (root / "journal" / "2021-08-27.yml").write_text(f"date: 2021-08-27\ntitle: Attention\nfigures:\n{plots}")
    library = load(root)
    drawn = draw_figures(library, source_tree(library))
    assert [drawing.reason for drawing in drawn.values()] == [""] * 5
    assert sorted(Counter((root / "drawn.txt").read_text().split()).values()) == [2, 3]


def test_a_figure_that_takes_its_process_down_takes_no_other_with_it(tmp_path: Path) -> None:
    code = PLAIN.replace("def bars", "def other")
    root = write(tmp_path, code=f"import os\n{code}\n\ndef bars():\n    os._exit(3)\n")
    (root / "journal" / "2021-08-27.yml").write_text(TWO)
    library = load(root)
    drawn = draw_figures(library, source_tree(library))
    assert drawn["equations.figures:bars"].reason == "its process ended with exit code 3"
    assert drawn["equations.figures:other"].reason == ""
    assert drawn["equations.figures:other"].dark


def test_where_a_package_is_missing_the_page_says_so(tmp_path: Path) -> None:
    root = write(tmp_path, code="import not_there.at_all\ndef bars(): ...\n")
    assert problems(root) == []
    assert "not_there is not installed where this site was built" in page(root)
    assert "&amp; a &#34;quote&#34;" in page(root)


def test_a_name_that_is_gone_is_left_to_the_checks(tmp_path: Path) -> None:
    library = load(write(tmp_path, name="lines"))
    assert draw_figures(library, source_tree(library)) == {}


def page(root: Path) -> str:
    library = load(root)
    tree = source_tree(library)
    site = site_of(library, ledger(library, tree), tree, drawings=draw_figures(library, tree))
    return {page.src: page.text for page in pages_of(site)}["journal/2021-08-27.md"]


def test_the_page_shows_both_images(tmp_path: Path) -> None:
    made = page(write(tmp_path))
    drawn = draw(tmp_path)
    for path, image in drawn.files.items():
        assert f'src="../../{path}#only-{"dark" if image == drawn.dark else "light"}"' in made
    assert made.count('alt="Two bars, &amp; a &#34;quote&#34;." width="461" height="245"') == 2
    assert "The weights $w$ of [one row](../papers/bahdanau2014neural.md)." in made


def test_the_tool_imports_nothing_that_draws(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from threepass.library import load; "
        "from threepass.ledger import source_tree; from threepass.running.figures import draw_figures; "
        "library = load(Path(sys.argv[1])); assert draw_figures(library, source_tree(library)); "
        "print(*sorted({'matplotlib', 'numpy', 'torch', 'equations'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(write(tmp_path))],
        capture_output=True, text=True, check=True, env={"PYTHONPATH": str(ROOT / "code")},
    )  # fmt: skip
    assert run.stdout.strip() == ""


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, 1.4.3."""
    low, high = sorted(luminance(colour) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def colours(scheme: str) -> list[str]:
    """Those of the axes and of the text, and the six in which lines are drawn."""
    style = rc_params_from_file(STYLES[scheme], use_default_template=False)
    return [style["axes.edgecolor"], style["text.color"], *style["axes.prop_cycle"].by_key()["color"]]


def test_what_is_drawn_can_be_seen_on_its_page() -> None:
    sheet = Path(assets.__file__).with_name("threepass.css").read_text()
    (dark,) = re.findall(r"--md-default-bg-color: (#\w{6})", sheet)
    for scheme, background in (("light", "#ffffff"), ("dark", dark)):
        found = colours(scheme)
        assert len(set(found)) == 8
        assert {colour for colour in found if contrast(colour, background) < 4.5} == set()


def test_an_image_is_made_small_without_harm() -> None:
    head = '<?xml version="1.0"?>\n<!DOCTYPE svg>\n<svg>\n  <metadata>x</metadata>\n'
    svg = head + ' <g id="a"><path id="b" d="M 1.23456 2 \nL 0.001 -3.5"/>'
    assert small(svg) == '<svg>\n<g><path id="b" d="M 1.23 2\nL 0 -3.5"/>'
    scale = '<g transform="scale(0.015625)">'
    assert small(scale) == scale


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_what_draws_ends_with_who_asked_for_it(tmp_path: Path, sent: signal.Signals) -> None:
    slow = """import fcntl, pathlib, time

held = open("held", "w")
fcntl.flock(held, fcntl.LOCK_EX)
pathlib.Path("begun").touch()


def bars():
    time.sleep(100)
"""
    root = write(tmp_path, code=slow)
    program = """from pathlib import Path
from threepass.running.figures import draw_figures
from threepass.ledger import source_tree
from threepass.library import load
library = load(Path())
draw_figures(library, source_tree(library))
"""
    environment = os.environ | {"PYTHONPATH": str(ROOT / "code")}
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=root, env=environment, stderr=subprocess.DEVNULL
    ) as process:
        while not (root / "begun").exists():
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(sent)
    with (root / "held").open() as held:
        for _ in range(1200):
            with suppress(BlockingIOError):
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            time.sleep(0.05)
    pytest.fail("it still draws")
