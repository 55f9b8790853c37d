r"""What was seen at some points of a path in; weights that integrate the gradient between each two of them, out.

Completeness (Sundararajan, Taly and Yan 2017, arXiv 1703.01365v2, Proposition 1) holds on every stretch [a, b] of the
path, not only on the whole: the attributions of the stretch add up to F(b) − F(a), and F comes with each gradient at no
cost. So the sum of what is sought is known exactly beforehand, and can choose among rules and mend them:

- A network is smooth but for kinks, where some rectifier switches and the gradient g jumps. On a stretch with one kink
  g is about g(a) before and g(b) after it. `kink_weights` places the kink where completeness wants it,

  $$\int_a^b g \approx h \, (\theta \, g(a) + (1 - \theta) \, g(b)), \qquad
  F(b) - F(a) = h \, (\theta \, F'(a) + (1 - \theta) \, F'(b)),$$

  which is exact for a piecewise linear F.
- `polynomial_weights` integrate the polynomial through the points about the stretch: of high order where g is smooth,
  and wrong across a kink. Completeness tells the cases apart: where g is smooth, the sum comes closer with every order.

Neither rule is in the paper.
"""

from __future__ import annotations

import torch
from torch import Tensor

from reproductions.attribution.integrated_gradients import quadrature

ORDERS = (4, 6, 8)
"""Through so many points polynomials are laid, as long as each brings the sum closer to what completeness wants."""
CLOSER = 0.35
"""By this factor at least."""


def stretch_weights(alphas: Tensor, values: Tensor, slopes: Tensor) -> tuple[Tensor, Tensor]:
    """Return how much each point counts in the integral over each stretch, and by how much two rules differ on it.

    Shapes: `alphas`, `values` (F) and `slopes` (∂F/∂α) (n,) in float64, alphas rising, n ≥ 4; both results (n − 1, n).
    The first is the rule that completeness picks. The second is what its weights change of those of the next lower
    order (of the cubic, where the kink's are picked): times the gradients, it is large where the two do not agree, and
    one of them at least is wrong.
    """
    changes = values.diff()
    trapezoid = kink_weights(alphas, torch.zeros_like(values), torch.zeros_like(slopes))
    weights, lower = kink_weights(alphas, values, slopes), trapezoid
    smooth = torch.ones(len(changes), 1, dtype=torch.bool, device=alphas.device)
    apart = polynomial_weights(alphas, ORDERS[0]) - weights
    for order in ORDERS[: sum(order <= len(alphas) for order in ORDERS)]:
        higher = polynomial_weights(alphas, order)
        gaps = [(rule @ slopes - changes).abs()[:, None] for rule in (higher, lower)]
        smooth &= gaps[0] <= CLOSER * gaps[1]
        apart = torch.where(smooth, higher - weights, apart)
        weights = torch.where(smooth, higher, weights)
        lower = higher
    return weights, apart


def kink_weights(alphas: Tensor, values: Tensor, slopes: Tensor) -> Tensor:
    """Return the weights of both ends of each stretch, hθ and h (1 − θ), with θ in [0, 1] as completeness has it.

    Shapes: (n,) each, the result (n − 1, n), zero but for two numbers in a row. Where the slopes at both ends are equal
    and tell nothing, θ is ½: the trapezoid.
    """
    lengths, before, after = alphas.diff(), slopes[:-1], slopes[1:]
    apart = before != after
    theta = (values.diff() / lengths - after) / torch.where(apart, before - after, torch.ones_like(before))
    theta = torch.where(apart, theta.clamp(0, 1), torch.full_like(theta, 0.5))
    rows = torch.arange(len(lengths), device=alphas.device)
    weights = torch.zeros(len(lengths), len(alphas), dtype=alphas.dtype, device=alphas.device)
    weights[rows, rows], weights[rows, rows + 1] = lengths * theta, lengths * (1 - theta)
    return weights


def polynomial_weights(alphas: Tensor, order: int) -> Tensor:
    """Return the weights that integrate, over each stretch, the polynomial through the `order` points nearest in order.

    Shapes: `alphas` (n,), n ≥ `order`, which is even; the result (n − 1, n), zero but for `order` numbers in a row.
    They are the integrals of Lagrange's polynomials, for which Gauss–Legendre with half as many points is exact.
    """
    n = len(alphas)
    starts, lengths = alphas[:-1], alphas.diff()
    first = (torch.arange(n - 1, device=alphas.device) - order // 2 + 1).clamp(0, n - order)
    stencil = first[:, None] + torch.arange(order, device=alphas.device)
    points = (alphas[stencil] - starts[:, None]) / lengths[:, None]  # the stretch itself is [0, 1] now
    nodes, areas = quadrature("gausslegendre", order // 2, device=alphas.device)
    others = torch.eye(order, dtype=torch.bool, device=alphas.device).logical_not()
    away = (nodes[:, None] - points[:, None])[:, :, None]  # of each node from each point: (n − 1, nodes, 1, order)
    apart = points[:, None, :, None] - points[:, None, None]  # of the points from one another
    lagrange = torch.where(others, away / torch.where(others, apart, 1.0), 1.0).prod(dim=-1)
    integrals = lengths[:, None] * (areas @ lagrange)
    return torch.zeros(n - 1, n, dtype=alphas.dtype, device=alphas.device).scatter_(1, stencil, integrals)
