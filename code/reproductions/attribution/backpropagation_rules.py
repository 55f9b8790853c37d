"""A ReLU network in; attributions by two rules that go back through a ReLU otherwise than the gradient does, out.

They are what Sundararajan, Taly and Yan 2017 (arXiv 1703.01365v2) hold against Integrated Gradients in section 2 and
Appendix B. A network here is a function of its inputs and of the ReLU to use, `network(x, relu)`, since both rules
depend on how the network is built and not on the function that it computes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from reproductions.attribution.gradients import gradients
from reproductions.attribution.integrated_gradients import baseline_for

if TYPE_CHECKING:
    from reproductions.attribution.gradients import Function

Network = Callable[[Tensor, "Function"], Tensor]
"""Inputs, shape (B, …), and a ReLU in; one number for each input, shape (B,), out."""


def discrete_gradients(network: Network, x: Tensor, x_prime: Tensor) -> Tensor:
    """Return the attributions of DeepLIFT's rescale rule (Shrikumar, Greenside and Kundaje 2017, arXiv 1704.02685).

    Each ReLU passes back (ReLU(z) − ReLU(z′)) / (z − z′), its slope between input and baseline, in place of its
    derivative at the input. Shapes: `x` (B, …), `x_prime` broadcasts to it, the result (B, …).

    Where it differs from DeepLIFT: rectifiers are the only nonlinearity it knows.
    """
    x_prime = baseline_for(x, x_prime)

    def f(x: Tensor) -> Tensor:
        return network(torch.cat([x, x_prime]), _discrete_relu)[: len(x)]

    return (x - x_prime) * gradients(f, x)


def guided_backpropagation(network: Network, x: Tensor) -> Tensor:
    """Return the signal of guided back-propagation (Springenberg et al. 2014, arXiv 1412.6806) at each input.

    Each ReLU passes back only what is positive, and only where it is on. Shapes: `x` (B, …), the result (B, …).
    """
    return gradients(lambda x: network(x, _guided_relu), x)


def _discrete_relu(z: Tensor) -> Tensor:
    """Return ReLU(z), for z of shape (2B, …): the first half belongs to the inputs, the second to their baselines."""
    at_x, at_baseline = z.chunk(2)
    change = at_x - at_baseline
    slope = torch.where(change == 0, (at_x > 0).to(z.dtype), (at_x.relu() - at_baseline.relu()) / change)
    value = at_x.relu().detach() + slope.detach() * (at_x - at_x.detach())
    return torch.cat([value, at_baseline.relu()])


def _guided_relu(z: Tensor) -> Tensor:
    rectified = z.relu()
    rectified.register_hook(lambda signal: signal.clamp(min=0))  # type: ignore[no-untyped-call]  # torch leaves it so
    return rectified
