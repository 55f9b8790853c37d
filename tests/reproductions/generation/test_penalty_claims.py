from reproductions.generation import penalty_claims as claims


def test_what_a_printed_penalty_favours_is_every_negative_score():
    negative = (claims.normal(200, 50, seed=2)[:, :10] < 0).double().mean().item()
    assert claims.tokens_that_the_printed_penalty_favours() == negative
    assert claims.tokens_that_a_penalty_favours() == 0
