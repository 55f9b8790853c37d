"""A model, what it takes besides the attributed inputs, and a target in; a function of points on lines, out.

Users of Captum give a model as any callable, with inputs, additional arguments and a target for a batch of B examples.
A quadrature asks for points of these examples in any order, and the rest has to follow.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from reproductions.attribution.integrated_gradients import baseline_for

if TYPE_CHECKING:
    from reproductions.attribution.straight_line import RowFunction, Tensors
    from reproductions.attribution.targets import Target

Forward = Callable[..., Tensor]
"""Tensors (B, …) and any other arguments in; outputs (B, …), or one number for each example, out."""
Given = Tensor | tuple[Tensor, ...]
Baseline = Tensor | float
GivenBaselines = Baseline | tuple[Baseline, ...] | None


def as_tuple(value: object) -> tuple[Any, ...]:
    """Return a tuple as it is, nothing as the empty tuple, and any other value as a tuple of one."""
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def baselines_for(inputs: Tensors, given: GivenBaselines) -> Tensors:
    """Return a baseline in the shape of each input: numbers and single examples serve all, nothing is zero.

    Raises `ValueError` when there are more or fewer baselines than inputs, or when one does not fit its input.
    """
    baselines = (0,) * len(inputs) if given is None else as_tuple(given)
    if len(baselines) != len(inputs):
        raise ValueError(f"{len(baselines)} baselines for {len(inputs)} inputs; hint: give one for each, in a tuple")
    return tuple(
        baseline_for(x, torch.as_tensor(x_prime, device=x.device)) for x, x_prime in zip(inputs, baselines, strict=True)
    )


def rows_of(arguments: tuple[Any, ...], rows: Tensor, examples: int) -> tuple[Any, ...]:
    """Return the arguments for points that belong to these examples.

    A tensor whose first axis runs over the examples is picked from; anything else goes to every point as it is.
    """
    return tuple(
        argument[rows.to(argument.device)]
        if isinstance(argument, Tensor) and argument.dim() and len(argument) == examples
        else argument
        for argument in arguments
    )


def function_of_inputs(forward: Forward, arguments: tuple[Any, ...], target: Target, examples: int) -> RowFunction:
    """Return F: points in the model's inputs, and the example of each, in; the target's output, one a point, out."""
    return lambda points, rows: target.of(forward(*points, *rows_of(arguments, rows, examples)), rows)
