"""Nothing in; a few named numbers out of each function: how far our decoders are from `generate` of transformers.

On a GPT-2 with random weights. All numbers come from fixed seeds.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import torch

from reproductions.generation.decoding import continued, likeliest, sampled
from reproductions.generation.small_gpt2 import END, LanguageModel, small_gpt2, tokenizer_of
from reproductions.generation.truncation import nucleus, repetition_penalty, temperature

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor


def tokens_unlike_generate() -> dict[str, float]:
    """Return the share of tokens in which our decoders and `generate` of transformers differ, by decoder."""
    return _unlike(cold_first=True)


def tokens_unlike_generate_in_another_order() -> dict[str, float]:
    """Return the same where the nucleus is taken before the temperature."""
    return {"nucleus, cold": _unlike(cold_first=False)["nucleus, cold"]}


def _unlike(*, cold_first: bool) -> dict[str, float]:
    model = LanguageModel(small_gpt2(seed=1), tokenizer_of([END]))
    with torch.no_grad():
        for weights in model.model.parameters():
            if weights.dim() == 2:
                weights.mul_(4)  # small random weights are nearly sure of nothing
    prompts = torch.randint(1, 1000, (6, 8), generator=torch.Generator().manual_seed(2))

    def theirs(**options: object) -> Tensor:
        generate: Callable[..., Tensor] = model.model.generate  # type: ignore[assignment]  # a Module may hold anything
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(3)
            mask = torch.ones_like(prompts)
            return generate(prompts, attention_mask=mask, max_new_tokens=16, eos_token_id=None, top_k=0, **options)

    def cold_nucleus(u: Tensor, _: Tensor) -> Tensor:
        if cold_first:
            return nucleus(temperature(u, t=0.5), p=0.8)
        return temperature(nucleus(u, p=0.8), t=0.5)

    run = partial(continued, model, prompts, length=16)
    pairs = {
        "greedy": (run(choose=likeliest), theirs(do_sample=False)),
        "penalty": (
            run(choose=likeliest, change=partial(repetition_penalty, theta=1.5)),
            theirs(do_sample=False, repetition_penalty=1.5),
        ),
        "nucleus, cold": (
            run(choose=sampled(torch.Generator().manual_seed(3)), change=cold_nucleus),
            theirs(do_sample=True, temperature=0.5, top_p=0.8),
        ),
    }
    return {name: (ours != others).double().mean().item() for name, (ours, others) in pairs.items()}
