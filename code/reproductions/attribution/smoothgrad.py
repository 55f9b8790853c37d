"""A function F and inputs x in; gradients of F at x, smoothed by noise, out.

Smilkov, Thorat, Kim, Viégas and Wattenberg 2017 (arXiv 1706.03825), section 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from reproductions.attribution.gradients import gradients

if TYPE_CHECKING:
    from torch import Tensor

    from reproductions.attribution.gradients import Function


def smooth_gradients(F: Function, x: Tensor, *, sigma: float, n: int = 50, seed: int = 0) -> Tensor:
    """Return the mean gradient at n noisy copies of each input: (1/n) Σ ∂F(x + 𝒩(0, σ²))/∂x.

    Shapes: `x` (B, …), the result (B, …); `sigma` in the units of x.

    Where it differs from the paper: there the map that is averaged may be any, and the noise is a share of the image's
    range, 10 to 20 %; here it is the gradient, sign and all, and the noise is absolute.
    """
    generator = torch.Generator(x.device).manual_seed(seed)
    noise = sigma * torch.randn((n, *x.shape), generator=generator, dtype=x.dtype, device=x.device)
    return torch.stack([gradients(F, x + one) for one in noise]).mean(dim=0)
