import pytest
import torch
from captum.attr import LayerConductance
from torch import nn

from reproductions.attribution.conductance import conductance
from reproductions.attribution.layer_attribution import LayerIntegratedGradients


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 3)).double()


X = torch.randn(5, 4, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


def test_every_layer_adds_up_to_the_change(network):
    layers = [network[0], network[1], network[3], network[4]]
    with torch.no_grad():
        change = (network(X) - network(torch.full_like(X, 0.5)))[:, 2]
    for values in conductance(network, layers, X, 0.5, target=2, n_steps=500):
        torch.testing.assert_close(values.sum(dim=1), change, rtol=0, atol=1e-5)


def test_several_layers_at_once_are_each_alone(network):
    together = conductance(network, [network[1], network[3]], X, target=[0, 1, 2, 0, 1], n_steps=20)
    for layer, values in zip((network[1], network[3]), together, strict=True):
        (alone,) = conductance(network, [layer], X, target=[0, 1, 2, 0, 1], n_steps=20)
        torch.testing.assert_close(values, alone)


def test_captums_converges_to_the_same(network):
    captum = LayerConductance(network.float(), network[1])
    theirs = captum.attribute(X.float(), target=1, n_steps=500, method="riemann_right")
    (ours,) = conductance(network, [network[1]], X.float(), target=1, n_steps=100)
    network.double()
    torch.testing.assert_close(ours, theirs.detach(), rtol=0, atol=2e-3)


def test_a_curve_without_steps(network):
    with pytest.raises(ValueError, match="leads nowhere"):
        conductance(network, [network[1]], X, target=0, n_steps=0)


def test_a_layer_that_is_not_part_of_the_model(network):
    with pytest.raises(ValueError, match="called 0 times"):
        conductance(network, [nn.Tanh()], X, target=0)


def test_it_is_not_what_the_straight_line_in_the_layer_gives(network):
    # in the layer before the last tanh, whose curve is far from straight for large inputs
    (ours,) = conductance(network, [network[1]], 5 * X, target=1, n_steps=1000)
    straight = LayerIntegratedGradients(network, network[1]).attribute(5 * X, target=1)
    torch.testing.assert_close(ours.sum(dim=1), straight.sum(dim=1), rtol=0, atol=1e-4)  # both are complete
    assert (ours - straight).abs().max() > 1e-3
