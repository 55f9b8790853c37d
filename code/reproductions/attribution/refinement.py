"""What is known of the stretches of one line in; which of them to halve next, when to end, and a report, out.

Stretches that are worst known are halved until what is not known is small enough. Their errors count as independent
and add up as squares do. Mean slopes of rectifiers behind one another can be wrong and add up nevertheless: where such
switch on one stretch, it is compared with the stretch that it is a half of, too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

import torch

from reproductions.attribution.stretch_rules import NODES

if TYPE_CHECKING:
    from torch import Tensor

    from reproductions.attribution.stretches import Look, Part, Signal, Stretch

SAFETY = 1.5
"""By what the estimated error is multiplied before it is held against the tolerance."""
LEFT = 0.7
"""This part of the tolerance the stretches may take that are not halved in a round; the rest is for the halves."""
RESOLVED = 0.1
"""Gradients are taken on a stretch when the square of what a signal is missed by, relative to how far it moves there,
is at most so many tolerances, and more where little of the line's movement is on the stretch: `NODES` points of
Gauss–Legendre integrate to twice the order to which they interpolate."""
KINKED = 1e-3
"""The same for a signal with kinks, whatever the tolerance: they have no such order."""
SHORT = 2**-8
"""A stretch so short is not halved before gradients were taken on it."""
HALF = 0.5
"""What is left of the difference between a stretch and its halves, in the halves."""
ROUNDINGS = 8
"""A stretch is not halved for an error of so many roundings of F, nor when it is so many roundings long."""

Ending = Literal["tolerance met", "max_evaluations", "float precision"]


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


class PathSoFar:
    """The parts of one line that are known, and what they took."""

    def __init__(self, difference: Tensor, tolerance: float, max_evaluations: int, rounding: float) -> None:
        self.difference, self.tolerance, self.rounding = difference, tolerance, rounding
        self.room = max_evaluations // NODES - 1
        self.parts: list[Part] = []
        self.evaluations = self.forward_passes = 0
        self.moved: list[float] = []
        self.ending: Ending | None = None

    def is_ready(self, look: Look) -> bool:
        """Return whether gradients are worth their while on the stretch, and make room for its halves if not."""
        self.forward_passes += NODES + 2
        here = [signal.moved for signal in look.signals]
        self.moved = [max(pair) for pair in zip_longest(self.moved, here, fillvalue=0.0)]
        resolved = all(map(self._resolved, look.signals, self.moved))
        ready = resolved or look.stretch.length <= SHORT or not self.room
        self.room -= not ready
        return ready

    def take(self, parts: list[Part]) -> None:
        """Keep what became known of stretches, both halves of one together."""
        self.evaluations += NODES * len(parts)
        for part in parts:
            apart = HALF * self._from_its_whole(part, parts) if part.one_behind_another else 0.0
            alone = replace(part.stretch, whole=None)  # so that its integral is let go
            self.parts.append(replace(part, stretch=alone, error=max(part.error, apart)))

    def next(self) -> list[Stretch]:
        """Return where to look next, nowhere when this is the end."""
        if self.ending or self.error() <= self.tolerance:
            self.ending = self.ending or "tolerance met"
            return []
        floor = ROUNDINGS * self.rounding
        largest = max(part.largest_value for part in self.parts)
        open_parts = [part for part in self.parts if part.error > floor * largest and part.stretch.length > floor]
        if not open_parts or self.room < 2:
            self.ending = "max_evaluations" if open_parts else "float precision"
            return []
        open_parts.sort(key=lambda part: part.error, reverse=True)
        worst = open_parts[: min(self._enough(open_parts), self.room // 2)]
        self.room -= 2 * len(worst)
        self.parts = [part for part in self.parts if part not in worst]
        return [half for part in worst for half in part.stretch.halves(part)]

    def integral(self) -> Tensor:
        """Return ∫ ∂F/∂x dα over what is known of the line, (features,)."""
        return torch.stack([part.integral for part in self.parts]).sum(dim=0)

    def error(self) -> float:
        """Return what the attributions are taken to be off by, relative to them: by a rounding at least."""
        off, size = SAFETY * math.hypot(*(part.error for part in self.parts)), self._norm(self.integral())
        return max(off / size, self.rounding) if size else math.inf if off else 0.0

    def report(self) -> PathReport:
        """Return what it took."""
        parts = sorted(self.parts, key=lambda part: part.stretch.start)
        return PathReport(
            ending=self.ending or "max_evaluations",
            tolerance=self.tolerance,
            error=self.error(),
            evaluations=self.evaluations,
            forward_passes=self.forward_passes,
            alphas=_numbers([0.0, *(part.stretch.end for part in parts)]),
            gaps=_numbers([part.gap for part in parts]),
            errors=_numbers([part.error for part in parts]),
        )

    def _resolved(self, signal: Signal, moved_on_line: float) -> bool:
        bound = KINKED if signal.kinked else RESOLVED * self.tolerance
        return signal.missed**2 <= bound * signal.moved * moved_on_line

    def _enough(self, open_parts: list[Part]) -> int:
        """Return how many of the worst have to be halved, so that what is left leaves room for the halves."""
        aim = LEFT * self.tolerance * self._norm(self.integral())
        closed = [part.error for part in self.parts if part not in open_parts]
        for n in range(1, len(open_parts)):
            if SAFETY * math.hypot(*closed, *(part.error for part in open_parts[n:])) <= aim:
                return n
        return len(open_parts)

    def _from_its_whole(self, part: Part, parts: list[Part]) -> float:
        """Return how far the stretch and its other half are from the whole: infinitely, where one is not known."""
        whole = part.stretch.whole
        halves = [other.integral for other in parts if other.stretch.whole is whole]
        return self._norm(whole.integral - halves[0] - halves[1]) if whole and len(halves) == 2 else math.inf

    def _norm(self, integral: Tensor) -> float:
        return float((integral * self.difference).norm())


def _numbers(values: list[float]) -> Tensor:
    return torch.tensor(values, dtype=torch.float64, device="cpu")
