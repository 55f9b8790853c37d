import math

import pytest
import torch

from reproductions.transformer import claims
from reproductions.transformer.complexity import exponent, projected_self_attention, self_attention
from reproductions.transformer.positions import positional_encoding


def test_measurements_repeat_to_the_bit_and_leave_torchs_generator_alone():
    torch.manual_seed(1)
    before = torch.get_rng_state()
    first = claims.leak_without_the_mask(), claims.order_seen_with_positions(), claims.asymmetry_of_distance()
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(2)
    again = claims.leak_without_the_mask(), claims.order_seen_with_positions(), claims.asymmetry_of_distance()
    assert first == again


def test_a_size_that_explains_a_row_does():
    spans = claims.vocabulary_that_the_rows_imply()
    for bound in spans.values():
        assert not claims.rows_missed(round(bound * claims.VOCABULARY), rows=claims.BASE_ROWS)
    assert claims.rows_missed(round(spans["largest"] * claims.VOCABULARY) + 10, rows=claims.BASE_ROWS)


def test_the_perplexity_of_the_best_smoothed_model_is_that_of_theory():
    theory = 1 / (0.9 + 0.1 / 1000)
    assert abs(claims.perplexity_of_the_best_smoothed_model() - theory) < 1e-4


# What a control comes to is known as well: a control that misses its bound by chance would show nothing.


def test_the_variance_of_dependent_vectors_is_one_and_the_square_of_their_correlation(monkeypatch):
    monkeypatch.setattr(claims, "SIZES", (16, 64))
    found = claims.variance_of_a_dot_product_of_dependent_vectors()
    assert list(found.values()) == pytest.approx([1.25] * 2, abs=0.04)
    q, noise = (claims.normal(20_000, 16, seed=seed) for seed in (0, 1))
    by_hand = (q * (q / 2 + math.sqrt(3 / 4) * noise)).sum(dim=1).var().item() / 16
    assert found["d_k = 16"] == pytest.approx(by_hand)


@pytest.mark.parametrize("scaled", [True, False])
def test_the_softmax_s_gradient_is_autograd_s(monkeypatch, scaled):
    monkeypatch.setattr(claims, "SIZES", (16, 64))

    def size(d_k):
        scores = (claims.normal(200, 1, d_k, seed=2) * claims.normal(200, 32, d_k, seed=3)).sum(dim=-1)
        jacobian = torch.func.vmap(torch.func.jacrev(lambda row: row.softmax(dim=0)))
        return jacobian(scores / math.sqrt(d_k) if scaled else scores).flatten(start_dim=1).norm(dim=1).mean()

    found = claims._gradient_through_the_softmax(scaled=scaled)
    assert found == {"d_k = 64": pytest.approx((size(64) / size(16)).item())}


def test_eight_full_heads_cost_eight_times_as_much():
    assert claims.cost_of_eight_full_heads() == 8


def test_the_longest_wavelength_misses_two_of_the_d_model_steps():
    assert claims.longest_wavelength() == pytest.approx(10_000 ** (-2 / 512))
    assert claims.longest_wavelength_of_a_narrow_model() == pytest.approx(10_000 ** (-2 / 16))


def test_a_projection_that_keeps_lengths_tells_before_from_after():
    PE, W = positional_encoding(200, 64), claims.normal(64, 64, seed=5) / math.sqrt(64)
    assert W.norm(dim=0).mean().item() == pytest.approx(1, abs=0.05)
    apart = [float(PE[100] @ W @ (PE[100 + k] - PE[100 - k])) for k in range(1, 100)]
    assert claims.asymmetry_of_distance_after_a_projection() == pytest.approx(max(map(abs, apart)))


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


def test_without_sharing_there_are_two_matrices_more():
    more = claims.parameters_without_sharing() - claims.parameters_of_the_base_model()
    assert more == pytest.approx(2 * 37_000 * 512 / 1e6)


def test_without_a_warm_up_the_first_step_is_the_highest():
    assert list(claims.steps_from_peak_to_warmup_without_one().values()) == [399, 3999, 15_999]


def test_positions_alone_are_the_same_before_and_after_the_words_change_places(monkeypatch):
    monkeypatch.setattr(claims, "normal", lambda *shape, **_: torch.zeros(shape, dtype=torch.float64))
    assert claims.order_seen_with_positions() == 0  # the words are all alike, so that none has changed
    assert claims.order_seen_without_positions() == 0


def test_words_change_places_but_for_the_first(monkeypatch):
    read = []

    class Recording(torch.nn.Module):
        def forward(self, x):
            read.append(x[0])
            return x

    monkeypatch.setattr(claims, "EncoderLayer", lambda _: Recording())
    claims.order_seen_with_positions()
    PE = positional_encoding(9, 64)
    before, after = ((x - PE).round(decimals=6).tolist() for x in read)
    assert before[0] == after[0]
    assert sorted(before) == sorted(after) != before != after
