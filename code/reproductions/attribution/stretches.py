"""A function and stretches of lines in; what forward passes, and then gradients, tell of each stretch, out.

A stretch is looked at by forward passes alone: they show what goes into the rectifiers and, at the ends of the stretch,
what its attributions have to add up to. It is integrated by a few gradients, in which rectifiers have their mean slopes
(`stretch_rules`). The error of a stretch is taken to be

- its **gap**, what its attributions lack of F(b) − F(a). It is measured and not estimated; but it is a sum over all
  features, in which errors of the same sign add up and errors of opposite sign cancel;
- times how much more, or less, the gradients on the stretch vary than their sums do, as L2 norms: so much more, or
  less, their errors should be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

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

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reproductions.attribution.straight_line import RowFunction, Tensors

CANCELLING = 20
"""Where gradients vary so many times more than their sums, the gap is not trusted, and rules are compared."""


@dataclass(frozen=True, eq=False)
class Stretch:
    """From `start` to `end` of line `row`; `whole` is what is known of the stretch that it is a half of."""

    row: int
    start: float
    end: float
    whole: Part | None = None

    @property
    def length(self) -> float:
        """How much of the line it is."""
        return self.end - self.start

    def halves(self, whole: Part | None = None) -> list[Stretch]:
        """Return its halves, which remember what is known of it where that is given."""
        middle = (self.start + self.end) / 2
        return [Stretch(self.row, self.start, middle, whole), Stretch(self.row, middle, self.end, whole)]


@dataclass(frozen=True)
class Signal:
    """What F, or what goes into one rectifier, does on a stretch, as L2 norms.

    By how much its ends are missed when foretold from within, and how far it moves. It has kinks of its own where it
    is behind a rectifier that switches.
    """

    missed: float
    moved: float
    kinked: bool


@dataclass(frozen=True, eq=False)
class Look:
    """What forward passes tell of a stretch.

    F at both ends; for each rectifier its slopes at the points, (NODES, …); in how many of them something switches; and
    what the signals do: what goes into each rectifier, then F where nothing switches.
    """

    stretch: Stretch
    values: tuple[float, float]
    slopes: list[Tensor | None]
    switching: int
    signals: list[Signal]


@dataclass(frozen=True, eq=False)
class Part:
    """What gradients tell of a stretch: ∫ ∂F/∂x dα over it, (features,), its gap, its error, and the largest |F|."""

    stretch: Stretch
    integral: Tensor
    gap: float
    error: float
    one_behind_another: bool
    largest_value: float


def looked_at(F: RowFunction, lines: StraightLines, stretches: list[Stretch], *, at_once: int) -> list[Look]:
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
    behind, signals = torch.zeros(len(stretches), dtype=torch.long, device="cpu"), []
    for z, slope in zip(z_of, slopes, strict=True):
        if z is not None and slope is not None:
            signals.append(_signals(z, behind))
            behind = behind + switching(slope).cpu()
    of_F = _signals(F_at[..., None], behind)
    return [
        Look(
            stretch,
            (F_at[i, -2].item(), F_at[i, -1].item()),
            [None if each is None else each[i] for each in slopes],
            int(behind[i]),
            [*(each[i] for each in signals), *([] if behind[i] else [of_F[i]])],
        )
        for i, stretch in enumerate(stretches)
    ]


def integrated(
    F: RowFunction,
    lines: StraightLines,
    differences: Tensor,
    looks: list[Look],
    *,
    at_once: int,
    grad_options: Mapping[str, Any] | None,
) -> list[Part]:
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
        found.append(flat(samples.gradients))
    gradients = torch.cat(found).reshape(len(looks), NODES, -1)
    _check(gradients, rows.reshape(-1, NODES), alphas.reshape(-1, NODES))
    lengths = torch.tensor([look.stretch.length for look in looks], dtype=torch.float64, device=lines.device)
    weights = node_weights(device=lines.device)
    parts = gradients * differences[rows[::NODES]][:, None]
    sums = parts.double().sum(dim=2)
    changes = lengths.new_tensor([look.values[1] - look.values[0] for look in looks])
    gaps = lengths * (sums @ weights) - changes
    errors = _errors(parts, sums, gaps.abs(), lengths, weights)
    integrals = torch.einsum("pnf,n->pf", gradients, weights.to(gradients)) * lengths.to(gradients)[:, None]
    return [
        Part(look.stretch, integral, gap, error, look.switching > 1, max(map(abs, look.values)))
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


def _points(stretches: list[Stretch], device: torch.device) -> tuple[Tensor, Tensor]:
    """Return line and α of all points of stretches, (P, NODES + 2) each."""
    starts, lengths, rows = (
        torch.tensor([getattr(stretch, name) for stretch in stretches], device=device, dtype=dtype)
        for name, dtype in (("start", torch.float64), ("length", torch.float64), ("row", torch.long))
    )
    alphas = points_of(starts, lengths)
    return rows[:, None].expand_as(alphas).contiguous(), alphas


def _signals(signals: Tensor, behind: Tensor) -> list[Signal]:
    """Return what a signal, (P, NODES + 2, …), does on each stretch, behind so many rectifiers that switch there."""
    missed, moved = unresolved(signals)
    return [Signal(*each) for each in zip(missed.tolist(), moved.tolist(), (behind > 0).tolist(), strict=True)]


def _together(calls: tuple[Tensor | None, ...], shape: torch.Size) -> Tensor | None:
    """Return what went into one rectifier at all points, (P, NODES + 2, …), from what went in portion by portion."""
    met = [call for call in calls if call is not None]
    same = len(met) == len(calls) and len({call.shape[1:] for call in met}) == 1
    return torch.cat(met).reshape(*shape, *met[0].shape[1:]) if same else None


def _check(gradients: Tensor, rows: Tensor, alphas: Tensor) -> None:
    wrong = ~gradients.isfinite().all(dim=2)
    if wrong.any():
        raise ValueError(
            f"the gradient of input {rows[wrong][0].item()} is not finite at α = {alphas[wrong][0].item():.3g}; "
            "hint: look for a norm, a square root or a logarithm at zero"
        )


def flat(tensors: Tensors) -> Tensor:
    """Return all features of a row side by side, in single precision or better: (B, …) each in, (B, features) out."""
    flat = torch.cat(
        [tensor.flatten(start_dim=1) if tensor.dim() > 1 else tensor[:, None] for tensor in tensors], dim=1
    )
    return flat.to(torch.promote_types(flat.dtype, torch.float32))
