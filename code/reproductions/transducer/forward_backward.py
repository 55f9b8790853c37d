r"""The probabilities on the edges of an output lattice in; the probability of the output, summed over all paths, out.

The forward–backward algorithm of Graves 2012 (arXiv 1211.3711v1), section 2.4, and the loss of section 2.5. In log
space: `y` is ln y(t, u), shape (B, T, U), `null` is ln ∅(t, u), shape (B, T, U + 1), as `lattice.lattice` returns them.
Where the sequences of a batch differ in length, `T` and `U`, each of shape (B,), are their lengths; the lattice of each
then ends at its own terminal node, and what lies beyond is never looked at.

$$\alpha(t, u) = \alpha(t - 1, u) \, \varnothing(t - 1, u) + \alpha(t, u - 1) \, y(t, u - 1)$$
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from reproductions.transducer.lattice import lattice


def forward_variables(y: Tensor, null: Tensor) -> Tensor:
    """Return ln α(t, u), of writing the first u symbols and being at input step t (Equation 16): shape (B, T, U + 1).

    α(1, 0) = 1; what has no edge into it from one side takes the other side alone.

    Where it differs from the paper: logarithms, since the product of some hundred probabilities underflows.
    """
    B, T, nodes = null.shape
    alpha: list[list[Tensor]] = []
    for t in range(T):
        alpha.append([])
        for u in range(nodes):
            into = []
            if t > 0:
                into.append(alpha[t - 1][u] + null[:, t - 1, u])
            if u > 0:
                into.append(alpha[t][u - 1] + y[:, t, u - 1])
            alpha[t].append(_log_sum(into) if into else null.new_zeros(B))
    return torch.stack([torch.stack(row, dim=-1) for row in alpha], dim=1)


def log_probability(alpha: Tensor, null: Tensor, T: Tensor | None = None, U: Tensor | None = None) -> Tensor:
    """Return ln Pr(y | x) = ln α(T, U) ∅(T, U) (Equation 17): shapes (B, T, U + 1) twice, to (B,).

    The last null is what ends the sequence. Without it, the number is the probability of a prefix.
    """
    T, U = _lengths(null, T, U)
    each = torch.arange(len(null))
    return alpha[each, T - 1, U] + null[each, T - 1, U]


def backward_variables(y: Tensor, null: Tensor, T: Tensor | None = None, U: Tensor | None = None) -> Tensor:
    """Return ln β(t, u), of writing the symbols after the u-th from (t, u) on (Equation 18): shape (B, T, U + 1).

    β(T, U) = ∅(T, U), the terminal node of each sequence; −∞ at nodes from which it cannot be reached.
    """
    B, steps, nodes = null.shape
    T, U = _lengths(null, T, U)
    nothing = null.new_full((B,), -math.inf)
    beta = [[nothing] * nodes for _ in range(steps + 1)]
    for t in reversed(range(steps)):
        for u in reversed(range(nodes)):
            onward = [beta[t + 1][u] + null[:, t, u]]
            if u < nodes - 1:
                onward.append(beta[t][u + 1] + y[:, t, u])
            terminal = T.eq(t + 1) & U.eq(u)
            beta[t][u] = torch.where(terminal, null[:, t, u], _log_sum(onward))
    return torch.stack([torch.stack(row, dim=-1) for row in beta[:steps]], dim=1)


def log_probability_on_diagonals(alpha: Tensor, beta: Tensor) -> Tensor:
    """Return ln Σ α(t, u) β(t, u) over each diagonal t + u = n (Equation 19): (B, T, U + 1) twice, to (B, T + U).

    Every path crosses every diagonal once, so that all the sums are Pr(y | x). Lattices of full length only.
    """
    product = (alpha + beta).flip(1)  # a falling diagonal becomes one that torch can take
    T, nodes = product.shape[1:]
    return torch.stack(
        [product.diagonal(offset=n - T + 1, dim1=1, dim2=2).logsumexp(dim=-1) for n in range(T + nodes - 1)], dim=1
    )


def node_posteriors(alpha: Tensor, beta: Tensor, log_pr: Tensor) -> Tensor:
    """Return α(t, u) β(t, u) / Pr(y | x), the share of the paths through each node: Figure 2, shape (B, T, U + 1).

    Where it differs from the paper: the paper says (section 2.4) that the product is the probability of the output when
    y_u is written at step t. It counts more: a path may pass (t, u) having written y_u some steps ago. What the
    sentence describes is `emission_posteriors`.
    """
    return (alpha + beta - log_pr[:, None, None]).exp()


def emission_posteriors(alpha: Tensor, beta: Tensor, y: Tensor, log_pr: Tensor) -> Tensor:
    """Return α(t, u) y(t, u) β(t, u + 1) / Pr(y | x): when symbol u + 1 is written, given the output. Shape (B, T, U).

    A path writes each symbol once, so that the sum over t is 1 for every symbol.
    """
    return (alpha[:, :, :-1] + y + beta[:, :, 1:] - log_pr[:, None, None]).exp()


def transducer_loss(f: Tensor, g: Tensor, y: Tensor, T: Tensor | None = None, U: Tensor | None = None) -> Tensor:
    """Return L = −ln Pr(y | x) of each sequence (section 2.5), in nats.

    Shapes: `f` (B, T, K), `g` (B, U + 1, K), `y` (B, U), the result (B,). Autograd gives its gradient; the paper's own
    is in `reproductions.transducer.gradients`.
    """
    symbols, null = lattice(f, g, y)
    return -log_probability(forward_variables(symbols, null), null, T, U)


def _log_sum(terms: list[Tensor]) -> Tensor:
    return terms[0] if len(terms) == 1 else torch.logaddexp(*terms)


def _lengths(null: Tensor, T: Tensor | None, U: Tensor | None) -> tuple[Tensor, Tensor]:
    B, steps, nodes = null.shape
    return torch.full((B,), steps) if T is None else T, torch.full((B,), nodes - 1) if U is None else U
