"""A ReLU network in; attributions by four rules that go back through a ReLU otherwise than the gradient does, out.

They are what Sundararajan, Taly and Yan 2017 (arXiv 1703.01365v2) hold against Integrated Gradients in section 2 and
Appendix B. A network here is a function of its inputs and of the ReLU to use, `network(x, relu)`, since all of them
depend on how the network is built and not on the function that it computes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
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


def deconvolution(network: Network, x: Tensor) -> Tensor:
    """Return the signal of deconvolutional networks (Zeiler and Fergus 2014, arXiv 1311.2901) at each input.

    Each ReLU passes a signal back where that signal is positive, whether or not its input was. Shapes: `x` (B, …), the
    result (B, …).
    """
    return gradients(lambda x: network(x, _deconvolving_relu), x)


def layerwise_relevance(network: Network, x: Tensor, *, biases: bool = False) -> Tensor:
    """Return the attributions of layer-wise relevance propagation (Bach et al. 2015), the rule without ε.

    The output is shared among what was added up to it, each term in proportion, and so on down to the inputs. Where
    `biases` take their share it is lost to the inputs; where they take none, all of it reaches them:
    Σᵢ Rᵢ = F(x), if no sum of terms is zero. Shapes: `x` (B, …), the result (B, …).

    Written as a way back through rectifiers (Ancona et al. 2017, arXiv 1711.06104, Proposition 1): each passes back
    ReLU(z) / (z − b), where b is its bias, or ReLU(z) / z where biases take part.
    """
    nothing = torch.zeros_like(x)

    def f(x: Tensor) -> Tensor:
        output = network(torch.cat([x, nothing]), partial(_relevance_relu, biases=biases))
        at_x, bias = output.chunk(2)
        return at_x if biases else at_x * _ratio(at_x, at_x - bias).detach()

    return x * gradients(f, x)


def _discrete_relu(z: Tensor) -> Tensor:
    """Return ReLU(z), for z of shape (2B, …): the first half belongs to the inputs, the second to their baselines."""
    at_x, at_baseline = z.chunk(2)
    change = at_x - at_baseline
    slope = torch.where(change == 0, (at_x > 0).to(z.dtype), (at_x.relu() - at_baseline.relu()) / change)
    value = at_x.relu().detach() + slope.detach() * (at_x - at_x.detach())
    return torch.cat([value, at_baseline.relu()])


def _relevance_relu(z: Tensor, *, biases: bool) -> Tensor:
    """Return ReLU(z), for z of shape (2B, …): in the second half all terms are zero, so that its z are the biases."""
    at_x, bias = z.chunk(2)
    slope = _ratio(at_x.relu(), at_x if biases else at_x - bias)
    value = at_x.relu().detach() + slope.detach() * (at_x - at_x.detach())
    return torch.cat([value, torch.zeros_like(bias)])


def _ratio(a: Tensor, b: Tensor) -> Tensor:
    return torch.where(b == 0, 0, a / b)


def _deconvolving_relu(z: Tensor) -> Tensor:
    rectified = z + (z.relu() - z).detach()
    rectified.register_hook(lambda signal: signal.clamp(min=0))  # type: ignore[no-untyped-call]  # torch leaves it so
    return rectified


def _guided_relu(z: Tensor) -> Tensor:
    rectified = z.relu()
    rectified.register_hook(lambda signal: signal.clamp(min=0))  # type: ignore[no-untyped-call]  # torch leaves it so
    return rectified
