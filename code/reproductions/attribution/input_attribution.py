"""A model in Captum's manner in; the integrated gradients of its inputs, out.

`IntegratedGradients` takes what `captum.attr.IntegratedGradients` of Captum 0.9 takes, and returns what it returns. It
goes beyond it in four respects:

- `tolerance=1e-3` in place of a number of steps: the path is sampled where it has to be, and the report says how well
  the attributions are known (`to_tolerance`);
- memory is bounded unless told otherwise: steps are done in portions that fit `memory_budget`;
- weights of `riemann_trapezoid` add up to one, and steps have the precision of the input;
- `internal_batch_size` may be smaller than the batch.

Where it differs otherwise: attributions do not carry a graph back to inputs that take gradients; an input on which the
output does not depend gets zero, where Captum fails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from reproductions.attribution.integrated_gradients import quadrature
from reproductions.attribution.memory_budget import points_within, without_parameter_gradients
from reproductions.attribution.model_function import as_tuple, baselines_for, function_of_inputs
from reproductions.attribution.straight_line import StraightLines, weighted_gradients
from reproductions.attribution.targets import target_for
from reproductions.attribution.to_tolerance import MAX_EVALUATIONS, PathReport, gradients_to_tolerance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reproductions.attribution.integrated_gradients import Quadrature
    from reproductions.attribution.model_function import Forward, Given, GivenBaselines
    from reproductions.attribution.straight_line import RowFunction, Tensors
    from reproductions.attribution.targets import GivenTarget


class ModelAttribution:
    """What integrated gradients of inputs and of layers share: the model, the factor, and the completeness gap.

    With `multiply_by_inputs=False` the attributions are the average gradients, without the difference of the path's
    ends (x − x′, section 3) as a factor.
    """

    def __init__(self, forward_func: Forward, multiply_by_inputs: bool = True) -> None:
        self.forward_func = forward_func
        self._multiply_by_inputs = multiply_by_inputs

    @property
    def multiplies_by_inputs(self) -> bool:
        """Whether attributions are multiplied by the difference of the path's ends."""
        return self._multiply_by_inputs

    def has_convergence_delta(self) -> bool:
        """Return whether `attribute` can return the completeness gap: it can."""
        return True

    def compute_convergence_delta(
        self,
        attributions: Given,
        start_point: GivenBaselines,
        end_point: Given,
        target: GivenTarget = None,
        additional_forward_args: Any = None,
    ) -> Tensor:
        """Return the completeness gap of attributions, Σ attributions − (F(end) − F(start)), shape (B,)."""
        ends = as_tuple(end_point)
        goal = target_for(target, len(ends[0]))
        F = function_of_inputs(self.forward_func, as_tuple(additional_forward_args), goal, len(ends[0]))
        return convergence_delta(F, as_tuple(attributions), baselines_for(ends, start_point), ends)


class IntegratedGradients(ModelAttribution):
    """Integrated gradients of a model's inputs (section 3), as Captum 0.9 is called."""

    def attribute(
        self,
        inputs: Given,
        baselines: GivenBaselines = None,
        target: GivenTarget = None,
        additional_forward_args: Any = None,
        n_steps: int = 50,
        method: Quadrature = "gausslegendre",
        internal_batch_size: int | None = None,
        return_convergence_delta: bool = False,
        *,
        tolerance: float | None = None,
        max_evaluations: int = MAX_EVALUATIONS,
        memory_budget: int | None = None,
        return_report: bool = False,
    ) -> Any:
        """Return the attributions, in the shapes of `inputs`: a tensor for a tensor, a tuple for a tuple.

        Shapes: `inputs` one tensor (B, …) or a tuple of them; each of `baselines` a number, or a tensor that broadcasts
        to its input, zero where nothing is given; `target` an index for all examples or one for each; additional
        tensors whose first axis is B follow their examples. At most `internal_batch_size` points are done together, or
        as many as fit into `memory_budget` bytes.

        With `tolerance`, as many steps as it takes (at most `max_evaluations` an example) in place of `n_steps` and
        `method`. With `return_convergence_delta` the completeness gap of each example, (B,), follows; with
        `return_report`, which needs a tolerance, a list of `PathReport`, one for each example.

        Raises `ValueError` for shapes that do not fit, an unknown method, or a model that hides its gradient.
        """
        xs = as_tuple(inputs)
        lines = StraightLines(baselines_for(xs, baselines), xs)
        arguments = as_tuple(additional_forward_args)
        F = function_of_inputs(self.forward_func, arguments, target_for(target, len(lines)), len(lines))
        attributions, reports = attribute_lines(
            F,
            lines,
            n_steps=n_steps,
            method=method,
            internal_batch_size=internal_batch_size,
            multiply_by_inputs=self._multiply_by_inputs,
            tolerance=tolerance,
            max_evaluations=max_evaluations,
            memory_budget=memory_budget,
        )
        delta = convergence_delta(F, attributions, lines.starts, lines.ends) if return_convergence_delta else None
        shaped = attributions if isinstance(inputs, tuple) else attributions[0]
        return with_extras(shaped, delta, reports if return_report else None)


def attribute_lines(
    F: RowFunction,
    lines: StraightLines,
    *,
    n_steps: int,
    method: Quadrature,
    internal_batch_size: int | None,
    multiply_by_inputs: bool,
    tolerance: float | None,
    max_evaluations: int,
    memory_budget: int | None,
    grad_options: Mapping[str, Any] | None = None,
) -> tuple[Tensors, list[PathReport] | None]:
    """Return the attributions along the lines, by steps or to a tolerance, and for the latter a report for each line.

    Shapes: the attributions are (B, …) for each input of F.
    """
    with without_parameter_gradients():
        at_once = internal_batch_size or points_within(memory_budget, F, lines)
        reports = None
        if tolerance is None:
            alphas, weights = quadrature(method, n_steps, device=lines.device)
            averages = weighted_gradients(F, lines, alphas, weights, at_once=at_once, grad_options=grad_options)
        else:
            averages, reports = gradients_to_tolerance(
                F,
                lines,
                tolerance=tolerance,
                max_evaluations=max_evaluations,
                at_once=at_once,
                memory_budget=memory_budget,
                grad_options=grad_options,
            )
    if multiply_by_inputs:
        averages = tuple(average * dx for average, dx in zip(averages, lines.differences, strict=True))
    return averages, reports


def convergence_delta(F: RowFunction, attributions: Tensors, starts: Tensors, ends: Tensors) -> Tensor:
    """Return the completeness gap Σᵢ attributionsᵢ − (F(end) − F(start)) of each example, shape (B,)."""
    rows = torch.arange(len(ends[0]), device=ends[0].device)
    with torch.no_grad():
        difference = F(ends, rows) - F(starts, rows)
    return torch.stack([part.reshape(len(part), -1).sum(dim=1) for part in attributions]).sum(dim=0) - difference


def with_extras(attributions: Any, delta: Tensor | None, reports: list[PathReport] | None) -> Any:
    """Return the attributions, followed by the gap and the reports where these were asked for."""
    extras = [extra for extra in (delta, reports) if extra is not None]
    return (attributions, *extras) if extras else attributions
