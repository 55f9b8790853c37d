"""A function, lines from baselines to inputs and a tolerance in; attributions that meet it, and what it took, out.

The gradient is sampled where it is needed: a few points to begin with, then again and again in the middle of the
stretches that are worst known, until what is not known is small enough. No gradient is thrown away, and every gradient
brings the value of F, which completeness sets against the sums (`stretch_rules`).

The error of a stretch is taken to be

- its **gap**, what its attributions lack of F(b) − F(a). It is measured and not estimated; but errors of opposite sign
  cancel in it, so that it may be zero though the attributions are wrong;
- plus the **disagreement** of two rules on the stretch, as the L2 norm over all features, in which nothing cancels.

Errors of stretches count as independent and add up as squares do. What happens wholly between two points, and leaves no
trace in F, no method that samples can see: the error is an estimate, and the gaps alone are certain.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import torch
from torch import Tensor

from reproductions.attribution.integrated_gradients import baseline_for
from reproductions.attribution.memory_budget import budget_of, points_within, without_parameter_gradients
from reproductions.attribution.straight_line import StraightLines, walk
from reproductions.attribution.stretch_rules import stretch_weights
from reproductions.attribution.targets import Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reproductions.attribution.gradients import Function
    from reproductions.attribution.straight_line import RowFunction, Samples, Tensors

FIRST_POINTS = 7
"""Points to begin with, at (1 − cos kπ/6) / 2: closer to the ends, where gradients of confident models change most."""
SAFETY = 1.25
"""By what the estimated error is multiplied before it is held against the tolerance."""
ALSO_SPLIT = 0.3
"""Stretches with this part of the worst one's error are split in the same round, to have work for a batch."""
ROUNDINGS = 8
"""A stretch is not split for an error of so many roundings of F, nor when it is so many roundings long."""
MAX_EVALUATIONS = 500
USUAL_POINTS = 64
"""So many gradients of a line are reckoned with when lines share the memory."""

Ending = Literal["tolerance met", "max_evaluations", "float precision"]


class ToleranceNotMet(UserWarning):
    """The attributions are the best there are, but not as good as was asked."""


@dataclass(frozen=True)
class PathReport:
    """What it took to attribute one example, and how well it is known.

    `ending` says why no more points were taken. `error` estimates the L2 norm of the attributions' error, relative to
    that of the attributions. `evaluations` counts gradients, each of which gives F too. The path was seen at
    `alphas`, shape (n,); between each two of them `gaps`, shape (n − 1,), says how far the attributions of the stretch
    are from adding up to its change of F, and `errors`, shape (n − 1,), what they are taken to be off by.
    """

    ending: Ending
    tolerance: float
    error: float
    evaluations: int
    alphas: Tensor
    gaps: Tensor
    errors: Tensor

    @property
    def met(self) -> bool:
        """Whether the estimated error is within the tolerance."""
        return self.ending == "tolerance met"


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

    Shapes: the result is (B, …) for each input of F. At most `at_once` points are differentiated together, or as many
    as fit into `memory_budget`; the gradients that are kept, up to `max_evaluations` of each line, come on top, and
    lines take turns when the gradients of all would outgrow the budget.

    Warns `ToleranceNotMet` when a line ends otherwise. Raises `ValueError` for a tolerance that is not positive, for
    fewer evaluations than the first points, and for a gradient that is not finite.
    """
    if not tolerance > 0:
        raise ValueError(f"a tolerance of {tolerance} cannot be met; hint: 1e-3 is a thousandth of the attributions")
    if max_evaluations < FIRST_POINTS:
        raise ValueError(f"it takes {FIRST_POINTS} evaluations to begin, more than max_evaluations={max_evaluations}")
    at_once = at_once or points_within(memory_budget, F, lines)

    def look(wanted: dict[int, Tensor]) -> Iterator[tuple[int, _Seen]]:
        rows = torch.tensor([row for row, alphas in wanted.items() for _ in alphas], device=lines.device)
        alphas = torch.cat(list(wanted.values())).to(lines.device)
        for samples in walk(F, lines, rows, alphas, at_once=at_once, grad_options=grad_options):
            for row in torch.unique(samples.rows).tolist():
                yield row, _seen(samples, row, differences[row])

    differences = _flat(lines.differences)
    gradients, reports = torch.zeros_like(differences), []
    rounding = ROUNDINGS * max(torch.finfo(end.dtype).eps for end in lines.ends)
    for group in torch.split(torch.arange(len(lines)), _lines_in_turn(differences, memory_budget)):
        seen: dict[int, _Seen] = {}
        known: dict[int, tuple[_Known, Ending]] = {}
        wanted = dict.fromkeys(group.tolist(), _first_alphas())
        while wanted:
            for row, new in look(wanted):
                seen[row] = seen[row].with_more(new) if row in seen else new
            for row in list(wanted):
                now = _known(seen[row], differences[row])
                splits, ending = _next(
                    now, tolerance=tolerance, more=max_evaluations - len(now.alphas), rounding=rounding
                )
                if ending is None:
                    wanted[row] = splits
                else:
                    del wanted[row]
                    known[row] = now, ending
        for row, (now, ending) in sorted(known.items()):
            gradients[row] = now.weights.sum(dim=0).to(gradients.dtype) @ seen[row].gradients
            reports.append(now.report(ending, tolerance))
    _warn_of(reports)
    return _shaped(gradients, lines.ends), reports


@dataclass(frozen=True)
class _Seen:
    """What was seen on one line: F, its slope along the line, its gradient (n, features), where alpha rises."""

    alphas: Tensor
    values: Tensor
    slopes: Tensor
    gradients: Tensor

    def with_more(self, new: _Seen) -> _Seen:
        alphas, order = torch.cat([self.alphas, new.alphas]).sort()
        return _Seen(
            alphas,
            torch.cat([self.values, new.values])[order],
            torch.cat([self.slopes, new.slopes])[order],
            torch.cat([self.gradients, new.gradients])[order],
        )


@dataclass(frozen=True)
class _Known:
    """What follows from it: the weight of each point on each stretch, (n − 1, n), and how good each stretch is."""

    alphas: Tensor
    weights: Tensor
    gaps: Tensor
    errors: Tensor
    error: float
    largest_value: float

    def report(self, ending: Ending, tolerance: float) -> PathReport:
        return PathReport(ending, tolerance, self.error, len(self.alphas), self.alphas, self.gaps, self.errors)


def _seen(samples: Samples, row: int, difference: Tensor) -> _Seen:
    mine = samples.rows == row
    gradients = _flat(tuple(gradient[mine] for gradient in samples.gradients))
    if not gradients.isfinite().all():
        where = samples.alphas[mine][~gradients.isfinite().all(dim=1)][0].item()
        raise ValueError(
            f"the gradient of input {row} is not finite at α = {where:.3g}; "
            "hint: at a baseline of zeros a norm or a square root has none"
        )
    alphas, order = samples.alphas[mine].sort()
    slopes = (gradients.double() * difference.double()).sum(dim=1)
    return _Seen(alphas, samples.values[mine].double()[order], slopes[order], gradients[order])


def _known(seen: _Seen, difference: Tensor) -> _Known:
    weights, apart = stretch_weights(seen.alphas, seen.values, seen.slopes)
    gaps = weights @ seen.slopes - seen.values.diff()
    disagreements = (apart.to(difference.dtype) @ seen.gradients * difference).norm(dim=1)
    errors = gaps.abs() + disagreements
    size = (weights.sum(dim=0).to(difference.dtype) @ seen.gradients * difference).norm().item()
    off = SAFETY * errors.norm().item()
    error = off / size if size else math.inf if off else 0.0
    return _Known(seen.alphas, weights, gaps, errors, error, seen.values.abs().max().item())


def _next(now: _Known, *, tolerance: float, more: int, rounding: float) -> tuple[Tensor, Ending | None]:
    """Return where to look next, or why to look no more."""
    nowhere, lengths = now.alphas[:0], now.alphas.diff()
    if now.error <= tolerance:
        return nowhere, "tolerance met"
    if more <= 0:
        return nowhere, "max_evaluations"
    errors = torch.where((now.errors > rounding * now.largest_value) & (lengths > rounding), now.errors, 0.0)
    worst, stretches = errors.sort(descending=True)
    stretches = stretches[(worst > 0) & (worst >= ALSO_SPLIT * worst[0])][:more]
    if not len(stretches):
        return nowhere, "float precision"
    return now.alphas[stretches] + lengths[stretches] / 2, None


def _first_alphas() -> Tensor:
    return (1 - torch.linspace(0, math.pi, FIRST_POINTS, dtype=torch.float64).cos()) / 2


def _lines_in_turn(differences: Tensor, memory_budget: int | None) -> int:
    """Return for how many lines together gradients are kept."""
    return max(1, budget_of(differences.device, memory_budget) // (USUAL_POINTS * differences[0].nbytes))


def _flat(tensors: Tensors) -> Tensor:
    """Return all features of a row side by side, in single precision or better: (B, …) each in, (B, features) out."""
    flat = torch.cat(
        [tensor.flatten(start_dim=1) if tensor.dim() > 1 else tensor[:, None] for tensor in tensors], dim=1
    )
    return flat.to(torch.promote_types(flat.dtype, torch.float32))


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
