import torch

from reproductions.attention import claims


def test_measurements_repeat_to_the_bit_and_leave_torchs_generator_alone():
    torch.manual_seed(1)
    before = torch.get_rng_state()
    first = claims.excess_of_weights(), claims.pull_on_the_predicted_position()
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(2)
    assert first == (claims.excess_of_weights(), claims.pull_on_the_predicted_position())


def test_the_cost_is_that_counted_by_hand():
    # T_x T_y (n · 2n) + T_y n² as printed, T_x (n · 2n) + T_y n² in advance; FlopCounterMode counts two for each
    assert claims._cost(in_advance=False, n=10, words=4) == 2 * (4 * 4 * 200 + 4 * 100)
    assert claims._cost(in_advance=True, n=10, words=4) == 2 * (4 * 200 + 4 * 100)


def test_the_scores_of_the_claims_are_not_all_alike():
    s, h = claims.states()
    found = [score(s, h) for score in claims.scorings().values()]
    assert all(one.shape == (claims.B, claims.S) for one in found)
    assert all(not torch.allclose(one, other) for i, one in enumerate(found) for other in found[:i])
