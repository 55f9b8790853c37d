"""What pages show live, in a real browser; and that a page cannot show what is not there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from generate import BASE, CASES
from headless import Opened
from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
PAPER = "papers/sundararajan2017axiomatic/"


@pytest.fixture(params=["light", "dark"])
def page(opened: Opened, request: pytest.FixtureRequest) -> Page:
    return opened(color_scheme=request.param)


@pytest.mark.parametrize("where", ["journal/2021-08-28/", PAPER])
def test_a_figure_is_drawn_for_the_scheme_of_the_page(page: Page, address: str, where: str) -> None:
    page.goto(address + where)
    scheme = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'")
    images = page.locator("figure.tp-figure img")
    shown = [image for image in images.all() if image.is_visible()]
    assert images.count() == 2 * len(shown) > 0
    for image in shown:
        assert f"#only-{scheme}" in (image.get_attribute("src") or "")
        image.scroll_into_view_if_needed()
        page.wait_for_function("image => image.complete && image.naturalWidth > 300", arg=image.element_handle())
    caption = page.locator("figure.tp-figure figcaption").first
    assert caption.locator("math").count() > 0
    assert "$" not in caption.inner_text()


def test_a_value_leads_to_its_claim(page: Page, address: str) -> None:
    page.goto(address + "guide/live/")
    value = page.locator("a.tp-cited").first
    said = value.inner_text()
    assert "10" in said
    value.click()
    page.wait_for_url(f"**/{PAPER}#claim-completeness")
    assert page.locator("#claim-completeness").is_visible()


def test_live_source_leads_to_its_page(page: Page, address: str) -> None:
    page.goto(address + "guide/live/")
    assert "return (x - x_prime) * gradients(F, x)" in page.locator(".highlight pre").nth(2).inner_text()
    tests = page.locator("details.tp-tests").first
    assert not tests.locator("li").first.is_visible()
    tests.locator("summary").click()
    assert tests.locator("li").first.is_visible()
    page.locator(".tp-from a").first.click()
    page.wait_for_url("**/reproductions/attribution.gradients/#gradient_times_input")


def build(root: Path) -> subprocess.CompletedProcess[str]:
    program = "import pathlib, sys, threepass.building.site as site; sys.exit(site.build(pathlib.Path(sys.argv[1])))"
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT / "code")}
    command = [sys.executable, "-c", program, str(root)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that builds."""
    root = tmp_path_factory.mktemp("whole")
    shutil.copytree(BASE, root, dirs_exist_ok=True)
    (root / "docs").mkdir()
    built = build(root)
    assert built.returncode == 0, built.stderr
    return root


@pytest.mark.parametrize(
    "case",
    [
        "P035-link-leads-nowhere",
        "P046-formula-in-a-sentence",
        "P047-source-is-gone",
        "P048-no-such-claim",
        "P049-figure-fails",
    ],
)
def test_what_is_not_there_fails_the_build_at_its_line(case: str, whole: Path, tmp_path: Path) -> None:
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    shutil.copytree(CASES / case, tmp_path, dirs_exist_ok=True)
    expected = (tmp_path / "expected.txt").read_text().splitlines()
    broken = build(tmp_path)
    assert broken.returncode == 1
    for line in expected:
        if case[:4] in line:
            assert line in broken.stderr
