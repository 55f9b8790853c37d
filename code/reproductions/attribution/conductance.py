r"""A model, layers of it, and inputs with baselines in; how much of F(x) − F(x′) flows through each neuron, out.

Dhamdhere, Sundararajan and Yan, "How Important Is a Neuron?" (arXiv 1805.12233v1): move the input from the baseline on
a straight line, and follow a neuron y on the curve that it takes. In this form, where the inputs are summed over, it is
that of Shrikumar, Su and Kundaje (arXiv 1807.09946).

$$\mathrm{Cond}^y(x) = \int_0^1 \frac{\partial F}{\partial y} \, \frac{d y(x' + \alpha (x - x'))}{d \alpha} \, d\alpha$$

`LayerIntegratedGradients` moves the layer itself on a straight line, through values that no input gives it; conductance
does not, and one walk serves all layers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from reproductions.attribution.layers import layers_traced
from reproductions.attribution.memory_budget import without_parameter_gradients
from reproductions.attribution.model_function import as_tuple, baselines_for, function_of_inputs
from reproductions.attribution.straight_line import StraightLines
from reproductions.attribution.targets import target_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor
    from torch.nn import Module

    from reproductions.attribution.model_function import Forward, Given, GivenBaselines
    from reproductions.attribution.straight_line import RowFunction, Tensors
    from reproductions.attribution.targets import GivenTarget


def conductance(
    forward: Forward,
    layers: Sequence[Module],
    inputs: Given,
    baselines: GivenBaselines = None,
    *,
    target: GivenTarget = None,
    additional_forward_args: Any = None,
    n_steps: int = 50,
) -> list[Tensor]:
    """Return the conductance of every neuron of each layer, in the shape of the layer's output.

    Shapes: `inputs` one floating tensor (B, …) or a tuple of them, the result one tensor (B, …) for each layer; where
    a layer returns several tensors, the first counts. Layers may feed one another. The cost is `n_steps` + 1 gradients,
    for all layers together; the memory that of one.

    Where it differs from the paper: the integral over the curve is taken by the trapezoid rule,
    Σ ½ (∂F/∂y at αₖ + ∂F/∂y at αₖ₊₁) (y(αₖ₊₁) − y(αₖ)), where the paper leaves open how.

    Raises `ValueError` for fewer than one step, or for a layer that the model does not call once.
    """
    if n_steps < 1:
        raise ValueError(f"a curve of {n_steps} steps leads nowhere")
    xs = as_tuple(inputs)
    lines = StraightLines(baselines_for(xs, baselines), xs)
    F = function_of_inputs(
        forward, as_tuple(additional_forward_args), target_for(target, len(lines)), examples=len(lines)
    )
    with without_parameter_gradients():
        y, g = _values_and_signals(F, layers, lines, 0.0)
        totals = [torch.zeros_like(part) for part in y]
        for k in range(1, n_steps + 1):
            next_y, next_g = _values_and_signals(F, layers, lines, k / n_steps)
            for i, total in enumerate(totals):
                total += (g[i] + next_g[i]) / 2 * (next_y[i] - y[i])
            y, g = next_y, next_g
    return totals


def _values_and_signals(
    F: RowFunction, layers: Sequence[Module], lines: StraightLines, alpha: float
) -> tuple[Tensors, Tensors]:
    """Return y and ∂F/∂y of each layer at one point of every line."""
    rows = torch.arange(len(lines), device=lines.device)
    with torch.enable_grad():
        points = tuple(p.requires_grad_() for p in lines.at(rows, torch.full_like(rows, alpha, dtype=torch.float64)))
        with layers_traced(layers) as values:
            output = F(points, rows)
        y = tuple(values[i] for i in range(len(layers)))
        signals = torch.autograd.grad(output.sum(), y)
    return tuple(part.detach() for part in y), signals
