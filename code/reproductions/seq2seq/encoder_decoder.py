r"""A source in; the probability of each next word of its target, given the words before it, out.

What the three models of this package share: Sutskever, Vinyals and Le 2014 (arXiv 1409.3215v3), Equation 1.

$$p(y_1, \dots, y_{T'} \mid x_1, \dots, x_T) = \prod_{t=1}^{T'} p(y_t \mid v, y_1, \dots, y_{t-1})$$

Tokens are those of `reproductions.transformer.copying`: 0 is padding, 1 the word before the first, 2 the end.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn

from reproductions.transformer.copying import END, PADDING, START

State = tuple[Tensor, ...]
"""What a decoder remembers between two words."""


class EncoderDecoder(nn.Module, ABC):
    """A network that reads a source, and then writes a word at a time."""

    @abstractmethod
    def begin(self, source: Tensor) -> State:
        """Read the source, shape (B, T), padded with 0 at its end; return the state before the first word."""

    @abstractmethod
    def step(self, state: State, previous: Tensor) -> tuple[State, Tensor]:
        """Return the next state and the logits, (B, V), of the word that follows `previous`, (B,)."""


def teacher_forced(model: EncoderDecoder, source: Tensor, target: Tensor) -> Tensor:
    """Return the logits of each target word, given the true words before it: (B, T) and (B, T′) to (B, T′, V)."""
    state, previous, logits = model.begin(source), torch.full_like(target[:, 0], START), []
    for t in range(target.shape[1]):
        state, u = model.step(state, previous)
        logits.append(u)
        previous = target[:, t]
    return torch.stack(logits, dim=1)


def free_running(model: EncoderDecoder, source: Tensor, *, length: int) -> Tensor:
    """Return the logits of each word, given the words that the model itself found likeliest: (B, T) to (B, T′, V)."""
    state, previous, logits = model.begin(source), torch.full_like(source[:, 0], START), []
    for _ in range(length):
        state, u = model.step(state, previous)
        logits.append(u)
        previous = u.argmax(dim=-1)
    return torch.stack(logits, dim=1)


def log_probabilities(logits: Tensor, target: Tensor) -> Tensor:
    """Return log p(yₜ | v, y₁, …, yₜ₋₁), the logarithms of the factors of Equation 1; 0 for padding: (B, T′)."""
    found = logits.log_softmax(dim=-1).gather(-1, target.unsqueeze(-1)).squeeze(-1)
    return found.masked_fill(target == PADDING, 0)


def perplexity(model: EncoderDecoder, source: Tensor, target: Tensor) -> float:
    """Return the perplexity of the targets' words, their ends included. Shapes: `source` (B, T), `target` (B, T′)."""
    with torch.no_grad():
        total = log_probabilities(teacher_forced(model, source, target), target).sum()
    return (-total / (target != PADDING).sum()).exp().item()


def exact(model: EncoderDecoder, source: Tensor, target: Tensor) -> float:
    """Return the share of targets that the model writes whole, up to and with their end, word by likeliest word.

    Shapes: `source` (B, T), `target` (B, T′), ended and then padded.
    """
    with torch.no_grad():
        found = free_running(model, source, length=target.shape[1]).argmax(dim=-1)
    return ((found == target) | (target == PADDING)).all(dim=1).double().mean().item()


def lengths(tokens: Tensor) -> Tensor:
    """Return how many tokens of each row are no padding: (B, T) to (B,)."""
    return (tokens != PADDING).sum(dim=1)


def backwards(source: Tensor) -> Tensor:
    """Return each source with its words in reverse, its end still last (section 3.3). Shape: (B, T), as is the result.

    Raises `ValueError` where a row has no end.
    """
    if not (source == END).any(dim=1).all():
        raise ValueError("a source has no end; hint: put END (2) after its last word")
    words = lengths(source).unsqueeze(1) - 1
    position = torch.arange(source.shape[1]).expand_as(source)
    return source.gather(1, torch.where(position < words, words - 1 - position, position))
