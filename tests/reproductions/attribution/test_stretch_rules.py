import pytest
import torch

from reproductions.attribution.stretch_rules import (
    NODES,
    mean_slopes,
    node_weights,
    places,
    points_of,
    switching,
    tails,
    unresolved,
)

STARTS, LENGTHS = torch.tensor([0.0, 0.25], dtype=torch.float64), torch.tensor([0.25, 0.5], dtype=torch.float64)
ALPHAS = points_of(STARTS, LENGTHS)


def test_points_and_weights_are_exact_up_to_their_degree_and_not_beyond():
    weights = node_weights()
    for power in range(2 * NODES + 1):
        off = LENGTHS * (ALPHAS[:, :NODES] ** power @ weights) - (
            (STARTS + LENGTHS) ** (power + 1) - STARTS ** (power + 1)
        ) / (power + 1)
        assert (off.abs().max() < 1e-14) == (power < 2 * NODES)


def test_the_ends_come_last():
    torch.testing.assert_close(ALPHAS[:, NODES:], torch.stack([STARTS, STARTS + LENGTHS], dim=1))


@pytest.mark.parametrize("power", range(NODES))
def test_mean_slopes_integrate_what_a_rectifier_lets_through(power):
    # z = α − 0.4 switches in the second stretch only, from 0.25 to 0.75
    slopes = mean_slopes((ALPHAS - 0.4)[..., None])[..., 0]
    through = LENGTHS * ((slopes * ALPHAS[:, :NODES] ** power) @ node_weights())
    assert through[0] == 0
    exact = (0.75 ** (power + 1) - 0.4 ** (power + 1)) / (power + 1)
    assert through[1].item() == pytest.approx(exact, rel=2e-3)  # one of 32 cells holds the switch


def test_there_and_back_between_two_points():
    z = (ALPHAS - 0.5) ** 2 - 0.0016  # below zero from 0.46 to 0.54, where the second stretch has no point
    assert not (z < 0).any()
    slopes = mean_slopes(z[..., None])[..., 0]
    open_part = LENGTHS * (slopes @ node_weights())
    assert open_part[1].item() == pytest.approx(0.42, abs=2e-3)
    assert switching(slopes).tolist() == [False, True]


@pytest.mark.parametrize("scale", [1e-6, 1, 1e6])
def test_mean_slopes_do_not_depend_on_the_scale(scale):
    z = torch.stack([ALPHAS - 0.4, (ALPHAS - 0.5) ** 2 - 0.0016], dim=-1)
    torch.testing.assert_close(mean_slopes(scale * z), mean_slopes(z))


def test_a_mean_slope_is_the_slope_where_the_switch_is_far_from_the_point():
    # the cell that holds the switch aside: with ℓⱼ a polynomial, ∫ ℓⱼ r / wⱼ by hand for a switch in the middle
    nodes = ALPHAS.new_tensor(places()[0])
    slopes = mean_slopes((points_of(ALPHAS.new_zeros(1), ALPHAS.new_ones(1)) - 0.5)[..., None])[0, :, 0]
    for power in range(NODES):
        assert (slopes * nodes**power) @ node_weights() == pytest.approx((1 - 0.5 ** (power + 1)) / (power + 1))
    assert slopes.sum() == pytest.approx(NODES / 2)  # symmetric about the middle


def test_what_stays_away_from_zero_keeps_its_slope():
    z = torch.stack([1 + ALPHAS, -1 - ALPHAS, 3 + ALPHAS.sin()], dim=-1)
    torch.testing.assert_close(mean_slopes(z), (z[:, :NODES] > 0).double())


def test_slopes_have_the_shape_of_what_goes_in():
    z = torch.randn(2, NODES + 2, 3, 4, generator=torch.Generator().manual_seed(0))
    assert mean_slopes(z).shape == (2, NODES, 3, 4)
    assert mean_slopes(z).dtype == torch.float32
    torch.testing.assert_close(mean_slopes(z)[:, :, 1], mean_slopes(z[:, :, 1]))


def test_a_polynomial_is_resolved_and_a_cliff_is_not():
    assert unresolved((ALPHAS ** (NODES - 1))[..., None])[0].max() < 1e-10
    missed, moved = unresolved(torch.sigmoid(400 * (ALPHAS - 0.4))[..., None])
    assert missed[1] > 0.1 * moved[1]
    assert unresolved(torch.ones(2, NODES + 2, 3))[0].max() == 0


def test_what_is_missed_and_what_moves_by_hand():
    # α⁶ is foretold by the polynomial of degree 5 through the points: off by Π (t − αⱼ) at the ends
    nodes = ALPHAS.new_tensor(places()[0])
    off = [(end - nodes).prod().abs().item() for end in (0.0, 1.0)]
    at = points_of(ALPHAS.new_zeros(1), ALPHAS.new_ones(1))
    missed, moved = unresolved(torch.stack([3 * at**NODES, -4 * at**NODES + 9], dim=-1))
    assert missed.item() == pytest.approx(5 * max(off))
    assert moved.item() == pytest.approx(5)


def test_the_end_that_is_missed_by_more_counts():
    at = points_of(ALPHAS.new_zeros(1), ALPHAS.new_ones(1))
    (up, moved), (down, _) = (unresolved(torch.exp(6 * along)[..., None]) for along in (at, 1 - at))
    assert up.item() == pytest.approx(down.item())
    assert up > 0.005 * moved


def test_roundings_are_no_movement():
    noise = 1e-9 * torch.tensor([[1.0, -1, 1, -1, 1, -1, 1, -1]], dtype=torch.float64)
    rounding = 1000 * torch.finfo(torch.float64).eps
    for offset in (2e-9 * (1 - 0.001) / rounding, 2e-9 * (1 + 0.001) / rounding):
        missed, moved = unresolved((offset + noise)[..., None])
        assert (missed > 0).item() == (rounding * offset < 2e-9)
        assert moved.item() == pytest.approx(2e-9, rel=1e-2)


def test_tails_by_hand():
    # the Legendre polynomials of degree 4 and 5 on [0, 1], 3 of one and 4 of the other, in two features
    t = 2 * ALPHAS.new_tensor(places()[0]) - 1
    fourth, fifth = (35 * t**4 - 30 * t**2 + 3) / 8, (63 * t**5 - 70 * t**3 + 15 * t) / 8
    gradients = torch.stack([3 * fourth + t**3, 4 * fifth - 2 * t], dim=1)[None]
    assert tails(gradients).item() == pytest.approx(5)
    assert tails(torch.cat([gradients, 2 * gradients])).tolist() == pytest.approx([5, 10])


def test_tails_are_what_lower_rules_do_not_see():
    at = ALPHAS[:, :NODES, None]
    assert tails(at ** (NODES - 3)).max() < 1e-12
    assert tails(at ** (NODES - 2)).min() > 1e-6
