r"""A decoder state and the annotations of the source in; how well each annotation matches the state, out.

The alignment model of Bahdanau, Cho and Bengio 2014 (arXiv 1409.0473v7), appendix A.1.2: a network with one hidden
layer, which others came to call additive attention.

$$e_{ij} = a(s_{i-1}, h_j) = v_a^\top \tanh(W_a s_{i-1} + U_a h_j)$$

In the paper's experiments the state has n = 1000 units, an annotation 2n (one half from each direction), and the hidden
layer n′ = 1000.
"""

from __future__ import annotations

import torch
from torch import Tensor


def energies(s: Tensor, h: Tensor, *, v_a: Tensor, W_a: Tensor, U_a: Tensor) -> Tensor:
    """Return eᵢⱼ for one target position i and all source positions j (appendix A.1.2).

    Shapes: `s` (B, n) is the state sᵢ₋₁ before the word is emitted, `h` (B, T_x, 2n), `v_a` (n′,), `W_a` (n′, n), `U_a`
    (n′, 2n), the result (B, T_x).

    Where it differs from the paper: not at all; like the paper's formula it has no bias.
    """
    return torch.tanh((s @ W_a.T).unsqueeze(1) + h @ U_a.T) @ v_a


def annotation_terms(h: Tensor, *, U_a: Tensor) -> Tensor:
    """Return U_a hⱼ, which does not depend on i and serves all target positions (appendix A.1.2).

    Shapes: `h` (B, T_x, 2n), `U_a` (n′, 2n), the result (B, T_x, n′).
    """
    return h @ U_a.T


def energies_in_advance(s: Tensor, U_a_h: Tensor, *, v_a: Tensor, W_a: Tensor) -> Tensor:
    """Return eᵢⱼ from the `annotation_terms` that were computed in advance.

    Shapes: `s` (B, n), `U_a_h` (B, T_x, n′), `v_a` (n′,), `W_a` (n′, n), the result (B, T_x).
    """
    return torch.tanh((s @ W_a.T).unsqueeze(1) + U_a_h) @ v_a
