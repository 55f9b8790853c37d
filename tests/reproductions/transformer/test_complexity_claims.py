"""What is measured is what one knows beforehand; a control that misses its bound by chance would show nothing."""

import pytest

from reproductions.transformer import complexity_claims as claims
from reproductions.transformer.complexity import exponent, projected_self_attention, self_attention


def test_projections_put_the_exponents_between_those_of_n_and_d():
    n_error = exponent(claims.LENGTHS, [2 * n * n * 128 + 4 * n * 128 * 128 for n in claims.LENGTHS]) - 2
    d_error = exponent(claims.WIDTHS, [2 * 128 * 128 * d + 4 * 128 * d * d for d in claims.WIDTHS]) - 1
    found = claims.exponents_of_self_attention_with_projections()
    assert found == pytest.approx(max(abs(n_error), abs(d_error)))


def test_recurrence_is_as_cheap_at_n_equal_to_d_and_with_projections_from_the_first_word():
    # 2 n² d against 2 n d²; 2 n² d + 4 n d² is more for every n
    assert claims._length_where_recurrence_is_as_cheap(self_attention, d=16) == 1
    assert claims._length_where_recurrence_is_as_cheap(projected_self_attention, d=16) == 1 / 16


def test_steps_and_layers_that_the_controls_take():
    assert claims.growth_of_sequential_operations_of_recurrence() == 64 / 8
    assert claims.layers_of_dilated_convolutions() == pytest.approx(1, abs=1e-12)  # 3⁵ = 243 = 2 · 122 − 1
    assert claims.layers_of_contiguous_convolutions() == pytest.approx(121 / 5)  # one position a layer
    assert claims.layers_that_connect_the_ends_of_a_neighbourhood() == {"n = 17": 4, "n = 65": 16}  # four a layer
