"""The tour in the guide: its pictures are there, light, and all that the script takes."""

import re

from PIL import Image
from tour import IMAGES, LIMIT, ROOT, SCHEMES, STOPS, light_weight

TEXT = (ROOT / "docs" / "guide" / "tour.md").read_text("utf-8")


def test_each_stop_is_shown_in_both_schemes_and_nothing_else_is_there() -> None:
    shown = re.findall(r"!\[[^\]]{30,}\]\(\.\./images/tour/([a-z]+)-([a-z]+)\.png#only-(light|dark)\)", TEXT)
    assert sorted(shown) == sorted((name, scheme, scheme) for name in STOPS for scheme in SCHEMES)
    assert sorted(path.name for path in IMAGES.iterdir()) == sorted(f"{name}-{scheme}.png" for name, scheme, _ in shown)


def test_pictures_are_of_their_size_and_weigh_little() -> None:
    for name, stop in STOPS.items():
        for scheme in SCHEMES:
            path = IMAGES / f"{name}-{scheme}.png"
            assert path.stat().st_size < LIMIT, path
            with Image.open(path) as picture:
                assert picture.size == (stop.width, stop.height), path


def test_a_picture_that_is_light_stays_as_light() -> None:
    png = (IMAGES / "home-light.png").read_bytes()
    assert len(light_weight(png)) <= 1.05 * len(png)
