r"""A number of positions in; a vector for each, out: sines in the first half, cosines in the second.

PEGASUS takes its positions from Vaswani and others 2017 (arXiv 1706.03762, section 3.5), whose formula has sines and
cosines in turn. Three orders and spacings are about:

| | order | exponents of 10000, i = 0 … N − 1, N = d/2 |
|---|---|---|
| the formula of Vaswani and others | in turn | −i/N |
| `transformers`, from which people load PEGASUS | halves | −i/N |
| the code that trained PEGASUS | halves | −i/(N − 1) |
"""

from __future__ import annotations

import torch
from torch import Tensor


def pegasus_positions(n: int, d: int) -> Tensor:
    """Return the positions of `transformers`' Pegasus: shape (n, d), float64.

    Raises `ValueError` for an odd d.
    """
    return _halves(n, _exponents(d, last=1 - 2 / d))


def original_positions(n: int, d: int) -> Tensor:
    """Return the positions of the code that trained PEGASUS (github.com/google-research/pegasus, `layers/timing.py`).

    Shape (n, d), float64. Its wavelengths go to 2π · 10000 itself, where the formula stops one step short of it.

    Raises `ValueError` for an odd d.
    """
    return _halves(n, _exponents(d, last=1.0))


def interleaved_positions(n: int, d: int) -> Tensor:
    """Return the positions by the formula of Vaswani and others, sines and cosines in turn: shape (n, d), float64.

    Raises `ValueError` for an odd d.
    """
    sines, cosines = pegasus_positions(n, d).chunk(2, dim=1)
    return torch.stack([sines, cosines], dim=-1).flatten(start_dim=1)


def _exponents(d: int, *, last: float) -> Tensor:
    if d % 2:
        raise ValueError(f"each sine has its cosine, so d cannot be {d}; hint: take an even number")
    return torch.linspace(0, last, d // 2, dtype=torch.float64)


def _halves(n: int, exponents: Tensor) -> Tensor:
    angles = torch.arange(n, dtype=torch.float64).unsqueeze(-1) * 10000.0**-exponents  # (n, d / 2)
    return torch.cat([angles.sin(), angles.cos()], dim=-1)
