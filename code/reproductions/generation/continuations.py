"""A way to decode in; what it makes of the beginnings of texts that the model has not seen, out.

Model and texts are those of `small_gpt2`. Beside what the decoders write stands what people have written.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Literal

import torch

from reproductions.generation.beam_search import beam_search
from reproductions.generation.decoding import continued, likeliest, sampled
from reproductions.generation.small_gpt2 import trained
from reproductions.generation.truncation import nucleus, temperature

if TYPE_CHECKING:
    from torch import Tensor

TEXTS, PROMPT, LENGTH = 24, 16, 48
"""How many texts there are, and of each the tokens that are given, and that are made."""
How = Literal["human", "greedy", "beam", "sampled", "nucleus", "cold"]
"""By people, greedily, by four beams, sampled from all, from the nucleus (p = 0.95), or at a temperature of 0.1."""


@cache
def continuations(how: How) -> Tensor:
    """Return the prompts and what follows them: (TEXTS, PROMPT + LENGTH)."""
    model, unseen = trained()
    prompts = unseen[:TEXTS, :PROMPT]
    run = partial(continued, model, prompts, length=LENGTH)
    choose = sampled(torch.Generator().manual_seed(0))
    match how:
        case "human":
            return unseen[:TEXTS, : PROMPT + LENGTH]
        case "greedy":
            return run(choose=likeliest)
        case "beam":
            found = (beam_search(model, prompt, beams=4, length=LENGTH)[0].text for prompt in prompts)
            return torch.stack(list(found))
        case "sampled":
            return run(choose=choose)
        case "nucleus":
            return run(choose=choose, change=lambda u, _: nucleus(u, p=0.95))
        case "cold":
            return run(choose=choose, change=lambda u, _: temperature(u, t=0.1))
