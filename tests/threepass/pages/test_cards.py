"""Cards to share a page with."""

import io
from pathlib import Path

import pytest
from PIL import Image

from threepass.pages import cards
from threepass.pages.cards import SIZE, Card, card_file, draw

CARD = Card("100 days of NLP", "Attention Is All You Need", "Ashish Vaswani and others, 2017", 3)


def opened(card: Card) -> Image.Image:
    return Image.open(io.BytesIO(draw(card))).convert("RGB")


@pytest.mark.parametrize(
    "title", ["A", "word " * 80, "Unbreakable" * 20, "Αλφα, Привет, ∂F/∂x, naïve", "日本語 \U0001f600", "<b> & \\n"]
)
def test_every_title_goes_into_a_card(title: str) -> None:
    image = opened(CARD._replace(title=title))
    assert image.size == SIZE == (1200, 630)
    right, bottom = image.crop((1200 - 60, 120, 1200, 610)), image.crop((0, 575, 1200, 610))
    assert right.getcolors() == [(60 * 490, (23, 29, 43))], "the title runs over the edge"
    assert bottom.getcolors() == [(1200 * 35, (23, 29, 43))]


def test_a_card_is_small_and_the_same_every_time() -> None:
    assert draw(CARD) == draw(CARD)
    assert len(draw(CARD)) < 40_000


def test_passes_are_dots() -> None:
    corner = (860, 60, 1160, 120)
    blue = [opened(CARD._replace(passes=passes)).crop(corner).getcolors(9) or [] for passes in (None, 0, 1, 3)]
    shares = [sum(count for count, colour in found if colour == (91, 143, 238)) for found in blue]
    assert shares[:2] == [0, 0]
    assert 0 < shares[2] * 3 == shares[3]


def test_a_card_is_kept_under_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = card_file(CARD, tmp_path)
    monkeypatch.setattr(cards, "draw", lambda _: pytest.fail("drawn again"))
    assert card_file(CARD, tmp_path) == first
    monkeypatch.setattr(cards, "draw", lambda _: b"new")
    assert card_file(CARD._replace(title="Other"), tmp_path).read_bytes() == b"new"
