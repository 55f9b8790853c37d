"""What a page needs beside its text."""

from pathlib import Path

from fontTools.ttLib import TTFont

from threepass.assets import (
    FONT,
    STYLE,
    characters_of_math,
    style,
    with_breaks_in_paths,
    write_math_font,
)
from threepass.latex.equations import to_mathml
from threepass.settings import Settings


def test_the_characters_of_formulas_are_found_and_nothing_else() -> None:
    formula = to_mathml(r"\alpha < x' + \mathbb{R}", display=True)
    found = characters_of_math(f"<p>Zebra</p>{formula}<p>&beta;</p>")
    assert {"α", "<", "𝑥" if "𝑥" in found else "x", "ℝ", "+", "′"} <= found
    assert not found & set("Zβ\\")


def test_the_font_holds_what_is_asked_for_and_can_stretch(tmp_path: Path) -> None:
    site, cache = tmp_path / "site", tmp_path / "cache"
    write_math_font(site, set("∫αx"), cache=cache)
    with TTFont(site / FONT) as font:
        assert_holds(font)
    assert (site / FONT).stat().st_size < 60_000


def assert_holds(font: TTFont) -> None:
    assert {ord(character) for character in "∫αx√("} <= set(font.getBestCmap())
    assert ord("∮") not in font.getBestCmap()
    stretchy = font["MATH"].table.MathVariants.VertGlyphCoverage.glyphs
    assert {"parenleft", "integral", "radical"} <= set(stretchy)


def test_the_colours_of_the_goals_are_those_of_mkdocs_yml() -> None:
    found = style(Settings.model_validate({"goals": {"walk": {"title": "Walk", "color": "#123abc"}}}))[STYLE]
    assert '.tp-goal[data-goal="walk"]{--tp-goal:#123abc}' in found
    assert "data-goal=" not in style(Settings.model_validate({}))[STYLE].replace("[data-goal]", "")


def test_the_font_is_cut_once(tmp_path: Path) -> None:
    write_math_font(tmp_path / "a", {"∑"}, cache=tmp_path / "cache")
    (cut,) = (tmp_path / "cache").iterdir()
    cut.write_bytes(b"as it was")
    write_math_font(tmp_path / "b", {"∑"}, cache=tmp_path / "cache")
    assert (tmp_path / "b" / FONT).read_bytes() == b"as it was"


def test_a_path_in_a_table_may_break_after_its_folders() -> None:
    table = "<td><code>a/b.yml</code> and/or</td><td><a href='a/b'>c/d</a></td>"
    assert (
        with_breaks_in_paths(table + "<code>a/b</code>")
        == table.replace("a/b.yml", "a/<wbr>b.yml") + "<code>a/b</code>"
    )
