import math

import pytest

from reproductions.pegasus import position_claims as claims


def test_positions_are_compared_place_by_place(monkeypatch):
    monkeypatch.setattr(claims, "SIZE", (3, 4))
    assert claims.distance_to_transformers() < 1e-6
    # at place 2 the formula has cos 2 where the library has sin(2/100), and sin(2/100) where it has cos 2
    assert claims.distance_of_interleaved_positions_to_transformers() == pytest.approx(
        max(abs(math.cos(pos) - math.sin(pos / 100)) for pos in range(3)), abs=1e-6
    )
    assert claims.products_of_positions_against_the_formula() < 1e-12
    # the original's last wavelength is 10000 and not 100: cos(2/100) and cos(2/10000) differ in the product of 0 and 2
    assert claims.products_of_original_positions_against_the_formula() == pytest.approx(
        math.cos(2 / 10_000) - math.cos(2 / 100), rel=1e-6
    )
