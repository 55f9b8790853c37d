"""Nothing in; one number, or a few named ones, out of each function: how likely the text is that a search finds.

Beam search, against taking the likeliest token each time, for a small GPT-2. All numbers come from fixed seeds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from reproductions.generation.beam_search import beam_search
from reproductions.generation.continuations import PROMPT
from reproductions.generation.decoding import continued, likeliest, log_probabilities, sampled
from reproductions.generation.small_gpt2 import VOCABULARY, trained

if TYPE_CHECKING:
    from torch import Tensor


def beam_over_greedy() -> dict[str, float]:
    """Return by how much the best beam's text is likelier than greedy's, in nats, averaged over prompts."""
    return {f"{beams} beams": _over_greedy(_best_beams(beams, length=12)).mean().item() for beams in (2, 4, 8)}


def samples_over_greedy() -> float:
    """Return the same for sampled text."""
    text = continued(trained()[0], _prompts(), length=12, choose=sampled(torch.Generator().manual_seed(0)))
    return _over_greedy(text).mean().item()


def worst_beam_over_greedy() -> float:
    """Return the same for two beams and the prompt at which they do worst."""
    return _over_greedy(_best_beams(2, length=12)).min().item()


def worst_exhaustive_search_over_greedy() -> float:
    """Return the same for as many beams as there are tokens, which leave nothing out in texts of two tokens."""
    return _over_greedy(_best_beams(VOCABULARY, length=2)).min().item()


def _prompts() -> Tensor:
    return trained()[1][:12, :PROMPT]


def _best_beams(beams: int, *, length: int) -> Tensor:
    model, _ = trained()
    return torch.stack([beam_search(model, prompt, beams=beams, length=length)[0].text for prompt in _prompts()])


def _over_greedy(text: Tensor) -> Tensor:
    """Return log P of the texts' new tokens, less that of as many tokens that are found greedily: (B, m) to (B,)."""
    model, _ = trained()
    greedy = continued(model, _prompts(), length=text.shape[1] - PROMPT, choose=likeliest)
    score, of_greedy = (log_probabilities(model, one)[:, PROMPT - 1 :].sum(dim=1) for one in (text, greedy))
    return score - of_greedy
