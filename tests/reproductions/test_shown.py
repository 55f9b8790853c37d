"""A figure as a notebook shows it."""

from __future__ import annotations

import base64
import re
from xml.etree import ElementTree

from matplotlib import pyplot as plt

from reproductions.shown import shown


def test_a_figure_is_an_image_with_its_description_and_no_ground() -> None:
    figure = plt.figure()
    html = shown(figure, 'a "bar" & a line')._repr_html_()
    described = re.fullmatch(r'<img alt="a &quot;bar&quot; &amp; a line" src="data:image/svg\+xml;base64,(.+)">', html)
    assert described is not None
    ElementTree.fromstring(image := base64.b64decode(described[1]).decode())
    assert "fill: #ffffff" not in image
    assert "dc:date" not in image, "the same figure is the same text"
    assert not plt.fignum_exists(figure.number)
