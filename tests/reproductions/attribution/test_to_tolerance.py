import math
import warnings

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from reproductions.attribution.integrated_gradients import integrated_gradients, quadrature
from reproductions.attribution.small_networks import random_network
from reproductions.attribution.straight_line import StraightLines, weighted_gradients
from reproductions.attribution.stretch_rules import NODES
from reproductions.attribution.to_tolerance import (
    USUAL_STRETCHES,
    ToleranceNotMet,
    _lines_in_turn,
    gradients_to_tolerance,
    integrated_gradients_to_tolerance,
)
from reproductions.normal import normal


def finely(F, x):
    """The midpoint rule with 20,000 points a line, from a baseline of zeros."""
    lines = StraightLines((torch.zeros_like(x),), (x,))
    alphas, weights = quadrature("riemann_middle", 20_000)
    (average,) = weighted_gradients(lambda points, _: F(points[0]), lines, alphas, weights, at_once=8000)
    return x * average


def relative_error(attributions, exact):
    return (attributions - exact).flatten(1).norm(dim=1) / exact.flatten(1).norm(dim=1)


def cliff(x):
    return torch.sigmoid(400 * (x.mean(dim=1) - 0.3)) * x[:, 0]


@pytest.mark.parametrize("tolerance", [1e-1, 1e-2, 1e-3, 1e-4])
@pytest.mark.parametrize("activation", [torch.tanh, torch.relu, torch.sigmoid])
def test_the_tolerance_is_met(activation, tolerance):
    F, x = random_network((6, 32, 32), activation, seed=0), normal(8, 6, seed=1)
    attributions, reports = integrated_gradients_to_tolerance(F, x, torch.zeros(6), tolerance=tolerance)
    exact = finely(F, x)
    assert attributions.shape == x.shape
    assert attributions.dtype == x.dtype
    assert relative_error(attributions, exact).max() < tolerance
    assert all(report.met and report.error <= report.tolerance == tolerance for report in reports)


def test_a_cliff_is_found_and_looked_at():
    x = torch.tensor([[1.0, 0.5]], dtype=torch.float64)
    attributions, (report,) = integrated_gradients_to_tolerance(cliff, x, torch.zeros(2), tolerance=1e-3)
    exact = finely(cliff, x)
    assert relative_error(attributions, exact).max() < 1e-3
    assert ((report.alphas - 0.4).abs() < 0.05).sum() >= 3  # the cliff is at 0.3 / 0.75
    # as many points evenly spread do not do
    even = integrated_gradients(cliff, x, torch.zeros(2), n_steps=report.evaluations)
    assert relative_error(even, exact).max() > 1e-3


def test_a_linear_function_needs_one_stretch_only():
    attributions, (report,) = integrated_gradients_to_tolerance(
        lambda x: x @ torch.tensor([2.0, -3.0]), torch.tensor([[1.0, 1.0]]), torch.zeros(2), tolerance=1e-6
    )
    torch.testing.assert_close(attributions, torch.tensor([[2.0, -3.0]]))
    assert report.evaluations == NODES
    assert report.forward_passes == NODES + 2


def test_one_layer_of_rectifiers_is_exact_with_one_stretch():
    # a hundred kinks on the way, and the gradients of six points
    network = random_network((6, 100), torch.relu, seed=10)
    x = normal(4, 6, seed=11)
    attributions, reports = integrated_gradients_to_tolerance(network, x, torch.zeros(6), tolerance=2e-3)
    assert [report.evaluations for report in reports] == [NODES] * 4
    assert relative_error(attributions, finely(network, x)).max() < 1e-3
    # and not so without the mean slopes
    plain = integrated_gradients(network, x, torch.zeros(6), n_steps=NODES)
    assert relative_error(plain, finely(network, x)).max() > 1e-2


def test_a_rectifier_that_switches_there_and_back_between_two_points():
    # z = 40 (α − 0.4)² − 0.1 is negative on a twentieth of the path; completeness says nothing of it
    def f(x):
        return torch.relu(40 * (x[:, 0] - 0.4) ** 2 - 0.1 + x[:, 1] - x[:, 2]) + x[:, 1]

    x = torch.ones(1, 3, dtype=torch.float64)
    attributions, (report,) = integrated_gradients_to_tolerance(f, x, torch.zeros(3), tolerance=2e-3)
    assert report.evaluations == NODES
    assert relative_error(attributions, finely(f, x)).max() < 2e-3


def test_rectifiers_behind_one_another_are_compared_with_their_halves():
    F, x = random_network((6, 32, 32), torch.relu, seed=12), normal(4, 6, seed=13)
    _, reports = integrated_gradients_to_tolerance(F, x, torch.zeros(6), tolerance=1e-1)
    assert all(report.evaluations >= 3 * NODES for report in reports)


def test_inputs_may_be_single_numbers():
    x = torch.tensor([1.0, 2.0], dtype=torch.float64)
    attributions, _ = integrated_gradients_to_tolerance(lambda x: x**2, x, torch.zeros(()), tolerance=1e-6)
    torch.testing.assert_close(attributions, x**2)


def test_features_that_cancel_are_not_missed():
    # g₁ = −g₂ all along: completeness holds whatever the attributions, and says nothing
    def f(x):
        hump = lambda z: torch.exp(-(((z - 0.4) / 0.05) ** 2))  # noqa: E731
        return hump(x[:, 0]) - hump(x[:, 1]) + x[:, 2]

    x = torch.ones(1, 3, dtype=torch.float64)
    attributions, (report,) = integrated_gradients_to_tolerance(f, x, torch.zeros(3), tolerance=1e-3)
    end = math.exp(-((0.6 / 0.05) ** 2)) - math.exp(-((0.4 / 0.05) ** 2))
    exact = torch.tensor([[end, -end, 1.0]], dtype=torch.float64)
    assert relative_error(attributions, exact).max() < 1e-3
    assert report.evaluations > NODES


def test_each_input_gets_what_it_needs():
    def f(x):
        return cliff(x) + x[:, 1]

    x = torch.tensor([[1.0, 0.5], [0.1, 0.1]], dtype=torch.float64)
    together, reports = integrated_gradients_to_tolerance(f, x, torch.zeros(2), tolerance=1e-3)
    assert reports[0].evaluations > 2 * reports[1].evaluations
    for i in range(2):
        alone, (report,) = integrated_gradients_to_tolerance(f, x[i : i + 1], torch.zeros(2), tolerance=1e-3)
        torch.testing.assert_close(together[i : i + 1], alone)
        assert report.evaluations == reports[i].evaluations


def test_the_report_is_about_the_attributions_returned():
    F, x = random_network((6, 32), torch.tanh, seed=3), normal(1, 6, seed=4)
    calls, forward_only = [], [0]

    def counted(points):
        if torch.is_grad_enabled():
            calls.append(len(points))
        else:
            forward_only[0] += len(points)
        return F(points)

    attributions, (report,) = integrated_gradients_to_tolerance(counted, x, torch.zeros(6), tolerance=1e-5)
    assert report.evaluations == sum(calls) - 1  # one more, forward only, measures the memory
    assert report.forward_passes == forward_only[0]
    assert report.alphas[0] == 0
    assert report.alphas[-1] == 1
    assert (report.alphas.diff() > 0).all()
    assert report.gaps.shape == report.errors.shape == (len(report.alphas) - 1,)
    gap = attributions.sum() - (F(x) - F(torch.zeros_like(x)))
    assert report.gaps.sum().item() == pytest.approx(gap.item(), abs=1e-12)


def test_too_few_evaluations_are_owned_up_to():
    F, x = random_network((6, 64, 64), torch.relu, seed=5), normal(2, 6, seed=6)
    with pytest.warns(
        ToleranceNotMet, match=r"2 of 2 inputs do not meet the tolerance of 1e-06; .*\(max_evaluations\)"
    ):
        _, reports = integrated_gradients_to_tolerance(F, x, torch.zeros(6), tolerance=1e-6, max_evaluations=20)
    for report in reports:
        assert report.ending == "max_evaluations"
        assert report.evaluations <= 20
        assert report.error > 1e-6
        assert not report.met


def test_float_precision_is_owned_up_to():
    F, x = random_network((6, 32), torch.tanh, seed=7), normal(1, 6, seed=8)

    def single(x):
        return F(x.double()).float()

    with pytest.warns(ToleranceNotMet, match="float precision"):
        attributions, (report,) = integrated_gradients_to_tolerance(
            single, x.float(), torch.zeros(6), tolerance=1e-9, max_evaluations=2000
        )
    assert report.ending == "float precision"
    assert report.evaluations < 300
    assert relative_error(attributions.double(), integrated_gradients(F, x, torch.zeros(6))).max() < 1e-5


def test_half_precision_is_owned_up_to():
    F, x = random_network((6, 32), torch.tanh, seed=7), normal(1, 6, seed=8).bfloat16()

    def half(x):
        return F(x.double()).bfloat16()

    with pytest.warns(ToleranceNotMet, match="float precision"):
        _, (report,) = integrated_gradients_to_tolerance(half, x, torch.zeros(6), tolerance=1e-3)
    assert report.error >= torch.finfo(torch.bfloat16).eps
    attributions, (report,) = integrated_gradients_to_tolerance(half, x, torch.zeros(6), tolerance=2e-2)
    assert report.met
    exact = integrated_gradients(F, x.double(), torch.zeros(6))
    assert relative_error(attributions.double(), exact).max() < 2e-2


def test_an_input_at_its_baseline_has_nothing_to_tell():
    x = normal(2, 6, seed=9)
    attributions, reports = integrated_gradients_to_tolerance(random_network((6, 8), torch.tanh, seed=9), x, x)
    assert attributions.count_nonzero() == 0
    assert [report.evaluations for report in reports] == [NODES] * 2
    assert {report.tolerance for report in reports} == {1e-3}, "unless another one is asked for"


@settings(max_examples=25)
@given(place=st.floats(0.02, 0.98), steep=st.floats(5, 300), weight=st.floats(0.1, 10))
def test_steps_anywhere_and_of_any_steepness(place, steep, weight):
    def f(x):
        return weight * torch.sigmoid(steep * (x[:, 0] - place)) + x[:, 1] ** 2

    x = torch.ones(1, 2, dtype=torch.float64)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ToleranceNotMet)
        attributions, _ = integrated_gradients_to_tolerance(f, x, torch.zeros(2), tolerance=1e-3)
    ends = torch.tensor([1 - place, -place], dtype=torch.float64)
    high, low = torch.sigmoid(steep * ends).tolist()
    exact = torch.tensor([[weight * (high - low), 1.0]], dtype=torch.float64)
    assert relative_error(attributions, exact).item() < 1e-3


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"tolerance": 0}, "a tolerance of 0 cannot be met"),
        ({"tolerance": math.nan}, "a tolerance of nan cannot be met"),
        ({"max_evaluations": 3}, "more than max_evaluations=3"),
    ],
)
def test_what_makes_no_sense(asked, message):
    with pytest.raises(ValueError, match=message):
        integrated_gradients_to_tolerance(cliff, torch.ones(1, 2), torch.zeros(2), **asked)


def test_a_gradient_that_is_not_finite_is_named():
    with pytest.raises(ValueError, match=r"gradient of input 0 is not finite at α = 0\.03"):
        integrated_gradients_to_tolerance(lambda x: (0 * x[:, 0]).sqrt(), torch.ones(1, 1), torch.zeros(1))


def test_a_root_at_the_baseline_is_integrated():
    attributions, (report,) = integrated_gradients_to_tolerance(
        lambda x: x[:, 0].sqrt() + x[:, 1], torch.ones(1, 2, dtype=torch.float64), torch.zeros(2), tolerance=1e-2
    )
    assert report.met
    torch.testing.assert_close(attributions, torch.ones(1, 2, dtype=torch.float64), atol=1e-2, rtol=0)


@pytest.mark.parametrize("at_once", [1, 4, 7, 100])
def test_portions_change_nothing(at_once):
    F, x = random_network((6, 32, 32), torch.relu, seed=14), normal(3, 6, seed=15)
    lines = StraightLines((torch.zeros_like(x),), (x,))
    together, _ = gradients_to_tolerance(lambda points, _: F(points[0]), lines, tolerance=1e-2)
    largest = 0

    def counted(points, _):
        nonlocal largest
        largest = max(largest, len(points[0]))
        return F(points[0])

    portions, _ = gradients_to_tolerance(counted, lines, tolerance=1e-2, at_once=at_once)
    torch.testing.assert_close(portions, together)
    assert largest <= at_once


def test_lines_take_turns_where_their_attributions_outgrow_the_memory():
    differences = torch.zeros(9, 100, dtype=torch.float64)
    of_a_line = USUAL_STRETCHES * 100 * 8
    assert [_lines_in_turn(differences, budget) for budget in (1, of_a_line, 5 * of_a_line)] == [1, 1, 5]
