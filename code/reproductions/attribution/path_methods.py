r"""A function F and a path from the baseline x′ to the input x in; the attributions along that path, out.

Path methods generalize Integrated Gradients, whose path is the straight line: Sundararajan, Taly and Yan 2017 (arXiv
1703.01365v2), section 4.1.

$$\mathrm{PathIG}^{\gamma}_i(x) = \int_0^1 \frac{\partial F(\gamma(\alpha))}{\partial \gamma_i(\alpha)}
\frac{\partial \gamma_i(\alpha)}{\partial \alpha} \, d\alpha$$
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import permutations
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from reproductions.attribution.gradients import gradients
from reproductions.attribution.integrated_gradients import baseline_for, quadrature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reproductions.attribution.gradients import Function
    from reproductions.attribution.integrated_gradients import Quadrature

Path = Callable[[Tensor], Tensor]
"""γ: a number α of [0, 1] in; a batch of points, shape (B, …), out; γ(0) = x′ and γ(1) = x. Smooth."""


def path_integrated_gradients(
    F: Function, gamma: Path, *, n_steps: int = 50, method: Quadrature = "gausslegendre"
) -> Tensor:
    """Return the attributions of Equation 2 (section 4.1) along the path `gamma`.

    Shapes: `gamma(alpha)` (B, …) for a scalar `alpha`, the result (B, …) in its dtype. The path's velocity ∂γ/∂α is
    taken by autograd, so `gamma` must be made of torch operations.

    Where it differs from the paper: the integral is taken by a quadrature.
    """
    start = gamma(torch.tensor(0.0, dtype=torch.float64, device="cpu"))
    alphas, weights = quadrature(method, n_steps, dtype=start.dtype, device=start.device)
    attributions = torch.zeros_like(start)
    for alpha, weight in zip(alphas, weights, strict=True):
        attributions += weight * gradients(F, gamma(alpha)) * _velocity(gamma, alpha)
    return attributions


def bent_path(x: Tensor, x_prime: Tensor) -> Path:
    """Return the monotone path on which feature i moves as αⁱ: the first features lead, the last ones follow.

    Shapes: `x` (B, n), `x_prime` broadcasts to it, the points (B, n).
    """
    powers = torch.arange(1, x.shape[1] + 1, dtype=x.dtype, device=x.device)
    return lambda alpha: x_prime + alpha**powers * (x - x_prime)


def _velocity(gamma: Path, alpha: Tensor) -> Tensor:
    """Return ∂γ/∂α, by going back twice: Σ uᵢ ∂γᵢ/∂α is linear in u, and its gradient in u is the velocity."""
    with torch.enable_grad():
        alpha = alpha.detach().requires_grad_()
        point = gamma(alpha)
        u = torch.zeros_like(point, requires_grad=True)
        (along_u,) = torch.autograd.grad(point, alpha, u, create_graph=True)
        (velocity,) = torch.autograd.grad(along_u, u)
    return velocity


def one_feature_after_another(F: Function, x: Tensor, x_prime: Tensor, *, order: Sequence[int]) -> Tensor:
    """Return the attributions along the path that moves the features from x′ to x one by one (Remark 5).

    Shapes: `x` (B, n), `x_prime` broadcasts to it, `order` a permutation of range(n), the result (B, n). Each leg of
    the path moves one feature, so that by completeness the feature's attribution is the change of F on that leg: no
    gradient is needed, and the result is exact.
    """
    attributions = torch.zeros_like(x)
    corner = baseline_for(x, x_prime).clone()
    with torch.no_grad():
        before = F(corner)
        for i in order:
            corner[:, i] = x[:, i]
            after = F(corner)
            attributions[:, i] = after - before
            before = after
    return attributions


def shapley_shubik(F: Function, x: Tensor, x_prime: Tensor) -> Tensor:
    """Return the average of `one_feature_after_another` over all n! orders (Remark 5).

    Shapes: `x` (B, n), `x_prime` broadcasts to it, the result (B, n). For a handful of features only.
    """
    n = x.shape[1]
    total = torch.zeros_like(x)
    for order in permutations(range(n)):
        total += one_feature_after_another(F, x, x_prime, order=order)
    return total / math.factorial(n)
