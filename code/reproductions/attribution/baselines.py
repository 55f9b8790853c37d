"""Inputs in; the points from which the field lets a path to them start, out.

An attribution answers "compared with what?", and each baseline asks otherwise. For images Sturmfels, Lundberg and Lee
2020 ("Visualizing the Impact of Feature Attribution Baselines", Distill) compare most of these; for text the padding
token is the custom, and zero the choice of Sundararajan, Taly and Yan 2017 (arXiv 1703.01365v2, section 6).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch.nn.functional import conv1d, pad

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor


def zero_baseline(x: Tensor) -> Tensor:
    """Return zeros in the shape of `x`: a black image, an embedding of no length."""
    return torch.zeros_like(x)


def padding_baseline(ids: Tensor, *, padding: int, kept: Sequence[int] = ()) -> Tensor:
    """Return token ids with every token replaced by the padding token, but for those in `kept`.

    Shapes: `ids` (B, tokens), the result the same. Special tokens, such as [CLS] and [SEP], belong into `kept`: they
    are in every sentence, so that a sentence without them is not one that says nothing.
    """
    keep = torch.isin(ids, torch.tensor(kept, dtype=ids.dtype, device=ids.device))
    return torch.where(keep, ids, padding)


def mean_embedding_baseline(embeddings: Tensor, weight: Tensor) -> Tensor:
    """Return the vocabulary's mean embedding at every token, the one that tells no word from another.

    Shapes: `embeddings` (B, tokens, d), `weight` (vocabulary, d), the result (B, tokens, d), detached.
    """
    return weight.detach().mean(dim=0).to(embeddings.device, embeddings.dtype).expand_as(embeddings)


def random_baseline(x: Tensor, *, seed: int) -> Tensor:
    """Return normal numbers with the mean and the standard deviation that each example has over its features.

    Shapes: `x` (B, …), the result the same. One draw is one question; average the attributions over several.
    """
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(x.shape, generator=generator, dtype=torch.float64, device="cpu")  # the same on every device
    axes = tuple(range(1, x.dim()))
    mean, deviation = x.mean(dim=axes, keepdim=True), x.std(dim=axes, keepdim=True)
    return mean + deviation * noise.to(x.device, x.dtype)


def blurred_baseline(x: Tensor, *, sigma: float, axes: Sequence[int]) -> Tensor:
    """Return `x` blurred by a Gaussian of standard deviation `sigma` along the axes: the outline without the detail.

    Shapes: `x` (B, …), the result the same; `sigma` in steps along the axis. Beyond an edge its value goes on. For
    images blur both spatial axes, for a sequence of embeddings the axis of tokens.

    Raises `ValueError` when `sigma` is not positive.
    """
    if not sigma > 0:
        raise ValueError(f"a Gaussian of standard deviation {sigma} blurs nothing")
    reach = math.ceil(3 * sigma)
    steps = torch.arange(-reach, reach + 1, device=x.device, dtype=x.dtype)
    kernel = torch.exp(-((steps / sigma) ** 2) / 2)
    kernel = (kernel / kernel.sum())[None, None]
    for axis in axes:
        along = x.movedim(axis, -1)
        rows = pad(along.reshape(-1, 1, along.shape[-1]), (reach, reach), mode="replicate")
        x = conv1d(rows, kernel).reshape(along.shape).movedim(-1, axis)
    return x
