"""Nothing in; one number out of each function: what the note on conductance claims.

All numbers are float64 and come from fixed seeds, on a network of two hidden layers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.func import jacrev

from reproductions.attribution.conductance import conductance
from reproductions.attribution.integrated_gradients import quadrature
from reproductions.attribution.layer_attribution import LayerIntegratedGradients
from reproductions.normal import normal

if TYPE_CHECKING:
    from collections.abc import Callable

    Method = Callable[[nn.Sequential, nn.Module, Tensor], Tensor]
    """A network, a layer of it and inputs (B, …) in; a number for each of the layer's units, (B, units), out."""

STEPS = 2000
STEEPER = 3
"""By what the weights are multiplied, so that units leave the straight part of tanh."""


def incompleteness_of_conductance() -> float:
    """Return the largest |Σ conductance − (F(x) − F(x′))| over the hidden layers of a network."""
    return _incompleteness(_conductance)


def incompleteness_of_gradient_times_activation() -> float:
    """Return the same for gradient × change of activation, both taken at the input."""

    def at_the_input(network: nn.Sequential, layer: nn.Module, x: Tensor) -> Tensor:
        attributions: Tensor = LayerIntegratedGradients(network, layer).attribute(x, n_steps=1, method="riemann_right")
        return attributions

    return _incompleteness(at_the_input)


def _incompleteness(method: Method) -> float:
    network, x = _network(), normal(8, 6, seed=37)
    with torch.no_grad():
        change = (network(x) - network(torch.zeros_like(x)))[:, 0]
    gaps = [method(network, layer, x).sum(dim=1) - change for layer in (network[1], network[3])]
    return float(torch.cat(gaps).abs().max())


def distance_to_the_definition() -> float:
    """Return the largest difference from Σᵢ (xᵢ − x′ᵢ) ∫ ∂F/∂y ∂y/∂xᵢ dα, with ∂y/∂xᵢ of every unit and input."""
    return _distance_to_the_definition(_conductance)


def distance_of_the_straight_line_in_the_layer() -> float:
    """Return the same for integrated gradients of the layer, which goes straight from y(x′) to y(x)."""

    def straight(network: nn.Sequential, layer: nn.Module, x: Tensor) -> Tensor:
        attributions: Tensor = LayerIntegratedGradients(network, layer).attribute(x)
        return attributions

    return _distance_to_the_definition(straight)


def _distance_to_the_definition(method: Method) -> float:
    network, x = _network(), normal(8, 6, seed=37)
    until, after = network[:4], network[4:]
    expected = torch.zeros(8, 16, dtype=x.dtype)
    for alpha, weight in zip(*quadrature("gausslegendre", 50), strict=True):
        for b, point in enumerate(alpha * x):
            y = until(point)
            inner, outer = jacrev(until)(point), jacrev(after)(y)[0]
            expected[b] += weight * outer * (inner @ x[b])
    return float((method(network, network[3], x) - expected.detach()).abs().max())


def agreement_with_putting_a_unit_back() -> float:
    """Return the correlation of conductance with what F loses when one unit of the last layer is put back to y(x′)."""
    return _agreement(_conductance)


def agreement_of_the_mean_gradient() -> float:
    """Return the same for ∫ ∂F/∂y dα, internal influence, which does not look at what the unit did."""

    def influence(network: nn.Sequential, layer: nn.Module, x: Tensor) -> Tensor:
        lines = LayerIntegratedGradients(network, layer, multiply_by_inputs=False)
        average: Tensor = lines.attribute(x)
        return average

    return _agreement(influence)


def _agreement(method: Method) -> float:
    network, x = _network(), normal(8, 6, seed=37)
    until, after = network[:4], network[4:]
    with torch.no_grad():
        y, y_prime = until(x), until(torch.zeros_like(x))
        without = y[:, None].repeat(1, 16, 1)  # (inputs, the unit that is put back, units)
        without[:, range(16), range(16)] = y_prime
        lost = after(y) - after(without)[..., 0]
    pairs = torch.stack([method(network, network[3], x).flatten(), lost.flatten()])
    return float(torch.corrcoef(pairs)[0, 1])


def _conductance(network: nn.Sequential, layer: nn.Module, x: Tensor) -> Tensor:
    return conductance(network, [layer], x, n_steps=STEPS)[0].detach()


def _network() -> nn.Sequential:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(36)
        hidden = (nn.Linear(6, 16), nn.Tanh(), nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, 8), nn.Tanh())
        layers = (*hidden, nn.Linear(8, 1))
    network = nn.Sequential(*layers).double()
    with torch.no_grad():
        for layer in layers[::2]:
            layer.weight *= STEEPER
    return network
