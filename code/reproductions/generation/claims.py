"""Nothing in; one number, or a few named ones, out of each function: what the claims of two notes measure.

The papers are Holtzman and others 2019 (arXiv 1904.09751v2) and Radford and others 2019 (the GPT-2 report). A check and
its control are the same measurement, taken of two methods. All numbers come from fixed seeds.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import torch
from transformers import GPT2Config, GPT2LMHeadModel

from reproductions.generation.beam_search import beam_search
from reproductions.generation.continuations import PROMPT, continuations
from reproductions.generation.decoding import continued, likeliest, log_probabilities, sampled
from reproductions.generation.reference_prose import paragraphs
from reproductions.generation.repetition import repeated
from reproductions.generation.small_gpt2 import (
    END,
    VOCABULARY,
    LanguageModel,
    small_gpt2,
    tokenizer_of,
    trained,
)
from reproductions.generation.truncation import (
    nucleus,
    repetition_penalty,
    repetition_penalty_as_printed,
    temperature,
    top_k,
)
from reproductions.normal import normal

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from reproductions.generation.continuations import How


# The nucleus: section 3.1, Equations 2 and 3.


def nuclei_that_are_not_smallest() -> dict[str, float]:
    """Return, for each p, the share of 1,000 distributions whose nucleus holds less than p or a token too many."""
    return {f"p = {p}": _not_smallest(partial(nucleus, p=p), p) for p in (0.3, 0.9, 0.95)}


def top_ks_that_are_not_smallest() -> dict[str, float]:
    """Return the same for the 40 likeliest tokens."""
    return {f"p = {p}": _not_smallest(partial(top_k, k=40), p) for p in (0.3, 0.9, 0.95)}


def _not_smallest(cut: Callable[[Tensor], Tensor], p: float) -> float:
    u = torch.cat([normal(500, 1000, seed=0), 4 * normal(500, 1000, seed=1)])
    probability, kept = u.softmax(dim=-1), cut(u).isfinite()
    held = (probability * kept).sum(dim=-1)
    least = probability.masked_fill(~kept, math.inf).amin(dim=-1)
    return ((held < p - 1e-12) | (held - least >= p + 1e-12)).double().mean().item()


def spread_of_the_nucleus() -> float:
    """Return the largest over the smallest nucleus (p = 0.95) that the trained model has on unseen text."""
    return _spread(partial(nucleus, p=0.95))


def spread_of_top_k() -> float:
    """Return the same for the 40 likeliest tokens."""
    return _spread(partial(top_k, k=40))


def _spread(cut: Callable[[Tensor], Tensor]) -> float:
    model, unseen = trained()
    with torch.no_grad():
        kept = cut(model(unseen).flatten(end_dim=1)).isfinite().sum(dim=-1)
    return (kept.max() / kept.min()).item()


# What likely text is like: section 4.3, and section 5 on repetition.


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


# The penalty on what was said: CTRL (arXiv 1909.05858), section 4.1.


def tokens_that_a_penalty_favours() -> float:
    """Return the share of tokens already said that the penalty makes likelier than they were."""
    return _favoured(repetition_penalty)


def tokens_that_the_printed_penalty_favours() -> float:
    """Return the same for the penalty as the formula is printed."""
    return _favoured(repetition_penalty_as_printed)


def _favoured(penalty: Callable[..., Tensor]) -> float:
    u, said = normal(200, 50, seed=2), torch.arange(10).expand(200, 10)
    before = u.gather(1, said)
    return (penalty(u, said, theta=1.2).gather(1, said) > before).double().mean().item()


# GPT-2 itself: Radford and others 2019.

SIZES = {117: (12, 768), 345: (24, 1024), 762: (36, 1280), 1542: (48, 1600)}
"""Table 2: millions of parameters, as printed, of so many layers of so great a width."""
GPT, GPT_2 = 40_478, 50_257
"""Entries of the vocabularies of GPT (Radford and others 2018) and of GPT-2 (section 2.3)."""


def parameters_off_table_2_with_the_vocabulary_of_gpt() -> dict[str, float]:
    """Return by how many millions each model of Table 2 differs from what is printed, with GPT's vocabulary."""
    return _off_table_2(GPT)


def parameters_off_table_2() -> dict[str, float]:
    """Return the same with the vocabulary that section 2.3 names."""
    return _off_table_2(GPT_2)


def _off_table_2(vocabulary: int) -> dict[str, float]:
    return {
        f"{printed} M": abs(_parameters(layers, width, vocabulary) / 1e6 - printed)
        for printed, (layers, width) in SIZES.items()
    }


def _parameters(layers: int, width: int, vocabulary: int) -> int:
    sizes = GPT2Config(vocab_size=vocabulary, n_positions=1024, n_layer=layers, n_embd=width, n_head=width // 64)
    with torch.device("meta"):
        model: torch.nn.Module = GPT2LMHeadModel(sizes)
    return sum(weights.numel() for weights in model.parameters())


TEXTS = ("My dream is to travel.", "नमस्ते दुनिया", "Ελλάδα 🌍", "∂F/∂x ≠ 0", "\x00\t tab and\r\n line")
"""Texts with characters that the tokenizer's training text does not hold."""


def texts_that_are_lost_in_bytes() -> float:
    """Return the share of texts that do not come back from byte-level tokens as they were."""
    tokenizer = tokenizer_of(paragraphs())
    return sum(tokenizer.decode(tokenizer.encode(text)) != text for text in TEXTS) / len(TEXTS)


def texts_that_are_lost_in_words() -> float:
    """Return the same for a vocabulary of the words that the training text holds."""
    words = {word for text in paragraphs() for word in text.split()}
    return sum(not set(text.split()) <= words for text in TEXTS) / len(TEXTS)


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
