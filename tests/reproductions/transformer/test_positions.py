import math

import pytest
import torch

from reproductions.transformer.positions import frequencies, offset_matrix, positional_encoding


def test_by_hand():
    # d_model = 4: ω = 1 and 10000^(−1/2) = 1/100
    found = positional_encoding(3, 4)[2].tolist()
    assert found == pytest.approx([math.sin(2), math.cos(2), math.sin(0.02), math.cos(0.02)])
    assert positional_encoding(1, 6).tolist() == [[0, 1, 0, 1, 0, 1]]


def test_the_formula_of_section_3_5_place_by_place():
    found = positional_encoding(50, 8)
    for pos in (0, 1, 17, 49):
        for i in range(4):
            angle = pos / 10000 ** (2 * i / 8)
            assert found[pos, 2 * i].item() == pytest.approx(math.sin(angle), abs=1e-14)
            assert found[pos, 2 * i + 1].item() == pytest.approx(math.cos(angle), abs=1e-14)


def test_wavelengths_are_a_geometric_progression_that_begins_at_2_pi():
    omega = frequencies(512)
    assert omega[0] == 1
    torch.testing.assert_close(omega[1:] / omega[:-1], (omega[1] / omega[0]).expand(255))


@pytest.mark.parametrize("k", [0, 1, -3, 250])
def test_a_shift_of_position_is_the_same_rotation_everywhere(k):
    here = positional_encoding(1000, 64)
    there = positional_encoding(1000 + abs(k), 64)
    here, there = (there[-k:], here) if k < 0 else (here, there[k:])
    rotation = offset_matrix(k, 64)
    torch.testing.assert_close(there, here @ rotation.T, rtol=0, atol=1e-12)
    torch.testing.assert_close(rotation @ rotation.T, torch.eye(64, dtype=torch.float64))


def test_shifts_add_up():
    torch.testing.assert_close(offset_matrix(2, 8) @ offset_matrix(5, 8), offset_matrix(7, 8))


def test_rounded_once():
    exact = positional_encoding(5000, 16)
    assert torch.equal(positional_encoding(5000, 16, dtype=torch.float32), exact.float())


def test_an_odd_width_is_refused():
    with pytest.raises(ValueError, match="d_model cannot be 7; hint: take an even number"):
        positional_encoding(3, 7)
