"""Nothing in; one number, or a few named ones, out of each function: what is claimed of attention, its heads and masks.

Vaswani and others 2017 (arXiv 1706.03762v7), sections 3.1 and 3.2. A check and its control are the same
measurement, taken of two methods. All numbers come from fixed seeds.
"""

from __future__ import annotations

import math

import torch
from torch.utils.flop_counter import FlopCounterMode

from reproductions.normal import normal
from reproductions.transformer.copying import SMALL
from reproductions.transformer.model import Transformer
from reproductions.transformer.multi_head import MultiHead
from reproductions.transformer.scaled_dot_product import attention_weights

# Scaled dot-product attention: section 3.2.1, footnote 4.

SIZES = (16, 64, 256, 1024)
"""Sizes d_k of queries and keys."""


def variance_of_a_dot_product() -> dict[str, float]:
    """Return the variance of q·k over d_k, from 20,000 pairs of independent standard normal q and k."""
    return _variance_of_a_dot_product(correlation=0.0)


def variance_of_a_dot_product_of_dependent_vectors() -> dict[str, float]:
    """Return the same where each component of k is correlated with that of q, by one half."""
    return _variance_of_a_dot_product(correlation=0.5)


def _variance_of_a_dot_product(*, correlation: float) -> dict[str, float]:
    found = {}
    for d_k in SIZES:
        q, noise = normal(20_000, d_k, seed=0), normal(20_000, d_k, seed=1)
        k = correlation * q + math.sqrt(1 - correlation**2) * noise
        found[f"d_k = {d_k}"] = (q * k).sum(dim=1).var().item() / d_k
    return found


def gradient_kept_through_the_softmax() -> dict[str, float]:
    """Return the size of the softmax's Jacobian at each d_k over that at d_k = 16, with the scores divided by √d_k."""
    return _gradient_through_the_softmax(scaled=True)


def gradient_kept_without_the_scale() -> dict[str, float]:
    """Return the same without the division."""
    return _gradient_through_the_softmax(scaled=False)


def _gradient_through_the_softmax(*, scaled: bool) -> dict[str, float]:
    """Average the Frobenius norm of diag(a) − a aᵀ over 200 queries that look at 32 keys each."""
    sizes = {}
    for d_k in SIZES:
        a = attention_weights(normal(200, 1, d_k, seed=2), normal(200, 32, d_k, seed=3), scaled=scaled)[:, 0]
        jacobian = torch.diag_embed(a) - a.unsqueeze(-1) * a.unsqueeze(-2)
        sizes[d_k] = jacobian.flatten(start_dim=1).norm(dim=1).mean().item()
    return {f"d_k = {d_k}": sizes[d_k] / sizes[SIZES[0]] for d_k in SIZES[1:]}


# Multi-head attention: section 3.2.2.


def cost_of_eight_heads() -> float:
    """Return the multiply-adds of 8 heads of size d_model / 8, over those of one head of full size."""
    return _cost_of_heads(8, 64) / _cost_of_heads(1, 512)


def cost_of_eight_full_heads() -> float:
    """Return the same for 8 heads of full size."""
    return _cost_of_heads(8, 512) / _cost_of_heads(1, 512)


def _cost_of_heads(h: int, d: int) -> int:
    with torch.device("meta"):
        multi_head, x = MultiHead(512, h, d_k=d, d_v=d), torch.empty(1, 50, 512)
    with FlopCounterMode(display=False) as counter:
        multi_head(x, x, x)
    return int(counter.get_total_flops())


# The decoder's mask: section 3.1.


def leak_from_later_words() -> float:
    """Return how much the logits of the first 5 positions move, at most, when all later target words change."""
    return _leak_from_later_words(causal=True)


def leak_without_the_mask() -> float:
    """Return the same without the mask."""
    return _leak_from_later_words(causal=False)


def _leak_from_later_words(*, causal: bool) -> float:
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(4)
        model = Transformer(SMALL, vocabulary=20, causal=causal).double().eval()
        source, target, other = torch.randint(20, (3, 8, 10))
    other[:, :5] = target[:, :5]
    with torch.no_grad():
        return float((model(source, target) - model(source, other))[:, :5].abs().max())
