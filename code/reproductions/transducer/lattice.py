r"""What two networks say of the next symbol in; the probabilities on the edges of the output lattice, out.

The output distribution of Graves 2012, "Sequence Transduction with Recurrent Neural Networks" (arXiv 1211.3711v1),
section 2.3. The lattice has a node (t, u) for each input step t and each number u of symbols written so far. From
there a null output ∅ leads to (t + 1, u), and the symbol y_{u+1} to (t, u + 1):

$$y(t, u) \equiv \Pr(y_{u+1} \mid t, u), \qquad \varnothing(t, u) \equiv \Pr(\varnothing \mid t, u)$$

Shapes: B sequences, T input steps, U output symbols, K labels of which number `NULL` is ∅. The paper counts t from 1,
tensors count from 0; u runs from 0 in both. All functions take and return logarithms of the paper's quantities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor

NULL = 0
"""The label of the null output ∅; an output sequence holds the labels 1 … K − 1."""


def output_density(f: Tensor, g: Tensor) -> Tensor:
    """Return ln h(k, t, u) = f_t^k + g_u^k (Equation 12).

    Shapes: the transcription vectors `f` (B, T, K), the prediction vectors `g` (B, U + 1, K), the result
    (B, T, U + 1, K).

    Where it differs from the paper: logarithms. The paper multiplies exp(f_t^k) by exp(g_u^k), each computed once,
    which saves T U exponentials and overflows where one of them leaves the range of the numbers.
    """
    return f.unsqueeze(2) + g.unsqueeze(1)


def output_distribution(f: Tensor, g: Tensor) -> Tensor:
    """Return ln Pr(k | t, u), the density normalized over the labels (Equation 13).

    Shapes: `f` (B, T, K), `g` (B, U + 1, K), the result (B, T, U + 1, K).
    """
    return output_density(f, g).log_softmax(dim=-1)


def symbol_probabilities(pr: Tensor, y: Tensor) -> Tensor:
    """Return ln y(t, u), that the next symbol of the output is written at (t, u) (Equation 14).

    Shapes: `pr` = ln Pr(k | t, u) (B, T, U + 1, K), the output sequences `y` (B, U) of int64, the result (B, T, U).
    What a row of `y` holds beyond its own length does not matter.

    Raises `ValueError` where there is not one node more than there are symbols.
    """
    U = y.shape[1]
    if pr.shape[2] != U + 1:
        raise ValueError(f"{U} symbols need {U + 1} rows of nodes, not {pr.shape[2]}; hint: g starts before the first")
    following = y[:, None, :, None].expand(-1, pr.shape[1], -1, 1)  # (B, T, U, 1)
    return pr[:, :, :U].gather(-1, following).squeeze(-1)


def null_probabilities(pr: Tensor) -> Tensor:
    """Return ln ∅(t, u), that no more is written at input step t (Equation 15): (B, T, U + 1, K) to (B, T, U + 1)."""
    return pr[..., NULL]


def lattice(f: Tensor, g: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Return ln y(t, u), shape (B, T, U), and ln ∅(t, u), shape (B, T, U + 1), for `f`, `g` and `y` as above."""
    pr = output_distribution(f, g)
    return symbol_probabilities(pr, y), null_probabilities(pr)


def random_lattice(T: int, U: int, *, seed: int, K: int = 4, B: int = 1) -> tuple[Tensor, Tensor, Tensor]:
    """Return standard normal f (B, T, K) and g (B, U + 1, K), float64, and an output sequence y (B, U) for them."""
    generator = torch.Generator().manual_seed(seed)
    f = torch.randn(B, T, K, generator=generator, dtype=torch.float64)
    g = torch.randn(B, U + 1, K, generator=generator, dtype=torch.float64)
    return f, g, torch.randint(1, K, (B, U), generator=generator)
