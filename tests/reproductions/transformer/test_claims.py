import torch

from reproductions.transformer import claims


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
