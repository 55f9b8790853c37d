"""A text as a classifier reads it in; a score for each of its tokens by each of the methods, out.

All ask about the logit of one label, but for the rollout, which asks nothing. Scores are (T,), special tokens included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from reproductions.attribution.gradients import gradient_times_input, gradients
from reproductions.attribution.input_attribution import IntegratedGradients
from reproductions.attribution.leave_one_out import leave_one_out
from reproductions.attribution.rollout import attention_rollout
from reproductions.attribution.smoothgrad import smooth_gradients
from reproductions.attribution.token_summaries import token_lengths, token_sums

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from reproductions.attribution.reading import Reading

NOISE = 0.15
"""Of SmoothGrad, as a share of the range of the embeddings: in the middle of what its paper recommends."""


def by_saliency(reading: Reading) -> Tensor:
    """Return the length of the gradient at each token's embedding: how fast the logit could move, no sign."""
    return token_lengths(gradients(reading.logit_of_embeddings, reading.embeddings(reading.ids)))[0]


def by_input_times_gradient(reading: Reading) -> Tensor:
    """Return the sum of (x − x′) × gradient over each token's embedding, x′ the padding token's."""
    x, x_prime = reading.embeddings(reading.ids), reading.embeddings(reading.baseline_ids)
    return token_sums(gradient_times_input(reading.logit_of_embeddings, x, x_prime))[0]


def by_smoothgrad(reading: Reading) -> Tensor:
    """Return the length of the gradient at each token's embedding, smoothed by noise."""
    x = reading.embeddings(reading.ids)
    sigma = NOISE * (x.max() - x.min()).item()
    return token_lengths(smooth_gradients(reading.logit_of_embeddings, x, sigma=sigma, n=20))[0]


def by_integrated_gradients(reading: Reading, *, n_steps: int = 50) -> Tensor:
    """Return the sum of integrated gradients over each token's embedding, from the padding token's."""
    x, x_prime = reading.embeddings(reading.ids), reading.embeddings(reading.baseline_ids)
    return token_sums(IntegratedGradients(reading.logit_of_embeddings).attribute(x, x_prime, n_steps=n_steps))[0]


def by_rollout(reading: Reading) -> Tensor:
    """Return each token's share, by rollout, of the first position, which the classifier's head reads."""
    return attention_rollout(reading.attentions())[0, 0]


def by_leaving_one_out(reading: Reading) -> Tensor:
    """Return what the target's score loses when a token is masked; zero for special tokens."""
    ordinary = ~reading.special
    scores = torch.zeros(len(ordinary), device=ordinary.device)
    scores[ordinary] = leave_one_out(reading.presence(), int(ordinary.sum()))
    return scores


def at_random(reading: Reading, *, seed: int = 0) -> Tensor:
    """Return random scores: what each of the others must beat."""
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(len(reading.tokens), generator=generator, device="cpu").to(reading.ids.device)


METHODS: dict[str, Callable[[Reading], Tensor]] = {
    "integrated gradients": by_integrated_gradients,
    "leave one out": by_leaving_one_out,
    "input × gradient": by_input_times_gradient,
    "SmoothGrad": by_smoothgrad,
    "saliency": by_saliency,
    "attention rollout": by_rollout,
    "random": at_random,
}
