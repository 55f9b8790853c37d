"""A language model and prompts in; their continuations, token by token, out.

A model maps token ids (B, n) to the logits of the next token at each place, (B, n, V). Each token is computed from the
whole text so far: nothing is cached, so that the code says what is computed and not how it is made fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor


def continued(
    model: Callable[[Tensor], Tensor],
    prompts: Tensor,
    *,
    length: int,
    choose: Callable[[Tensor], Tensor],
    change: Callable[[Tensor, Tensor], Tensor] = lambda u, said: u,  # noqa: ARG005
    end: int | None = None,
) -> Tensor:
    """Return the prompts with up to `length` more tokens, each chosen from the logits of the last place.

    Shapes: `prompts` (B, n), the result (B, at most n + length). `change` makes logits (B, V) and the ids said so far
    into other logits; `choose` makes logits (B, V) into token ids (B,). A text that has said `end` says it for ever.
    """
    said = prompts
    for _ in range(length):
        with torch.no_grad():
            u = model(said)[:, -1].float()
        chosen = choose(change(u, said))
        if end is not None:
            over = (said[:, prompts.shape[1] :] == end).any(dim=1)
            chosen = chosen.masked_fill(over, end)
        said = torch.cat([said, chosen[:, None]], dim=1)
        if end is not None and (said[:, prompts.shape[1] :] == end).any(dim=1).all():
            break
    return said


def likeliest(u: Tensor) -> Tensor:
    """Choose greedily: the token with the greatest logit. Shapes: (B, V) to (B,)."""
    return u.argmax(dim=-1)


def sampled(generator: torch.Generator) -> Callable[[Tensor], Tensor]:
    """Return a choice at random, with the probabilities softmax(u). Shapes: (B, V) to (B,)."""
    return lambda u: torch.multinomial(u.softmax(dim=-1), 1, generator=generator)[:, 0]


def log_probabilities(model: Callable[[Tensor], Tensor], text: Tensor) -> Tensor:
    """Return log P(x_i | x_1 … x_(i−1)) of each token but the first. Shapes: (B, n) to (B, n − 1)."""
    with torch.no_grad():
        return model(text)[:, :-1].float().log_softmax(dim=-1).gather(-1, text[:, 1:, None])[..., 0]
