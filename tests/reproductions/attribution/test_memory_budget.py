import torch
from torch import nn

from reproductions.attribution.input_attribution import IntegratedGradients
from reproductions.attribution.memory_budget import (
    budget_of,
    bytes_of_a_point,
    points_within,
    without_parameter_gradients,
)
from reproductions.attribution.straight_line import StraightLines

LINES = StraightLines((torch.zeros(2, 100),), (torch.ones(2, 100),))


def test_what_autograd_keeps_is_counted_once():
    def exp_of_exp(points, _):
        return points[0].exp().exp().sum(dim=1)

    # the point, and both results of exp, 100 numbers of 4 bytes each
    assert bytes_of_a_point(exp_of_exp, LINES) == 3 * 400
    assert points_within(24_000, exp_of_exp, LINES) == 10
    assert points_within(1, exp_of_exp, LINES) == 1


def test_the_point_that_is_counted_is_the_middle_of_the_first_line():
    seen = []

    def watched(points, rows):
        seen.append((points[0].detach().unique().tolist(), rows.tolist()))
        return points[0].sum(dim=1)

    bytes_of_a_point(watched, StraightLines((torch.full((2, 3), 2.0),), (torch.full((2, 3), 5.0),)))
    assert seen == [([3.5], [0])]


def test_a_storage_that_is_kept_twice_counts_once_and_all_inputs_count():
    lines = StraightLines((torch.zeros(1, 100), torch.zeros(1, 10)), (torch.ones(1, 100), torch.ones(1, 10)))

    def product_of_parts(points, _):
        wave = points[0].sin()  # keeps the point, which counts as such
        return (wave[:, :50] * wave[:, 50:]).sum(dim=1) + points[1].sum(dim=1)  # both halves are of one storage

    assert bytes_of_a_point(product_of_parts, lines) == 400 + 400 + 40


def test_weights_are_not_counted():
    network = nn.Sequential(nn.Linear(100, 1000), nn.Tanh(), nn.Linear(1000, 1))
    with without_parameter_gradients():
        size = bytes_of_a_point(lambda points, _: network(points[0])[:, 0], LINES)
    assert 4000 <= size < 10_000  # tanh keeps its 1,000 results; a weight alone has 400,000 bytes


def test_a_smaller_budget_gives_the_same_in_smaller_portions():
    network, sizes = nn.Sequential(nn.Linear(100, 50), nn.Tanh(), nn.Linear(50, 2)), []

    def watched(x):
        sizes.append(len(x))
        return network(x)

    x = torch.randn(3, 100)
    small = IntegratedGradients(watched).attribute(x, target=1, memory_budget=10_000)
    portions, sizes[:] = list(sizes), []
    large = IntegratedGradients(watched).attribute(x, target=1, memory_budget=10**8)
    assert max(portions) < 20
    assert max(sizes) == 150
    torch.testing.assert_close(small, large)


def test_parameters_take_no_gradient_meanwhile_and_are_as_before_then():
    network = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    network[0].weight.requires_grad = False
    with without_parameter_gradients():
        assert not network(torch.ones(1, 2)).requires_grad
    assert [parameter.requires_grad for parameter in network.parameters()] == [False, True, True, True]


def test_only_the_attributed_target_is_differentiated():
    signals = []
    network = nn.Linear(4, 3)

    def watched(x):
        outputs = network(x)
        outputs.register_hook(signals.append)
        return outputs

    IntegratedGradients(watched).attribute(torch.ones(2, 4), target=[2, 0], n_steps=5)
    for signal in signals:
        assert signal.count_nonzero() == len(signal)  # one of three outputs a point


def test_where_no_budget_is_named_a_device_that_nobody_knows_has_a_gibibyte():
    assert budget_of(torch.device("meta"), None) == 2**30
    assert budget_of(torch.device("cuda")) == 2**30
    assert budget_of(torch.device("cpu")) == 96 * 2**20
    assert budget_of(torch.device("meta"), 7) == 7
