"""Nothing in; one number, or a few named ones, out of each function: what is claimed of DeepLIFT's rescale rule.

Shrikumar, Greenside and Kundaje 2017 (arXiv 1704.02685), on the networks of its Figures 1 and 2. All numbers are
float64.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from reproductions.attribution.backpropagation_rules import discrete_gradients
from reproductions.attribution.gradients import gradient_times_input

if TYPE_CHECKING:
    from collections.abc import Callable

    from reproductions.attribution.gradients import Function


def figure_1(x: Tensor, relu: Function = torch.relu) -> Tensor:
    """Return the paper's y = 1 − ReLU(1 − (i₁ + i₂)), flat where i₁ + i₂ > 1; (B, 2) in, (B,) out."""
    return 1 - relu(1 - x.sum(dim=1))


def figure_2(x: Tensor, relu: Function = torch.relu) -> Tensor:
    """Return the paper's y = ReLU(x − 10); (B, 1) in, (B,) out."""
    return relu(x[:, 0] - 10)


def rescale_where_saturated() -> dict[str, float]:
    """Return what the rescale rule gives i₁ and i₂ of Figure 1 at (1, 1), from (0, 0)."""
    return _where_saturated(discrete_gradients)


def input_times_gradient_where_saturated() -> dict[str, float]:
    """Return what input × gradient gives them."""
    return _where_saturated(gradient_times_input)


def _where_saturated(method: Callable[..., Tensor]) -> dict[str, float]:
    x = torch.ones(1, 2, dtype=torch.float64)
    given = method(figure_1, x, torch.zeros_like(x))[0] + 0.0
    return {"i₁": given[0].item(), "i₂": given[1].item()}


def jump_of_rescale() -> float:
    """Return by how much the attribution of Figure 2's x changes as x goes from 9.999 to 10.001, from 0."""
    return _jump(discrete_gradients)


def jump_of_input_times_gradient() -> float:
    """Return the same for input × gradient."""
    return _jump(gradient_times_input)


def _jump(method: Callable[..., Tensor]) -> float:
    x = torch.tensor([[9.999], [10.001]], dtype=torch.float64)
    below, above = method(figure_2, x, torch.zeros_like(x))[:, 0].tolist()
    return float(abs(above - below))
