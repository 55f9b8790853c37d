"""What is measured is what one knows beforehand; a control that misses its bound by chance would show nothing."""

import math

import pytest
import torch

from reproductions.attention import local_claims as claims


def test_the_cost_of_all_words_grows_with_them():
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


def test_a_step_of_local_attention_costs_the_same_whatever_the_length_of_the_source():
    assert claims.growth_of_local_cost() == 1
    assert claims._step_cost(100, local=True) < claims._step_cost(100, local=False)
