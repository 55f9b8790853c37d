"""What is measured is what one knows beforehand; a control that misses its bound by chance would show nothing."""

import math

import pytest
import torch

from reproductions.attention import additive_claims as claims


def test_the_cost_over_itself_is_one():
    assert claims.cost_as_printed() == 1


def test_the_cost_is_that_counted_by_hand():
    # T_x T_y (n · 2n) + T_y n² as printed, T_x (n · 2n) + T_y n² in advance; FlopCounterMode counts two for each
    assert claims._cost(in_advance=False, n=10, words=4) == 2 * (4 * 4 * 200 + 4 * 100)
    assert claims._cost(in_advance=True, n=10, words=4) == 2 * (4 * 200 + 4 * 100)


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
