"""A function, lines from baselines to inputs and a tolerance in; attributions that meet it, and what it took, out.

A line is one stretch to begin with, and the stretches that are worst known are halved, again and again, until what is
not known is small enough. Each stretch is integrated by a few gradients, in which rectifiers have their mean slopes
(`stretch_rules`). Before that it is looked at by forward passes alone: they show what goes into the rectifiers and,
at the ends of the stretch, what its attributions have to add up to. A stretch on which that moves too much for a few
points is halved at once, for no gradient.

The error of a stretch is taken to be

- its **gap**, what its attributions lack of F(b) − F(a). It is measured and not estimated; but it is a sum over all
  features, in which errors of the same sign add up and errors of opposite sign cancel;
- times how much more, or less, the gradients on the stretch vary than their sums do, as L2 norms: so much more, or
  less, their errors should be.

Mean slopes of rectifiers behind one another can be wrong and add up nevertheless. Where such switch on one stretch, it
is compared with the stretch that it is a half of, too.

Errors of stretches count as independent and add up as squares do. What happens wholly between two points, and leaves no
trace in F, no method that samples can see: the error is an estimate, and the gaps alone are certain.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import torch
from torch import Tensor

from reproductions.attribution.integrated_gradients import baseline_for
from reproductions.attribution.memory_budget import budget_of, points_within, without_parameter_gradients
from reproductions.attribution.rectifiers import rectifiers_watched, rectifiers_with
from reproductions.attribution.straight_line import StraightLines, walk
from reproductions.attribution.stretch_rules import (
    NODES,
    mean_slopes,
    node_weights,
    points_of,
    switching,
    tails,
    unresolved,
)
from reproductions.attribution.targets import Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reproductions.attribution.gradients import Function
    from reproductions.attribution.straight_line import RowFunction, Tensors

SAFETY = 1.5
"""By what the estimated error is multiplied before it is held against the tolerance."""
ALSO_HALVED = 0.3
"""Stretches with this part of the worst one's error are halved in the same round, to have work for a batch."""
FORETOLD = 0.03
"""Gradients are taken on a stretch when its ends are foretold from within to this part of what moves on it."""
SHORT = 2**-8
"""A stretch so short is not halved before gradients were taken on it."""
HALF = 0.5
"""What is left of the difference between a stretch and its halves, in the halves."""
CANCELLING = 20
"""Where gradients vary so many times more than their sums, the gap is not trusted, and rules are compared."""
ROUNDINGS = 8
"""A stretch is not halved for an error of so many roundings of F, nor when it is so many roundings long."""
MAX_EVALUATIONS = 500
USUAL_STRETCHES = 8
"""So many stretches of a line are reckoned with when lines share the memory."""

Ending = Literal["tolerance met", "max_evaluations", "float precision"]


class ToleranceNotMet(UserWarning):
    """The attributions are the best there are, but not as good as was asked."""


@dataclass(frozen=True)
class PathReport:
    """What it took to attribute one example, and how well it is known.

    `ending` says why no more was done. `error` estimates the L2 norm of the attributions' error, relative to that of
    the attributions. `evaluations` counts gradients, `forward_passes` what was looked at besides. `alphas`, shape
    (n + 1,), are the ends of n stretches of the path; for each of them `gaps`, shape (n,), says how far the
    attributions of the stretch are from adding up to its change of F, and `errors`, shape (n,), what they are taken to
    be off by.
    """

    ending: Ending
    tolerance: float
    error: float
    evaluations: int
    forward_passes: int
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
    differences = _flat(lines.differences)
    averages, reports = torch.zeros_like(differences), []
    rounding = ROUNDINGS * max(torch.finfo(end.dtype).eps for end in lines.ends)
    for group in torch.split(torch.arange(len(lines)), _lines_in_turn(differences, memory_budget)):
        paths = {row: _Path(differences[row], tolerance, max_evaluations, rounding) for row in group.tolist()}
        wanted = [_Stretch(row, 0.0, 1.0) for row in paths]
        while wanted:
            parts, unready = [], []
            for some in _portions(wanted, max(1, at_once // NODES)):
                looks = _looked_at(F, lines, some, at_once=at_once)
                ready = [look for look in looks if paths[look.stretch.row].is_ready(look)]
                unready += [half for look in looks if look not in ready for half in look.stretch.halves()]
                parts += _integrated(F, lines, differences, ready, at_once=at_once, grad_options=grad_options)
            for row, path in paths.items():
                path.take([part for part in parts if part.stretch.row == row])
            busy = {half.row for half in unready}
            wanted = unready + [half for row, path in paths.items() if row not in busy for half in path.next()]
        for row, path in paths.items():
            averages[row] = path.integral()
            reports.append(path.report())
    _warn_of(reports)
    return _shaped(averages, lines.ends), reports


@dataclass(frozen=True, eq=False)
class _Stretch:
    """From `start` to `end` of line `row`; `whole` is what is known of the stretch that it is a half of."""

    row: int
    start: float
    end: float
    whole: _Part | None = None

    @property
    def length(self) -> float:
        return self.end - self.start

    def halves(self, whole: _Part | None = None) -> list[_Stretch]:
        middle = (self.start + self.end) / 2
        return [_Stretch(self.row, self.start, middle, whole), _Stretch(self.row, middle, self.end, whole)]


@dataclass(frozen=True, eq=False)
class _Look:
    """What forward passes tell of a stretch.

    F at both ends; for each rectifier its slopes at the points, (NODES, …); in how many of them something switches; and
    by how much its ends are missed when foretold from within.
    """

    stretch: _Stretch
    values: tuple[float, float]
    slopes: list[Tensor | None]
    switching: int
    missed: float


@dataclass(frozen=True, eq=False)
class _Part:
    """What gradients tell of a stretch: ∫ ∂F/∂x dα over it, (features,), its gap, its error, and the largest |F|."""

    stretch: _Stretch
    integral: Tensor
    gap: float
    error: float
    one_behind_another: bool
    largest_value: float


class _Path:
    """The parts of one line that are known, and what they took."""

    def __init__(self, difference: Tensor, tolerance: float, max_evaluations: int, rounding: float) -> None:
        self.difference, self.tolerance, self.rounding = difference, tolerance, rounding
        self.room = max_evaluations // NODES - 1
        self.parts: list[_Part] = []
        self.evaluations = self.forward_passes = 0
        self.ending: Ending | None = None

    def is_ready(self, look: _Look) -> bool:
        """Return whether gradients are worth their while on the stretch, and make room for its halves if not."""
        self.forward_passes += NODES + 2
        ready = look.missed <= FORETOLD or look.stretch.length <= SHORT or not self.room
        self.room -= not ready
        return ready

    def take(self, parts: list[_Part]) -> None:
        self.evaluations += NODES * len(parts)
        for part in parts:
            siblings = [other for other in parts if other.stretch.whole is part.stretch.whole]
            whole = part.stretch.whole
            apart = math.inf
            if whole and len(siblings) == 2:
                apart = self._norm(whole.integral - siblings[0].integral - siblings[1].integral)
            behind = part.one_behind_another
            self.parts.append(replace(part, error=max(part.error, HALF * apart)) if behind else part)

    def next(self) -> list[_Stretch]:
        """Return where to look next, nowhere when this is the end."""
        if self.ending or self.error() <= self.tolerance:
            self.ending = self.ending or "tolerance met"
            return []
        floor = self.rounding * max(part.largest_value for part in self.parts)
        open_parts = [part for part in self.parts if part.error > floor and part.stretch.length > self.rounding]
        if not open_parts or self.room < 2:
            self.ending = "max_evaluations" if open_parts else "float precision"
            return []
        open_parts.sort(key=lambda part: part.error, reverse=True)
        worst = [part for part in open_parts if part.error >= ALSO_HALVED * open_parts[0].error][: self.room // 2]
        self.room -= 2 * len(worst)
        self.parts = [part for part in self.parts if part not in worst]
        return [half for part in worst for half in part.stretch.halves(part)]

    def integral(self) -> Tensor:
        return torch.stack([part.integral for part in self.parts]).sum(dim=0)

    def error(self) -> float:
        off, size = SAFETY * math.hypot(*(part.error for part in self.parts)), self._norm(self.integral())
        return off / size if size else math.inf if off else 0.0

    def report(self) -> PathReport:
        parts = sorted(self.parts, key=lambda part: part.stretch.start)
        return PathReport(
            ending=self.ending or "max_evaluations",
            tolerance=self.tolerance,
            error=self.error(),
            evaluations=self.evaluations,
            forward_passes=self.forward_passes,
            alphas=torch.tensor([0.0, *(part.stretch.end for part in parts)], dtype=torch.float64),
            gaps=torch.tensor([part.gap for part in parts], dtype=torch.float64),
            errors=torch.tensor([part.error for part in parts], dtype=torch.float64),
        )

    def _norm(self, integral: Tensor) -> float:
        return float((integral * self.difference).norm())


def _looked_at(F: RowFunction, lines: StraightLines, stretches: list[_Stretch], *, at_once: int) -> list[_Look]:
    """Run F on the points and the ends of stretches, without gradients."""
    rows, alphas = _points(stretches, lines.device)
    values, inputs = [], []
    with torch.no_grad():
        for some_rows, some_alphas in zip(
            torch.split(rows.flatten(), at_once), torch.split(alphas.flatten(), at_once), strict=True
        ):
            with rectifiers_watched(len(some_rows)) as met:
                values.append(F(lines.at(some_rows, some_alphas), some_rows).double())
            inputs.append(met)
    shape = rows.shape
    F_at = torch.cat(values).reshape(shape)
    z_of = [_together(calls, shape) for calls in zip(*inputs, strict=False)]
    slopes = [None if z is None else mean_slopes(z) for z in z_of]
    switch = [switching(each) for each in slopes if each is not None]
    switches = torch.stack(switch).sum(dim=0) if switch else torch.zeros(len(stretches))
    missed = unresolved(F_at[..., None])
    missed = torch.where(switches.to(missed.device) > 0, 0.0, missed)
    for z in z_of:
        if z is not None:
            missed = torch.maximum(missed, unresolved(z).to(missed))
    return [
        _Look(
            stretch,
            (F_at[i, -2].item(), F_at[i, -1].item()),
            [None if each is None else each[i] for each in slopes],
            int(switches[i]),
            missed[i].item(),
        )
        for i, stretch in enumerate(stretches)
    ]


def _integrated(
    F: RowFunction,
    lines: StraightLines,
    differences: Tensor,
    looks: list[_Look],
    *,
    at_once: int,
    grad_options: Mapping[str, Any] | None,
) -> list[_Part]:
    """Take gradients on stretches that were looked at."""
    if not looks:
        return []
    rows, alphas = (points[:, :NODES].flatten() for points in _points([look.stretch for look in looks], lines.device))
    slopes = [
        None if call[0] is None else torch.cat(call) for call in zip(*(look.slopes for look in looks), strict=True)
    ]
    found = []
    for some in torch.split(torch.arange(len(rows), device=lines.device), at_once):
        with rectifiers_with([None if each is None else each[some.to(each.device)] for each in slopes]):
            (samples,) = walk(F, lines, rows[some], alphas[some], at_once=len(some), grad_options=grad_options)
        found.append(_flat(samples.gradients))
    gradients = torch.cat(found).reshape(len(looks), NODES, -1)
    _check(gradients, rows.reshape(-1, NODES), alphas.reshape(-1, NODES))
    lengths = torch.tensor([look.stretch.length for look in looks], dtype=torch.float64, device=lines.device)
    weights = node_weights(device=lines.device)
    parts = gradients * differences[rows[::NODES]][:, None]
    sums = parts.double().sum(dim=2)
    changes = torch.tensor([look.values[1] - look.values[0] for look in looks], dtype=torch.float64).to(lengths)
    gaps = lengths * (sums @ weights) - changes
    errors = _errors(parts, sums, gaps.abs(), lengths, weights)
    integrals = torch.einsum("pnf,n->pf", gradients, weights.to(gradients)) * lengths.to(gradients)[:, None]
    return [
        _Part(look.stretch, integral, gap, error, look.switching > 1, max(map(abs, look.values)))
        for look, integral, gap, error in zip(looks, integrals, gaps.tolist(), errors.tolist(), strict=True)
    ]


def _errors(parts: Tensor, sums: Tensor, gaps: Tensor, lengths: Tensor, weights: Tensor) -> Tensor:
    """Return what the attributions of stretches are taken to be off by, rectifiers behind one another left aside.

    Shapes: `parts` (P, NODES, features), gradients × (x − x′); `sums` (P, NODES), over the features; the rest (P,).
    """
    mean = torch.einsum("pnf,n->pf", parts, weights.to(parts))[:, None]
    varying = ((parts - mean).square().sum(dim=2).double() @ weights).sqrt()
    sums_varying = ((sums - sums @ weights[:, None]).square() @ weights).sqrt()
    times = varying / sums_varying.clamp(min=torch.finfo(torch.float64).tiny)
    trusted = times <= CANCELLING
    return torch.where(trusted, gaps * times, gaps * CANCELLING + lengths * tails(parts).double())


def _points(stretches: list[_Stretch], device: torch.device) -> tuple[Tensor, Tensor]:
    """Return line and α of all points of stretches, (P, NODES + 2) each."""
    starts, lengths, rows = (
        torch.tensor([getattr(stretch, name) for stretch in stretches], device=device, dtype=dtype)
        for name, dtype in (("start", torch.float64), ("length", torch.float64), ("row", torch.long))
    )
    alphas = points_of(starts, lengths)
    return rows[:, None].expand_as(alphas).contiguous(), alphas


def _together(calls: tuple[Tensor | None, ...], shape: torch.Size) -> Tensor | None:
    """Return what went into one rectifier at all points, (P, NODES + 2, …), from what went in portion by portion."""
    met = [call for call in calls if call is not None]
    same = len(met) == len(calls) and len({call.shape[1:] for call in met}) == 1
    return torch.cat(met).reshape(*shape, *met[0].shape[1:]) if same else None


def _portions(stretches: list[_Stretch], size: int) -> Iterator[list[_Stretch]]:
    return (stretches[i : i + size] for i in range(0, len(stretches), size))


def _check(gradients: Tensor, rows: Tensor, alphas: Tensor) -> None:
    wrong = ~gradients.isfinite().all(dim=2)
    if wrong.any():
        raise ValueError(
            f"the gradient of input {rows[wrong][0].item()} is not finite at α = {alphas[wrong][0].item():.3g}; "
            "hint: look for a norm, a square root or a logarithm at zero"
        )


def _lines_in_turn(differences: Tensor, memory_budget: int | None) -> int:
    """Return for how many lines together the attributions of stretches are kept."""
    return max(1, budget_of(differences.device, memory_budget) // (USUAL_STRETCHES * differences[0].nbytes))


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
