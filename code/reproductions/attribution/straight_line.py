"""Baselines and inputs in; points on the straight lines between them, and what a model does there, out.

A batch holds B examples, each with its own line: point α of line b is x′_b + α (x_b − x′_b). Points of several lines
may be asked for together, in any order, so that a quadrature can look at each example where it needs to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Tensors = tuple[Tensor, ...]
RowFunction = Callable[[Tensors, Tensor], Tensor]
"""K points, one tensor (K, …) for each input of the model, and the example that each belongs to, shape (K,), in; one
number for each point, shape (K,), out."""


@dataclass(frozen=True)
class StraightLines:
    """The lines from x′ to x, for a model of one or more inputs: `starts` and `ends` hold a tensor (B, …) for each."""

    starts: Tensors
    ends: Tensors
    differences: Tensors = field(init=False)
    """x − x′, shape (B, …) each."""

    def __post_init__(self) -> None:
        for end in self.ends:
            if not end.is_floating_point():
                raise ValueError(
                    f"an input holds {end.dtype}, between whose values there is nothing; "
                    "hint: attribute to the embedding layer of token ids, not to the ids"
                )
        object.__setattr__(self, "starts", tuple(start.detach() for start in self.starts))
        object.__setattr__(self, "ends", tuple(end.detach() for end in self.ends))
        object.__setattr__(self, "differences", tuple(x - x0 for x, x0 in zip(self.ends, self.starts, strict=True)))

    def __len__(self) -> int:
        return len(self.ends[0])

    @property
    def device(self) -> torch.device:
        """Where the points are."""
        return self.ends[0].device

    def at(self, rows: Tensor, alphas: Tensor) -> Tensors:
        """Return point `alphas[k]` of line `rows[k]` for each k: (K,) and (K,) in, (K, …) for each input out."""
        return tuple(
            start[rows] + along(alphas, difference) * difference[rows]
            for start, difference in zip(self.starts, self.differences, strict=True)
        )


@dataclass(frozen=True)
class Samples:
    """What K points tell: `rows` and `alphas` say which they are, `values` is F there, all of shape (K,).

    `gradients` holds ∂F/∂x, shape (K, …), for each input.
    """

    rows: Tensor
    alphas: Tensor
    values: Tensor
    gradients: Tensors


def walk(
    F: RowFunction,
    lines: StraightLines,
    rows: Tensor,
    alphas: Tensor,
    *,
    at_once: int,
    grad_options: Mapping[str, Any] | None = None,
) -> Iterator[Samples]:
    """Yield F and its gradient at point `alphas[k]` of line `rows[k]`, for at most `at_once` points at a time.

    Shapes: `rows` and `alphas` (K,). The memory is that of `at_once` points of the model. `grad_options` go to
    `torch.autograd.grad`. Raises `ValueError` when autograd finds no way from the output of F back to any input.
    """
    for some_rows, some_alphas in zip(torch.split(rows, at_once), torch.split(alphas, at_once), strict=True):
        with torch.enable_grad():
            points = tuple(point.requires_grad_() for point in lines.at(some_rows, some_alphas))
            values = F(points, some_rows)
            gradients = _gradients(values, points, grad_options or {})
        yield Samples(some_rows, some_alphas, values.detach(), gradients)


def weighted_gradients(
    F: RowFunction,
    lines: StraightLines,
    alphas: Tensor,
    weights: Tensor,
    *,
    at_once: int,
    grad_options: Mapping[str, Any] | None = None,
) -> Tensors:
    """Return Σₖ weightₖ ∂F/∂x at αₖ for every line: the integral of Equation 1, taken by a quadrature.

    Shapes: `alphas` and `weights` (n,), the result (B, …) for each input, in its dtype. The cost is n gradients of each
    line, the memory that of `at_once` of them.
    """
    rows = torch.arange(len(lines), device=lines.device).repeat(len(alphas))
    each = weights.repeat_interleave(len(lines)).to(lines.device)
    totals = tuple(torch.zeros_like(end) for end in lines.ends)
    steps = walk(
        F, lines, rows, alphas.repeat_interleave(len(lines)), at_once=at_once, grad_options=grad_options
    )  # step by step, all lines together: chunks of a whole step need no more than a sum over steps
    for samples, weight in zip(steps, torch.split(each, at_once), strict=True):
        for total, gradient in zip(totals, samples.gradients, strict=True):
            total.index_add_(0, samples.rows, along(weight, gradient) * gradient)
    return totals


def along(numbers: Tensor, tensor: Tensor) -> Tensor:
    """Return one number for each row, in a shape that multiplies rows: (K,) in, (K, 1, …) in the tensor's dtype out."""
    return numbers.to(tensor.device, tensor.dtype).reshape(-1, *[1] * (tensor.dim() - 1))


def _gradients(values: Tensor, points: Tensors, options: Mapping[str, Any]) -> Tensors:
    """Return ∂ values / ∂ points; an input that the function leaves out has gradient zero."""
    found: Tensors | tuple[None, ...] = (None,)
    if values.requires_grad:
        found = torch.autograd.grad(values.sum(), points, **{"allow_unused": True, **options})
    if all(gradient is None for gradient in found):
        raise ValueError("the output does not depend on the input; hint: look for no_grad, detach, argmax or .data")
    return tuple(
        torch.zeros_like(point) if gradient is None else gradient.detach()
        for gradient, point in zip(found, points, strict=True)
    )
