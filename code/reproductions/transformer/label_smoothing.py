r"""Logits and the right words in; the loss against targets that are never quite sure, out.

Label smoothing: Vaswani and others 2017 (arXiv 1706.03762v7), section 5.4, with ε_ls = 0.1, as Szegedy and others 2015
(arXiv 1512.00567), section 7, define it: the right word keeps 1 − ε, and ε is spread over all K words, the right one
among them.

$$q'(k) = (1 - \varepsilon)\, \delta_{k, y} + \frac{\varepsilon}{K}$$
"""

from __future__ import annotations

import torch
from torch import Tensor


def smoothed_targets(y: Tensor, K: int, *, epsilon: float = 0.1, dtype: torch.dtype = torch.float32) -> Tensor:
    """Return q′(k) for each word: `y` (…,) in, (…, K) out."""
    right = torch.nn.functional.one_hot(y, K).to(dtype)
    return (1 - epsilon) * right + epsilon / K


def smoothed_loss(logits: Tensor, y: Tensor, *, epsilon: float = 0.1) -> Tensor:
    """Return the mean of −Σ_k q′(k) log p(k) over all words: `logits` (…, K) and `y` (…,) in, a number out."""
    q = smoothed_targets(y, logits.shape[-1], epsilon=epsilon, dtype=logits.dtype)
    return -(q * logits.log_softmax(dim=-1)).sum(dim=-1).mean()


def most_certain(K: int, *, epsilon: float) -> float:
    """Return the probability that the least smoothed loss gives to the right word: 1 − ε + ε/K (Gibbs)."""
    return 1 - epsilon + epsilon / K
