"""Nothing in; one number, or a few named ones, out of each function: what is claimed of training, and what it reaches.

Vaswani and others 2017 (arXiv 1706.03762v7), sections 5.3, 5.4 and 6.1; the task is ours. A check and its control are
the same measurement, taken of two methods. All numbers come from fixed seeds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from reproductions.transformer.copying import exact, learnt, pairs
from reproductions.transformer.label_smoothing import smoothed_loss
from reproductions.transformer.schedule import lrate

if TYPE_CHECKING:
    from collections.abc import Callable

# Learning rate: section 5.3, Equation 3.


def steps_from_peak_to_warmup() -> dict[str, float]:
    """Return how far the step of the highest learning rate is from the end of the warm-up, for three warm-ups."""
    return _steps_from_peak_to_warmup(lambda step, warmup: lrate(step, warmup=warmup))


def steps_from_peak_to_warmup_without_one() -> dict[str, float]:
    """Return the same for the second branch of Equation 3 alone, step^(−1/2)."""
    return _steps_from_peak_to_warmup(lambda step, _: step**-0.5)


def _steps_from_peak_to_warmup(rate: Callable[[int, int], float]) -> dict[str, float]:
    return {
        f"warm-up {warmup}": float(abs(max(range(1, 20_001), key=lambda step: rate(step, warmup)) - warmup))
        for warmup in (400, 4000, 16_000)
    }


# Label smoothing: section 5.4.


def perplexity_of_the_best_smoothed_model() -> float:
    """Return the perplexity, on what is certain, of the distribution over 1,000 words with the least smoothed loss."""
    return _perplexity_of_the_best(epsilon=0.1)


def perplexity_of_the_best_model_without_smoothing() -> float:
    """Return the same without label smoothing, after as many steps."""
    return _perplexity_of_the_best(epsilon=0.0)


def _perplexity_of_the_best(*, epsilon: float) -> float:
    logits = torch.zeros(1, 1000, dtype=torch.float64, requires_grad=True)
    y = torch.tensor([7])
    optimizer = torch.optim.Adam([logits], lr=0.1)
    for _ in range(500):
        optimizer.zero_grad()
        torch.autograd.backward(smoothed_loss(logits, y, epsilon=epsilon))
        optimizer.step()
    return float(smoothed_loss(logits.detach(), y, epsilon=0.0).exp())


# What is learnt: a task made by rule.


def copied_exactly() -> float:
    """Return the share of unseen sequences that a small Transformer copies without a mistake."""
    return exact(*learnt("copy"))


def copied_exactly_after_training_without_the_mask() -> float:
    """Return the same where the decoder saw, in training, the words that it was to predict."""
    return exact(*learnt("copy", causal=False))


def reversed_exactly() -> float:
    """Return the share of unseen sequences that a small Transformer reverses without a mistake."""
    return exact(*learnt("reverse"))


def reversed_exactly_without_positions() -> float:
    """Return the same for a model without the positional encoding, trained alike."""
    return exact(*learnt("reverse", positions=False))


def reversed_exactly_by_the_last_checkpoint() -> float:
    """Return the same for the weights of the last step, in place of the mean of five checkpoints."""
    return exact(*learnt("reverse", checkpoints=1))


def copied_exactly_beyond_the_lengths_of_training() -> float:
    """Return the share of sequences of 12 symbols that it copies, where training had 4 to 8."""
    model, _ = learnt("copy")
    longer = pairs(500, "copy", lengths=range(12, 13), generator=torch.Generator().manual_seed(9))
    return exact(model, longer)
