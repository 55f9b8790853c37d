"""A seed in; small networks in double precision, and inputs for them, out: what the claims are measured on."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import torch

from reproductions.normal import normal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import Tensor

    from reproductions.attribution.gradients import Function

SMOOTH: dict[str, Function] = {
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "softplus": lambda z: torch.logaddexp(z, torch.zeros_like(z)),
}
"""Activations that have all derivatives."""
WEIGHTS = torch.linspace(-2, 1.5, 6, dtype=torch.float64)
"""Of `linear`, (6,)."""


def linear(x: Tensor) -> Tensor:
    """Return wᵀx + ½, of which every attribution is known: (B, 6) in, (B,) out."""
    return x @ WEIGHTS + 0.5


def random_network(widths: Sequence[int], activation: Callable[[Tensor], Tensor], *, seed: int) -> Function:
    """Return a feed-forward network with one output and random weights, none of them trained.

    `widths` are the sizes of the input and of the hidden layers. The function takes (B, widths[0]) and returns (B,).
    """
    generator = torch.Generator().manual_seed(seed)
    layers = [
        (
            torch.randn(n_in, n_out, generator=generator, dtype=torch.float64) / n_in**0.5,
            torch.randn(n_out, generator=generator, dtype=torch.float64) / 2,
        )
        for n_in, n_out in pairwise((*widths, 1))
    ]

    def f(x: Tensor) -> Tensor:
        for weight, bias in layers[:-1]:
            x = activation(x @ weight + bias)
        weight, bias = layers[-1]
        return torch.squeeze(x @ weight + bias, dim=1)

    return f


def tanh_network_and_ends() -> tuple[Function, Tensor, Tensor]:
    """Return a random network of tanh, and inputs and baselines for it, (16, 6) each."""
    F = random_network((6, 32, 32), torch.tanh, seed=13)
    return F, normal(16, 6, seed=14), normal(16, 6, seed=15)


def trained_classifier(activation: Callable[[Tensor], Tensor], *, seed: int) -> tuple[Function, Tensor]:
    """Return a trained network's probability of each input's own class, and inputs that it is sure of.

    Three classes of points in eight dimensions lie around three random centres; a network with two hidden layers is
    trained on them. The function takes (B, 8) for the B inputs returned, in their order, and returns (B,) in [0, 1].
    """
    generator = torch.Generator().manual_seed(seed)
    centres = torch.randn(3, 8, generator=generator, dtype=torch.float64)
    labels = torch.arange(192) % 3
    points = 1.5 * centres[labels] + torch.randn(192, 8, generator=generator, dtype=torch.float64)
    weights = [
        (torch.randn(n_in, n_out, generator=generator, dtype=torch.float64) / n_in**0.5).requires_grad_()
        for n_in, n_out in pairwise((8, 32, 32, 3))
    ]

    def logits(x: Tensor) -> Tensor:
        first, second, third = weights
        return torch.matmul(activation(activation(x @ first) @ second), third)

    optimizer = torch.optim.Adam(weights, lr=0.01)
    for _ in range(100):
        optimizer.zero_grad()
        torch.autograd.backward(torch.nn.functional.cross_entropy(logits(points), labels))
        optimizer.step()
    for weight in weights:
        weight.requires_grad_(requires_grad=False)
    sure = logits(points).softmax(dim=1)[torch.arange(192), labels] > 0.9
    inputs, targets = points[sure][:32], labels[sure][:32]
    return lambda x: logits(x).softmax(dim=1)[torch.arange(len(targets)), targets], inputs
