import math

import pytest
import torch

from reproductions.attribution.straight_line import StraightLines
from reproductions.attribution.stretch_rules import NODES, node_weights, points_of, tails
from reproductions.attribution.stretches import CANCELLING, Signal, Stretch, flat, integrated, looked_at


def lines(*ends):
    x = torch.tensor(ends, dtype=torch.float64)
    return StraightLines((torch.zeros_like(x),), (x,))


def looks(F, along, stretches, *, at_once=100):
    return looked_at(lambda points, _: F(points[0]), along, stretches, at_once=at_once)


def parts(F, along, stretches, *, at_once=100):
    found = looks(F, along, stretches)
    differences = flat(along.differences)
    return integrated(lambda points, _: F(points[0]), along, differences, found, at_once=at_once, grad_options=None)


def signals(*given):
    return [Signal(pytest.approx(missed, abs=1e-9), pytest.approx(moved), kinked) for missed, moved, kinked in given]


def test_halves():
    whole, known = Stretch(3, 0.25, 0.75), object()
    assert whole.length == 0.5
    assert [(half.row, half.start, half.end, half.whole) for half in whole.halves(known)] == [
        (3, 0.25, 0.5, known),
        (3, 0.5, 0.75, known),
    ]
    assert [half.whole for half in whole.halves()] == [None, None]


# Looking


def test_a_look_has_the_values_at_the_ends_and_how_far_it_moves():
    (of_first, of_second) = looks(
        lambda x: 1 + x[:, 0] + 2 * x[:, 1], lines([1, 1], [2, 0]), [Stretch(0, 0.5, 1), Stretch(1, 0, 0.25)]
    )
    assert of_first.values == pytest.approx((2.5, 4))
    assert of_second.values == pytest.approx((1, 1.5))
    assert (of_first.slopes, of_first.switching) == ([], 0)
    assert of_first.signals == signals((0, 1.5, False))
    assert of_second.signals == signals((0, 0.5, False))


def test_what_goes_into_a_rectifier_is_a_signal_and_the_output_is_none_where_it_switches():
    def f(x):
        return torch.relu(torch.stack([3 * x[:, 0] - 1.5, 4 * x[:, 0] + 9], dim=1)).sum(dim=1)

    open_, switching = looks(f, lines([1]), [Stretch(0, 0.5 + 1e-9, 1), Stretch(0, 0, 1)])
    # the units move by 3 and 4, whose norm is 5; F by their sum
    assert open_.signals == signals((0, 2.5, False), (0, 3.5, False))
    assert switching.signals == signals((0, 5, False))
    assert (open_.switching, switching.switching) == (0, 1)
    assert switching.slopes[0].shape == (NODES, 2)
    assert (switching.slopes[0][:, 1] == 1).all()
    assert switching.slopes[0][:, 0] @ node_weights() == pytest.approx(0.5, abs=1e-3)


def test_what_is_behind_a_rectifier_that_switches_has_kinks():
    def f(x):
        z = torch.relu(x[:, 0] - 0.3)  # switches at 0.3
        return torch.relu(z - 0.5) + torch.relu(x[:, 0] + 1)  # the first of these at 0.8

    before, first, second, both = looks(
        f, lines([1]), [Stretch(0, 0, 0.25), Stretch(0, 0.25, 0.5), Stretch(0, 0.5, 1), Stretch(0, 0, 1)]
    )
    assert [one.switching for one in (before, first, second, both)] == [0, 1, 1, 2]
    assert [signal.kinked for signal in before.signals] == [False] * 4
    assert [signal.kinked for signal in first.signals] == [False, True, True]
    assert [signal.kinked for signal in second.signals] == [False, False, True]
    assert [signal.kinked for signal in both.signals] == [False, True, True]


def test_a_rectifier_without_the_points_in_front_is_left_alone():
    def f(x):
        return torch.relu(x.T).sum(dim=0) + torch.relu(x[:, 0] - 0.5)

    (found,) = looks(f, lines([1, 1]), [Stretch(0, 0, 1)])
    assert found.slopes[0] is None
    assert found.slopes[1].shape == (NODES,)
    assert [signal.moved for signal in found.signals] == [pytest.approx(1)]


def test_a_rectifier_that_is_not_the_same_in_every_portion_is_left_alone():
    def f(x):
        wide = x if len(x) > 1 else torch.cat([x, x], dim=1)
        return torch.relu(wide - 0.5).sum(dim=1)

    (found,) = looks(f, lines([1]), [Stretch(0, 0, 1)], at_once=NODES + 1)  # the last point comes by itself
    assert found.slopes == [None]


@pytest.mark.parametrize("at_once", [1, 3, NODES + 2, 11])
def test_looks_in_portions_are_the_same(at_once):
    def f(x):
        return torch.relu(x[:, 0] ** 2 - 0.3) * x[:, 1].exp()

    stretches = [Stretch(0, 0, 0.5), Stretch(1, 0.5, 1)]
    along = lines([1, 1], [2, 0.5])
    for one, other in zip(looks(f, along, stretches, at_once=at_once), looks(f, along, stretches), strict=True):
        assert (one.values, one.signals, one.switching) == (other.values, other.signals, other.switching)
        torch.testing.assert_close(one.slopes, other.slopes)


# Integrating


def test_a_polynomial_by_hand():
    # F = x₁² + x₁ x₂ along (2α, 3α): ∂F = (2 x₁ + x₂, x₁) = (7α, 2α), over [0.5, 1] (7, 2) · 3/8
    (found,) = parts(lambda x: x[:, 0] ** 2 + x[:, 0] * x[:, 1] - 20, lines([2, 3]), [Stretch(0, 0.5, 1)])
    assert found.integral.tolist() == pytest.approx([7 * 0.375, 2 * 0.375])
    assert found.gap == pytest.approx(0, abs=1e-12)
    assert found.error == pytest.approx(0, abs=1e-12)
    assert not found.one_behind_another
    assert found.largest_value == pytest.approx(17.5)  # |F| at 0.5, where F is −17.5; at 1 it is −10


DEGREE = 2 * NODES + 2
"""One for which NODES points are not enough: its gradient has the degree 2 · NODES + 1."""


def gap_of_a_power(start, end):
    alphas = points_of(torch.tensor([start], dtype=torch.float64), torch.tensor([end - start], dtype=torch.float64))
    found = (end - start) * (DEGREE * alphas[0, :NODES] ** (DEGREE - 1) @ node_weights()).item()
    return found - (end**DEGREE - start**DEGREE)


@pytest.mark.parametrize(
    ("weights", "times"),
    [
        ((1.0,), 1),
        ((1.0, 1.0), 1 / math.sqrt(2)),  # errors of one sign add up in the gap
        ((1.0, 1.0, 1.0, 1.0), 1 / 2),
        ((2.0, -1.0), math.sqrt(5)),  # and of opposite sign cancel
        ((1.0, -0.9), math.sqrt(1.81) / 0.1),
    ],
)
def test_the_error_is_the_gap_by_how_much_more_the_gradients_vary_than_their_sums(weights, times):
    w = torch.tensor(weights, dtype=torch.float64)
    (found,) = parts(lambda x: x**DEGREE @ w, lines([1.0] * len(weights)), [Stretch(0, 0.25, 1)])
    gap = sum(weights) * gap_of_a_power(0.25, 1)
    assert abs(gap) > 1e-9
    assert found.gap == pytest.approx(gap, rel=1e-4)
    assert found.error == pytest.approx(abs(gap) * times, rel=1e-4)


def test_a_constant_part_of_the_gradient_has_no_error():
    (found,) = parts(lambda x: x[:, 0] ** DEGREE + 100 * x[:, 1], lines([1.0, 1.0]), [Stretch(0, 0.25, 1)])
    assert found.error == pytest.approx(abs(gap_of_a_power(0.25, 1)), rel=1e-3)


def test_where_gradients_cancel_rules_are_compared():
    weights = torch.tensor([1.0, -0.98], dtype=torch.float64)  # √1.9604 / 0.02 is 70 times
    (found,) = parts(lambda x: x**DEGREE @ weights, lines([1.0, 1.0]), [Stretch(0, 0.25, 1)])
    alphas = points_of(torch.tensor([0.25], dtype=torch.float64), torch.tensor([0.75], dtype=torch.float64))
    gradients = DEGREE * alphas[:, :NODES, None] ** (DEGREE - 1) * weights
    gap = 0.02 * abs(gap_of_a_power(0.25, 1))
    assert CANCELLING == 20
    assert found.error - 0.75 * tails(gradients).item() == pytest.approx(20 * gap, rel=1e-4)
    assert found.error > 30 * gap


def test_rectifiers_one_behind_another_are_named():
    def one(x):
        return torch.relu(x[:, 0] - 0.5)

    def two(x):
        return torch.relu(one(x) - 0.25)

    assert [parts(f, lines([1]), [Stretch(0, 0, 1)])[0].one_behind_another for f in (one, two)] == [False, True]


@pytest.mark.parametrize("at_once", [1, 5, NODES, 13])
def test_portions_of_gradients_change_nothing(at_once):
    def f(x):
        return torch.relu(x[:, 0] ** 2 - 0.3) * x[:, 1].exp()

    along, stretches = lines([1, 1], [2, 0.5]), [Stretch(0, 0, 0.5), Stretch(1, 0.5, 1)]
    for one, other in zip(parts(f, along, stretches, at_once=at_once), parts(f, along, stretches), strict=True):
        torch.testing.assert_close(one.integral, other.integral)
        assert (one.gap, one.error) == pytest.approx((other.gap, other.error))


def test_nothing_ready_is_nothing_integrated():
    along = lines([1])
    assert integrated(lambda points, _: points[0], along, along.ends[0], [], at_once=1, grad_options=None) == []


def test_a_gradient_that_is_not_finite_is_named_with_its_line():
    def f(x):
        return torch.where(x[:, 0] > 1, x[:, 0] - x[:, 0].detach(), x[:, 0] ** 2).sqrt()

    third = points_of(torch.tensor([0.0]), torch.tensor([1.0]))[0, 2].item()
    with pytest.raises(ValueError, match=rf"gradient of input 1 is not finite at α = {third:.3g};"):
        parts(f, lines([1.0], [1.01 / third]), [Stretch(0, 0, 1), Stretch(1, 0, 1)])


def test_features_side_by_side_are_in_single_precision_or_better():
    halves, single, double = torch.ones(2, dtype=torch.float16), torch.ones(2, 3, 4), torch.ones(2, 1).double()
    assert (flat((halves,)).shape, flat((halves,)).dtype) == ((2, 1), torch.float32)
    assert (flat((halves, single)).shape, flat((halves, single)).dtype) == ((2, 13), torch.float32)
    assert flat((single, double)).dtype == torch.float64
