import pytest
import torch

from reproductions.attribution.stretch_rules import kink_weights, polynomial_weights, stretch_weights

ALPHAS = torch.tensor([0, 0.1, 0.15, 0.3, 0.5, 0.6, 0.7, 0.85, 1], dtype=torch.float64)


@pytest.mark.parametrize("order", [4, 6, 8])
def test_polynomials_are_exact_up_to_their_order_and_not_beyond(order):
    weights = polynomial_weights(ALPHAS, order)
    assert (weights != 0).sum(dim=1).max() == order
    for power in range(order + 1):
        off = weights @ ALPHAS**power - (ALPHAS ** (power + 1)).diff() / (power + 1)
        assert (off.abs().max() < 1e-12) == (power < order)


@pytest.mark.parametrize(("order", "points"), [(4, [2, 3, 4, 5]), (6, [1, 2, 3, 4, 5, 6])])
def test_a_polynomial_goes_through_the_points_around_its_stretch(order, points):
    weights = polynomial_weights(ALPHAS, order)
    assert weights[3].nonzero().flatten().tolist() == points
    assert weights[0].nonzero().flatten().tolist() == list(range(order))


def test_a_kink_is_placed_where_completeness_wants_it():
    kink = 0.4  # between the points at 0.3 and 0.5; the slope is 1 before it and 3 behind
    values = torch.where(kink > ALPHAS, ALPHAS, kink + 3 * (ALPHAS - kink))
    slopes = torch.where(kink > ALPHAS, 1.0, 3.0).double()
    weights = kink_weights(ALPHAS, values, slopes)
    torch.testing.assert_close(weights @ slopes, values.diff())
    torch.testing.assert_close(weights[3, 3:5], torch.tensor([0.1, 0.1], dtype=torch.float64))


def test_a_kink_outside_of_its_stretch_is_not_believed():
    weights = kink_weights(ALPHAS, 10 * ALPHAS, 1 + ALPHAS)  # F rises faster than any slope seen
    assert (weights >= 0).all()
    torch.testing.assert_close(weights.sum(dim=1), ALPHAS.diff())


def test_completeness_picks_the_rule():
    smooth, _ = stretch_weights(ALPHAS, torch.exp(3 * ALPHAS), 3 * torch.exp(3 * ALPHAS))
    assert ((smooth != 0).sum(dim=1) == 8).all()
    kinked, apart = stretch_weights(ALPHAS, (ALPHAS - 0.4).relu(), (ALPHAS > 0.4).double())
    assert (kinked[3] != 0).sum() == 2
    assert (apart[3] @ (ALPHAS > 0.4).double()).abs() > 1e-3  # the rules do not agree there
    assert (apart[7] @ (ALPHAS > 0.4).double()).abs() < 1e-12  # nor is there anything to disagree about here


def test_fewer_points_than_the_highest_order():
    alphas = ALPHAS[[0, 2, 4, 6, 8]]
    weights, _ = stretch_weights(alphas, alphas**4, 4 * alphas**3)
    torch.testing.assert_close(weights @ (4 * alphas**3), (alphas**4).diff())
