"""Nothing in; one number, or a few named ones, out of each function: what likely text is like.

Holtzman and others 2019 (arXiv 1904.09751v2), section 4.3, and section 5 on repetition, of what a small GPT-2
writes beside what people wrote. All numbers come from fixed seeds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reproductions.generation.continuations import PROMPT, continuations
from reproductions.generation.decoding import log_probabilities
from reproductions.generation.repetition import repeated
from reproductions.generation.small_gpt2 import trained

if TYPE_CHECKING:
    from reproductions.generation.continuations import How


def repetition_of_likely_text() -> dict[str, float]:
    """Return the share of repeated 4-grams in greedy and in beam decoding, less that in human text."""
    return _repetition("greedy", "beam")


def repetition_of_sampled_text() -> dict[str, float]:
    """Return the same for sampling, from the whole distribution and from the nucleus."""
    return _repetition("sampled", "nucleus")


def _repetition(*ways: How) -> dict[str, float]:
    def share(how: How) -> float:
        return repeated(continuations(how)[:, PROMPT:])

    return {how: share(how) - share("human") for how in ways}


def likelihood_above_human_text() -> dict[str, float]:
    """Return by how much a token of greedy and beam text is likelier than one of human text, in nats."""
    return _likelihood("greedy", "beam")


def likelihood_of_samples_above_human_text() -> dict[str, float]:
    """Return the same for sampling from the whole distribution."""
    return _likelihood("sampled")


def _likelihood(*ways: How) -> dict[str, float]:
    model, _ = trained()

    def mean(how: How) -> float:
        return log_probabilities(model, continuations(how))[:, PROMPT - 1 :].mean().item()

    return {how: mean(how) - mean("human") for how in ways}


def repetition_at_a_low_temperature() -> float:
    """Return the share of repeated 4-grams at temperature 0.1, less that in human text (Figure 9)."""
    return _repetition("cold")["cold"]


def repetition_at_temperature_one() -> float:
    """Return the same at temperature 1."""
    return _repetition("sampled")["sampled"]
