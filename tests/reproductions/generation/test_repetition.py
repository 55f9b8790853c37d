import pytest
import torch

from reproductions.generation.reference_prose import paragraphs
from reproductions.generation.repetition import repeated


def test_repeated_grams_by_hand():
    # five 4-grams each: of the first, 1 2 3 1 and 2 3 1 2 come twice; of the second, all are alike
    once, alike = torch.tensor([1, 2, 3, 1, 2, 3, 1, 2]), torch.tensor([7] * 8)
    assert repeated(once[None]) == pytest.approx(2 / 5)
    assert repeated(torch.stack([once, alike])) == pytest.approx((2 / 5 + 4 / 5) / 2)
    assert repeated(once[None], n=5) == pytest.approx(1 / 4)


def test_paragraphs_are_prose():
    found = paragraphs()
    assert len(found) > 500
    for text in found:
        assert text[0].isupper()
        assert text.endswith(".")
        assert len(text) >= 82
        assert "::=" not in text
