r"""A stretch of a path in; points to look at, weights that integrate over it, and the mean slopes of rectifiers, out.

On a stretch the gradient is sampled at `NODES` points of Gauss–Legendre, which integrate polynomials up to degree
2 · `NODES` − 1. Where rectifiers switch on the stretch the gradient is no polynomial but a sum of jumps,

$$g(\alpha) = \sum_k r_k(\alpha) \, S_k(\alpha),$$

with r = 1 where z, what goes into rectifier k, is positive, r = 0 elsewhere, and S smooth: what would go through
rectifier k if it were open. With ℓ the Lagrange polynomials of the points and w their weights, the integral of the
smooth part's interpolation is

$$\int g \approx \sum_j w_j \sum_k \bar r_{kj} \, S_k(\alpha_j), \qquad
\bar r_{kj} = \frac{1}{w_j} \int \ell_j(\alpha) \, r_k(\alpha) \, d\alpha,$$

which is one gradient at each point, as before, with the **mean slope** of each rectifier about the point in the place
of its slope at the point. It is exact for one layer of rectifiers on a smooth path. Behind one another, rectifiers that
switch together are taken to switch independently. With one point and the whole path for a stretch the mean slope is
ReLU's change over z's, the rescale rule of DeepLIFT (Shrikumar and others 2017, arXiv 1704.02685); with short stretches
it is the gradient. The rule is in no paper that we know of.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from torch import Tensor

NODES = 6
"""Gradients on a stretch."""
CELLS = 32
"""Parts of a stretch, on each of which what goes into a rectifier is taken to be straight."""

NEAR = 0.5
"""A rectifier may switch on a stretch where z comes so near to zero, as a part of how far it moves: to switch there
and back between two points leaves no trace in completeness."""

ROUNDINGS = 1000
"""What moves by less than so many roundings of itself does not move."""


@cache
def places() -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return where the points of a stretch [0, 1] are, and their weights."""
    nodes, areas = np.polynomial.legendre.leggauss(NODES)
    return tuple((1 + nodes) / 2), tuple(areas / 2)


def points_of(starts: Tensor, lengths: Tensor) -> Tensor:
    """Return α of each point of each stretch, then of both its ends: (P,) and (P,) in, (P, NODES + 2) out."""
    within = torch.tensor([*places()[0], 0.0, 1.0], dtype=starts.dtype, device=starts.device)
    return starts[:, None] + lengths[:, None] * within


def node_weights(*, dtype: torch.dtype = torch.float64, device: torch.device | None = None) -> Tensor:
    """Return the weights of the points on a stretch of length one, shape (NODES,)."""
    return torch.tensor(places()[1], dtype=dtype, device=device)


def mean_slopes(z: Tensor) -> Tensor:
    """Return the mean slope of rectifiers about each point of a stretch, from what goes into them.

    Shapes: `z` (P, NODES + 2, …) as `points_of` has the points, the result (P, NODES, …) in its dtype. A rectifier
    that stays away from zero has its slope, 0 or 1.
    """
    flat = z.reshape(*z.shape[:2], -1)
    slopes = (flat[:, :NODES] > 0).to(z.dtype)
    moved, nearest = flat.amax(dim=1) - flat.amin(dim=1), flat.abs().amin(dim=1)
    stretches, units = torch.nonzero(nearest < NEAR * moved, as_tuple=True)
    curve = _interpolation(z) @ flat[stretches, :, units].T
    switch = (curve > 0).any(dim=0) & (curve <= 0).any(dim=0)
    stretches, units, curve = stretches[switch], units[switch], curve[:, switch]
    rise, change = curve.relu().diff(dim=0), curve.diff(dim=0)
    crossed = (curve[1:] > 0) != (curve[:-1] > 0)
    open_part = torch.where(crossed, rise / torch.where(crossed, change, 1.0), (curve[1:] > 0).to(z.dtype))
    slopes[stretches, :, units] = (_of_cells(z) @ open_part).T
    return slopes.reshape(len(z), NODES, *z.shape[2:])


def switching(slopes: Tensor) -> Tensor:
    """Return whether any rectifier switches on each stretch, from the mean slopes: (P, NODES, …) in, (P,) out."""
    flat = slopes.reshape(len(slopes), -1)
    return ((flat != 0) & (flat != 1)).any(dim=1)


def unresolved(signals: Tensor) -> tuple[Tensor, Tensor]:
    """Return by how much signals miss their values at the ends of a stretch when foretold from the points within.

    Shapes: `signals` (P, NODES + 2, …), the results (P,): how much is missed, and how far the signals move (L2 norms).
    The first is small beside the second where NODES points are enough for what the signals do, and zero where these
    move by roundings alone.
    """
    flat = signals.reshape(*signals.shape[:2], -1)
    foretold = _lagrange(np.array(places()[0]), np.array([0.0, 1.0]))
    missed = torch.as_tensor(foretold, dtype=flat.dtype, device=flat.device) @ flat[:, :NODES] - flat[:, NODES:]
    moved = (flat.amax(dim=1) - flat.amin(dim=1)).norm(dim=1)
    rounding = ROUNDINGS * torch.finfo(flat.dtype).eps * flat.abs().amax(dim=1).norm(dim=1)
    return torch.where(moved > rounding, missed.abs().amax(dim=1).norm(dim=1), 0.0), moved


def _interpolation(z: Tensor) -> Tensor:
    """Return the matrix from the values at all points to those at the ends of the cells, (CELLS + 1, NODES + 2)."""
    matrix = _lagrange(np.array([*places()[0], 0.0, 1.0]), np.linspace(0, 1, CELLS + 1))
    return torch.as_tensor(matrix, dtype=z.dtype, device=z.device)


def _of_cells(z: Tensor) -> Tensor:
    """Return ∫ ℓⱼ / wⱼ over each cell, (NODES, CELLS)."""
    nodes, weights = (np.array(part) for part in places())
    within = (np.arange(CELLS)[:, None] + nodes) / CELLS
    integrals = _lagrange(nodes, within.ravel()).reshape(CELLS, NODES, NODES).transpose(2, 0, 1) @ weights / CELLS
    return torch.as_tensor(integrals / weights[:, None], dtype=z.dtype, device=z.device)


def _lagrange(nodes: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return ℓⱼ(t) for each t of `at`: (n,) and (m,) in, (m, n) out."""
    away, apart = at[:, None] - nodes, nodes[:, None] - nodes
    return np.stack(
        [np.prod(np.delete(away, j, axis=1) / np.delete(apart[j], j), axis=1) for j in range(len(nodes))], axis=1
    )


def tails(gradients: Tensor) -> Tensor:
    """Return how much of the gradients on a stretch the points can just resolve, and no rule of less of them could.

    Shapes: `gradients` (P, NODES, features), the result (P,): the L2 norm of the two highest Legendre coefficients.
    """
    nodes, weights = (np.array(part) for part in places())
    highest = np.polynomial.legendre.legvander(2 * nodes - 1, NODES - 1)[:, -2:] * weights[:, None]
    project = torch.as_tensor(
        highest * (2 * np.arange(NODES - 2, NODES) + 1), dtype=gradients.dtype, device=gradients.device
    )
    found: Tensor = (project.T @ gradients).flatten(start_dim=1).norm(dim=1)
    return found
