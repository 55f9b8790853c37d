r"""A function F, inputs x and a baseline x′ in; how much each feature of x contributed to F(x) − F(x′), out.

Integrated Gradients, from Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep Networks" (ICML 2017, arXiv
1703.01365v2), as the paper writes it: walk in a straight line from the baseline to the input, and gather the gradient
on the way.

$$\mathrm{IG}_i(x) = (x_i - x'_i) \int_0^1 \frac{\partial F(x' + \alpha (x - x'))}{\partial x_i} \, d\alpha$$

`F` takes a batch, shape (B, …), and returns one number for each input, shape (B,).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import torch

from reproductions.attribution.gradients import gradients

if TYPE_CHECKING:
    from torch import Tensor

    from reproductions.attribution.gradients import Function

Quadrature = Literal["gausslegendre", "riemann_left", "riemann_right", "riemann_middle", "riemann_trapezoid"]
"""How the integral over α becomes a sum; the names are Captum's."""


def integrated_gradients(
    F: Function, x: Tensor, x_prime: Tensor, *, n_steps: int = 50, method: Quadrature = "gausslegendre"
) -> Tensor:
    """Return the attributions of Equation 1 (section 3), its integral taken by a quadrature.

    Shapes: `x` (B, …), `x_prime` broadcasts to it, the result (B, …) in the dtype of `x`. The cost is `n_steps`
    gradients of a batch of B; the memory is that of one.

    Where it differs from the paper: the paper integrates with the right Riemann sum of Equation 3
    (`method="riemann_right"`); on a smooth F, Gauss–Legendre needs far fewer steps.

    Raises `ValueError` for a baseline that does not fit `x`, an unknown method, too few steps, or an F of which
    `gradients` cannot take a gradient.
    """
    x_prime = baseline_for(x, x_prime)
    alphas, weights = quadrature(method, n_steps, dtype=x.dtype, device=x.device)
    average_gradient = torch.zeros_like(x)
    for alpha, weight in zip(alphas, weights, strict=True):
        average_gradient += weight * gradients(F, x_prime + alpha * (x - x_prime))
    return (x - x_prime) * average_gradient


def integrated_gradients_approx(F: Function, x: Tensor, x_prime: Tensor, *, m: int) -> Tensor:
    """Return the attributions of Equation 3 (section 5): `m` steps of a right Riemann sum.

    Shapes: `x` (B, …), `x_prime` broadcasts to it, the result (B, …) in the dtype of `x`.

    Where it differs from the paper: not at all. `integrated_gradients` with `method="riemann_right"` is the same sum.
    """
    if m < 1:
        raise ValueError(f"a sum of {m} steps is empty; hint: the paper recommends 20 to 300")
    x_prime = baseline_for(x, x_prime)
    total = torch.zeros_like(x)
    for k in range(1, m + 1):
        total += gradients(F, x_prime + k / m * (x - x_prime))
    return (x - x_prime) * total / m


def completeness_gap(F: Function, x: Tensor, x_prime: Tensor, attributions: Tensor) -> Tensor:
    """Return Σᵢ attributionsᵢ − (F(x) − F(x′)), which is zero for the exact integral (Proposition 1).

    Shapes: `x` and `attributions` (B, …), `x_prime` broadcasts to them, the result (B,). The paper recommends
    to look at it, and to take more steps when it is large (section 5); Captum calls it the convergence delta.
    """
    with torch.no_grad():
        difference = F(x) - F(baseline_for(x, x_prime))
    return attributions.flatten(start_dim=1).sum(dim=1) - difference


def quadrature(
    method: Quadrature, n: int, *, dtype: torch.dtype = torch.float64, device: torch.device | str = "cpu"
) -> tuple[Tensor, Tensor]:
    """Return where on [0, 1] to look, and how much each look counts: alphas and weights, each of shape (n,).

    The weights add up to one, so that the attributions of a linear function are exact with every method. The error on
    a smooth function falls as n⁻¹ for `riemann_left` and `riemann_right`, as n⁻² for `riemann_middle` and
    `riemann_trapezoid`; `gausslegendre` is exact on polynomials up to degree 2n − 1.

    Where it differs from Captum 0.9: the weights of Captum's `riemann_trapezoid` add up to 1 − 1/n only, so that it
    underrates every attribution by that factor; and Captum's Riemann alphas are rounded to float32. Both are computed
    in float64 here, then rounded once to `dtype`.

    Raises `ValueError` for an unknown method, or for fewer steps than the method needs.
    """
    fewest = 2 if method == "riemann_trapezoid" else 1
    if n < fewest:
        raise ValueError(f"{method} takes {fewest} or more steps, not {n}")
    match method:
        case "gausslegendre":
            nodes, areas = _gauss_legendre(n)  # on [−1, 1], whose length is 2
            alphas, weights = (1 + nodes) / 2, areas / 2
        case "riemann_left":
            alphas, weights = np.arange(n) / n, np.full(n, 1 / n)
        case "riemann_right":
            alphas, weights = np.arange(1, n + 1) / n, np.full(n, 1 / n)
        case "riemann_middle":
            alphas, weights = (np.arange(n) + 0.5) / n, np.full(n, 1 / n)
        case "riemann_trapezoid":
            alphas, weights = np.arange(n) / (n - 1), np.full(n, 1 / (n - 1))
            weights[[0, -1]] /= 2
        case _:
            raise ValueError(f"unknown method '{method}'; hint: one of {', '.join(get_args(Quadrature))}")
    return torch.tensor(alphas, dtype=dtype, device=device), torch.tensor(weights, dtype=dtype, device=device)


@lru_cache(maxsize=16)
def _gauss_legendre(n: int) -> tuple[np.ndarray, np.ndarray]:
    # kept, since to find the points takes as long as a pass through a small network
    return np.polynomial.legendre.leggauss(n)


def baseline_for(x: Tensor, x_prime: Tensor) -> Tensor:
    """Return x′ in the shape and dtype of `x`, where `x` is; raise `ValueError` when it does not broadcast to it."""
    try:
        return x_prime.to(x.device, x.dtype).expand_as(x)
    except RuntimeError:
        raise ValueError(
            f"a baseline of shape {tuple(x_prime.shape)} does not fit inputs of shape {tuple(x.shape)}; "
            "hint: give one baseline for all, or one for each input"
        ) from None
