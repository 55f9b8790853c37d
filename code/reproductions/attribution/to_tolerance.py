"""A function, lines from baselines to inputs and a tolerance in; attributions that meet it, and what it took, out.

A line is one stretch to begin with, and the stretches that are worst known are halved, again and again, until what is
not known is small enough (`refinement`). Each stretch is looked at by forward passes alone before gradients are taken
on it (`stretches`): one on which what they show moves too much for a few points is halved at once, for no gradient.

What happens wholly between two points, and leaves no trace in F, no method that samples can see: the error is an
estimate, and the gaps alone are certain.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import torch

from reproductions.attribution.integrated_gradients import baseline_for
from reproductions.attribution.memory_budget import budget_of, points_within, without_parameter_gradients
from reproductions.attribution.refinement import PathReport, PathSoFar
from reproductions.attribution.straight_line import StraightLines
from reproductions.attribution.stretch_rules import NODES
from reproductions.attribution.stretches import Stretch, flat, integrated, looked_at
from reproductions.attribution.targets import Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from torch import Tensor

    from reproductions.attribution.gradients import Function
    from reproductions.attribution.straight_line import RowFunction, Tensors

MAX_EVALUATIONS = 500
USUAL_STRETCHES = 8
"""So many stretches of a line are reckoned with when lines share the memory."""

__all__ = [
    "MAX_EVALUATIONS",
    "PathReport",
    "ToleranceNotMet",
    "gradients_to_tolerance",
    "integrated_gradients_to_tolerance",
]


class ToleranceNotMet(UserWarning):
    """The attributions are the best there are, but not as good as was asked."""


def integrated_gradients_to_tolerance(
    F: Function, x: Tensor, x_prime: Tensor, *, tolerance: float = 1e-3, max_evaluations: int = MAX_EVALUATIONS
) -> tuple[Tensor, list[PathReport]]:
    """Return the attributions of Equation 1 (section 3) to a relative tolerance, and a report for each input.

    Shapes: `x` (B, …), `x_prime` broadcasts to it, the attributions (B, …). F is given points of several inputs
    together, as many as fit into memory, and must treat each for itself.

    Where it differs from the paper: the paper recommends to look at completeness for the whole path, and to take more
    steps if it fails (section 5); here completeness says where on the path to take them.
    """
    lines = StraightLines((baseline_for(x, x_prime),), (x,))

    def f(points: Tensors, rows: Tensor) -> Tensor:
        return Target().of(F(points[0]), rows)

    with without_parameter_gradients():
        (gradients,), reports = gradients_to_tolerance(f, lines, tolerance=tolerance, max_evaluations=max_evaluations)
    return lines.differences[0] * gradients, reports


def gradients_to_tolerance(
    F: RowFunction,
    lines: StraightLines,
    *,
    tolerance: float,
    max_evaluations: int = MAX_EVALUATIONS,
    at_once: int | None = None,
    memory_budget: int | None = None,
    grad_options: Mapping[str, Any] | None = None,
) -> tuple[Tensors, list[PathReport]]:
    """Return ∫ ∂F/∂x dα along each line so that (x − x′) times it meets the tolerance, and a report for each line.

    Shapes: the result is (B, …) for each input of F. At most `at_once` points are done together, or as many as fit into
    `memory_budget`; what is kept of each stretch comes on top, and lines take turns when that of all would outgrow the
    budget.

    Warns `ToleranceNotMet` when a line ends otherwise. Raises `ValueError` for a tolerance that is not positive, for
    fewer evaluations than one stretch takes, and for a gradient that is not finite.
    """
    if not tolerance > 0:
        raise ValueError(f"a tolerance of {tolerance} cannot be met; hint: 1e-3 is a thousandth of the attributions")
    if max_evaluations < NODES:
        raise ValueError(f"it takes {NODES} evaluations to begin, more than max_evaluations={max_evaluations}")
    at_once = at_once or points_within(memory_budget, F, lines)
    differences = flat(lines.differences)
    averages, reports = torch.zeros_like(differences), []
    rounding = max(torch.finfo(end.dtype).eps for end in lines.ends)
    in_turn = _lines_in_turn(differences, memory_budget)
    for first in range(0, len(lines), in_turn):
        group = range(len(lines))[first : first + in_turn]
        paths = {row: PathSoFar(differences[row], tolerance, max_evaluations, rounding) for row in group}
        wanted = [Stretch(row, 0.0, 1.0) for row in paths]
        while wanted:
            parts, unready = [], []
            for some in _portions(wanted, max(1, at_once // NODES)):
                looks = looked_at(F, lines, some, at_once=at_once)
                ready = [look for look in looks if paths[look.stretch.row].is_ready(look)]
                unready += [half for look in looks if look not in ready for half in look.stretch.halves()]
                parts += integrated(F, lines, differences, ready, at_once=at_once, grad_options=grad_options)
            for row, path in paths.items():
                path.take([part for part in parts if part.stretch.row == row])
            busy = {half.row for half in unready}
            wanted = unready + [half for row, path in paths.items() if row not in busy for half in path.next()]
        for row, path in paths.items():
            averages[row] = path.integral()
            reports.append(path.report())
    _warn_of(reports)
    return _shaped(averages, lines.ends), reports


def _portions(stretches: list[Stretch], size: int) -> Iterator[list[Stretch]]:
    return (stretches[i : i + size] for i in range(0, len(stretches), size))


def _lines_in_turn(differences: Tensor, memory_budget: int | None) -> int:
    """Return for how many lines together the attributions of stretches are kept."""
    return max(1, budget_of(differences.device, memory_budget) // (USUAL_STRETCHES * differences[0].nbytes))


def _shaped(flat: Tensor, like: Tensors) -> Tensors:
    parts = torch.split(flat, [tensor[0].numel() for tensor in like], dim=1)
    return tuple(part.reshape(tensor.shape).to(tensor.dtype) for part, tensor in zip(parts, like, strict=True))


def _warn_of(reports: list[PathReport]) -> None:
    missed = [report for report in reports if not report.met]
    if missed:
        worst = max(missed, key=lambda report: report.error)
        warnings.warn(
            f"{len(missed)} of {len(reports)} inputs do not meet the tolerance of {worst.tolerance:g}; the worst is "
            f"off by about {worst.error:.2g} after {worst.evaluations} evaluations ({worst.ending})",
            ToleranceNotMet,
            stacklevel=3,
        )
