import math

import pytest
import torch
from transformers.models.pegasus.modeling_pegasus import PegasusSinusoidalPositionalEmbedding

from reproductions.pegasus.positions import interleaved_positions, original_positions, pegasus_positions


def test_positions_by_hand():
    # d = 4: angles pos and pos / 100
    expected = [[math.sin(2), math.sin(0.02), math.cos(2), math.cos(0.02)]]
    assert pegasus_positions(3, 4)[2:].tolist() == [pytest.approx(row) for row in expected]


def test_original_positions_by_hand():
    # N = 2 angles: pos and pos / 10000, the last exponent being −1 itself
    expected = [math.sin(2), math.sin(0.0002), math.cos(2), math.cos(0.0002)]
    assert original_positions(3, 4)[2].tolist() == pytest.approx(expected)


def test_interleaved_positions_by_hand():
    expected = [math.sin(2), math.cos(2), math.sin(0.02), math.cos(0.02)]
    assert interleaved_positions(3, 4)[2].tolist() == pytest.approx(expected)


@pytest.mark.parametrize(("n", "d"), [(1, 2), (16, 4), (600, 16), (40, 128)])
def test_positions_are_those_of_transformers(n, d):
    theirs = PegasusSinusoidalPositionalEmbedding(n, d).create_weight()
    torch.testing.assert_close(pegasus_positions(n, d).float(), theirs, rtol=0, atol=1e-6)


def test_the_order_is_no_matter_to_inner_products_and_the_spacing_is():
    halves, in_turn, original = (p(64, 16) for p in (pegasus_positions, interleaved_positions, original_positions))
    assert not torch.allclose(halves, in_turn)
    torch.testing.assert_close(halves @ halves.T, in_turn @ in_turn.T)
    assert not torch.allclose(halves @ halves.T, original @ original.T, atol=0.1)


@pytest.mark.parametrize("positions", [pegasus_positions, original_positions, interleaved_positions])
def test_an_odd_size_says_so(positions):
    with pytest.raises(ValueError, match="d cannot be 5; hint: take an even number"):
        positions(3, 5)
