import math

import pytest
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


# What a control comes to is known as well: a control that misses its bound by chance would show nothing.


def test_the_cost_over_itself_is_one_and_that_of_all_words_grows_with_them():
    assert claims.cost_as_printed() == 1
    # W_a h_t once, then a score and a share of the context for each word, of eight units
    assert claims.growth_of_global_cost() == (8 * 8 + 2 * 400 * 8) / (8 * 8 + 2 * 100 * 8)


def test_the_favour_at_either_edge():
    assert claims.favour_at_the_edge() == pytest.approx(math.exp(-2))  # σ = D/2: two deviations off
    assert claims.favour_at_the_edge_with_sigma_d() == pytest.approx(math.exp(-1 / 2))
    assert claims._at_the_edge(lambda s, *_, **__: s) == 30 / 20
    assert claims._at_the_edge(lambda s, *_, **__: -s) == -10 / -20


def test_without_the_sigmoid_a_position_is_that_many_sentences_away():
    v, W = claims.normal(claims.N_PRIME, seed=2), claims.normal(claims.N_PRIME, claims.N, seed=3)
    p_t = claims.S * (10 * claims.normal(1000, claims.N, seed=0) @ W.T).tanh() @ v
    outside = max((-p_t).max().item(), (p_t - claims.S).max().item())
    assert claims.position_outside_without_the_sigmoid() == pytest.approx(outside)


def test_states_that_position_reads_are_ten_times_as_large(monkeypatch):
    read = []
    monkeypatch.setattr(claims, "predicted_position", lambda h_t, S, **_: read.append(h_t) or S)
    claims.position_outside_the_sentence()
    assert torch.equal(read[0], 10 * claims.normal(1000, claims.N, seed=0))


def test_matrices_begin_a_thousandth_of_normal(monkeypatch):
    given = []

    def energies(s, h, **parameters):
        given.append(parameters)
        return whole(s, h, **parameters)

    whole = claims.energies
    monkeypatch.setattr(claims, "energies", energies)
    claims.unevenness_with_random_v_a()
    claims.first_gradient_of_the_matrices_with_random_v_a()
    for parameters in given:
        for name, seed in (("W_a", 3), ("U_a", 4)):
            expected = 0.001 * claims.normal(claims.N_PRIME, claims.N, seed=seed)
            assert torch.equal(parameters[name].detach(), expected)
        assert torch.equal(parameters["v_a"].detach(), claims.normal(claims.N_PRIME, seed=2))


def test_unevenness_and_first_gradients_by_hand(monkeypatch):
    h = torch.eye(2).double()[None]  # of two words, the first has the state (1, 0) and the second (0, 1)
    monkeypatch.setattr(claims, "states", lambda: (torch.zeros(1, 1).double(), h))
    monkeypatch.setattr(claims, "S", 2)
    monkeypatch.setattr(claims, "normal", lambda *shape, **_: torch.full(shape, 0.01).double())
    # energies of 3 and 0 give weights of 1/(1 + e⁻³) and the rest
    monkeypatch.setattr(claims, "energies", lambda *_, **__: torch.tensor([[3.0, 0.0]]).double())
    assert claims.unevenness_with_random_v_a() == pytest.approx(1 / (1 + math.exp(-3)) - 1 / 2)
    monkeypatch.setattr(
        claims,
        "energies",
        lambda *_, v_a, W_a, U_a: torch.stack([4 * v_a + 6 * W_a.sum() - 2 * U_a.sum(), 0 * v_a]).T,
    )
    monkeypatch.setattr(claims, "N_PRIME", 1)
    assert claims.first_gradient_of_the_matrices_with_random_v_a() == pytest.approx(6 / 4)


def test_positions_that_are_pulled_on_lie_as_far_from_either_end():
    given = []

    def attend(score, h_t, h_bar, p_t, *, D):
        given.append((p_t.detach(), D))
        return p_t.unsqueeze(-1) * torch.tensor([3.0, -5.0]), None, None

    assert claims._pull(attend) == 5
    ((p_t, D),) = given
    assert D == claims.D
    torch.testing.assert_close(p_t, claims.S - p_t.flip(0))
    assert (p_t.min(), len(p_t)) == (5.5, claims.B)


def test_the_identity_stands_where_the_authors_had_it():
    v, W = claims.normal(claims.N_PRIME, seed=2), claims.normal(claims.N_PRIME, claims.N, seed=3)
    U = claims.normal(claims.N_PRIME, claims.N, seed=4)
    h_t, h_bar = claims.states()
    of_h_t = (h_t @ W.T).unsqueeze(1)
    ours, simplified = ((of_h_t + h_bar @ M.T).tanh() @ v for M in (U, torch.eye(*U.shape).double()))
    assert claims.simplified_concat_less_additive() == pytest.approx((ours - simplified).abs().max().item())
