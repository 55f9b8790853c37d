r"""Forward and backward variables in; the gradient of the loss as the paper derives it, without autograd, out.

Graves 2012 (arXiv 1211.3711v1), section 2.5: the loss is −ln Pr(y | x), and its gradient follows from one pass forward
and one pass backward through the lattice.

$$\frac{\partial \mathcal{L}}{\partial \Pr(k \mid t, u)} = -\frac{\alpha(t, u)}{\Pr(y \mid x)}
\begin{cases} \beta(t, u + 1) & k = y_{u+1} \\ \beta(t + 1, u) & k = \varnothing \\ 0 & \text{otherwise} \end{cases}$$
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from reproductions.transducer.forward_backward import backward_variables, forward_variables, log_probability
from reproductions.transducer.lattice import NULL, null_probabilities, output_distribution, symbol_probabilities

if TYPE_CHECKING:
    from torch import Tensor


def gradient_of_probabilities(alpha: Tensor, beta: Tensor, log_pr: Tensor, y: Tensor, K: int) -> Tensor:
    """Return ∂L/∂Pr(k | t, u) (Equation 20).

    Shapes: ln α and ln β (B, T, U + 1), ln Pr(y | x) (B,), the output `y` (B, U), the result (B, T, U + 1, K). Lattices
    of full length only.

    Where it differs from the paper: not at all, but the last null needs β(T + 1, U) = 1, which no equation of the paper
    defines; all other β beyond the lattice are 0.
    """
    B, T, nodes = alpha.shape
    after_null = torch.cat([beta[:, 1:], beta.new_full((B, 1, nodes), -math.inf)], dim=1)  # β(t + 1, u)
    after_null[:, -1, -1] = 0.0
    gradient = alpha.new_zeros(B, T, nodes, K)
    gradient[..., NULL] = -(alpha + after_null - log_pr[:, None, None]).exp()
    after_symbol = -(alpha[:, :, :-1] + beta[:, :, 1:] - log_pr[:, None, None]).exp()
    following = y[:, None, :, None].expand(-1, T, -1, 1)
    gradient[:, :, :-1].scatter_(-1, following, after_symbol.unsqueeze(-1))
    return gradient


def gradient_of_density(gradient: Tensor, pr: Tensor) -> Tensor:
    """Return ∂L/∂ ln h(k, t, u): the gradient of Equation 20 taken back through the normalization of Equation 13.

    ∂Pr(k′)/∂ ln h(k) = Pr(k′) (δ_kk′ − Pr(k)), at each node. Shapes: `gradient` and `pr` = ln Pr(k | t, u), both
    (B, T, U + 1, K), and so the result.
    """
    probability = pr.exp()
    flow = gradient * probability
    return flow - probability * flow.sum(dim=-1, keepdim=True)


def gradients_of_vectors(f: Tensor, g: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Return ∂L/∂f_t^k and ∂L/∂g_u^k, of the sum of the losses: the two equations after Equation 20.

    A vector f_t enters every node of its column and a g_u every node of its row, so that each gathers a sum.
    Shapes: `f` (B, T, K), `g` (B, U + 1, K), `y` (B, U); the results are shaped as `f` and `g`.
    """
    pr = output_distribution(f, g)
    symbols, null = symbol_probabilities(pr, y), null_probabilities(pr)
    alpha, beta = forward_variables(symbols, null), backward_variables(symbols, null)
    log_pr = log_probability(alpha, null)
    at_nodes = gradient_of_density(gradient_of_probabilities(alpha, beta, log_pr, y, pr.shape[-1]), pr)
    return at_nodes.sum(dim=2), at_nodes.sum(dim=1)
