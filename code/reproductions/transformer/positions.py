r"""A number of positions in; a vector for each, out: sines and cosines of the position at wavelengths that grow.

Sinusoidal positional encoding: Vaswani and others 2017 (arXiv 1706.03762v7), section 3.5.

$$PE_{(pos, 2i)} = \sin(pos / 10000^{2i/d_\text{model}}), \qquad
PE_{(pos, 2i+1)} = \cos(pos / 10000^{2i/d_\text{model}})$$
"""

from __future__ import annotations

import torch
from torch import Tensor


def positional_encoding(n: int, d_model: int, *, dtype: torch.dtype = torch.float64) -> Tensor:
    """Return PE(pos, ·) for pos = 0 … n − 1: shape (n, d_model), sines at even and cosines at odd places.

    Where it differs from the paper: not at all. The authors' own code puts all sines before all cosines, an order that
    the next matrix can learn, and divides the exponents by d_model/2 − 1, which is another encoding
    (`reproductions.pegasus.positions` has both). The angles are computed in float64 and rounded once.

    Raises `ValueError` for an odd d_model.
    """
    angles = torch.arange(n, dtype=torch.float64).unsqueeze(-1) * frequencies(d_model)  # (n, d_model / 2)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(start_dim=-2).to(dtype)


def frequencies(d_model: int) -> Tensor:
    """Return ω_i = 10000^(−2i/d_model) for i = 0 … d_model/2 − 1, float64: the wavelengths are 2π/ω_i."""
    if d_model % 2:
        raise ValueError(f"each sine has its cosine, so d_model cannot be {d_model}; hint: take an even number")
    return 10000.0 ** (-torch.arange(0, d_model, 2, dtype=torch.float64) / d_model)


def offset_matrix(k: float, d_model: int) -> Tensor:
    r"""Return the matrix M_k with PE(pos + k) = M_k PE(pos) at every position: shape (d_model, d_model), float64.

    Section 3.5 says that there is one; the addition theorems give it. For each frequency it rotates a plane:

    $$\begin{pmatrix} \sin \omega(pos + k) \\ \cos \omega(pos + k) \end{pmatrix} =
    \begin{pmatrix} \cos \omega k & \sin \omega k \\ -\sin \omega k & \cos \omega k \end{pmatrix}
    \begin{pmatrix} \sin \omega\, pos \\ \cos \omega\, pos \end{pmatrix}$$
    """
    angles = k * frequencies(d_model)
    sin, cos = angles.sin(), angles.cos()
    rotations = torch.stack([torch.stack([cos, sin], -1), torch.stack([-sin, cos], -1)], -2)  # (d_model / 2, 2, 2)
    matrix: Tensor = torch.block_diag(*rotations)  # type: ignore[no-untyped-call]  # torch leaves it so
    return matrix
