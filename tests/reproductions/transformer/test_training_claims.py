"""What is measured is what one knows beforehand; a control that misses its bound by chance would show nothing."""

from reproductions.transformer import training_claims as claims


def test_the_perplexity_of_the_best_smoothed_model_is_that_of_theory():
    theory = 1 / (0.9 + 0.1 / 1000)
    assert abs(claims.perplexity_of_the_best_smoothed_model() - theory) < 1e-4


def test_without_a_warm_up_the_first_step_is_the_highest():
    assert list(claims.steps_from_peak_to_warmup_without_one().values()) == [399, 3999, 15_999]
