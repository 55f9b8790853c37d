"""Nothing in; a small GPT-2 that was trained here on prose that Python carries, its tokenizer and unseen text, out.

The classes are those of `transformers` (Radford and others 2019: byte-level byte pairs, layer norms before each part).
The sizes are ours, and so is the text: the prose of the Python language reference. It is not the 40 GB of web pages
that GPT-2 has read; what it shows is how a decoder treats a model that has learnt something, not how well GPT-2 writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

import torch
from tokenizers import ByteLevelBPETokenizer
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    GPT2Config,
    GPT2LMHeadModel,
    PreTrainedTokenizerBase,
    PreTrainedTokenizerFast,
)

from reproductions.generation.reference_prose import paragraphs
from reproductions.kept import kept

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from torch import Tensor

END = "<|endoftext|>"
VOCABULARY = 1024
CONTEXT = 128
STEPS, LEARNING_RATE = 250, 4e-3
DEVIATION = 0.06
"""Of the weights as training begins; GPT-2's 0.02 suits a greater width, and takes a narrow model longer to leave."""


@dataclass(frozen=True)
class LanguageModel:
    """A model with its tokenizer."""

    model: torch.nn.Module
    tokenizer: PreTrainedTokenizerBase

    def __call__(self, ids: Tensor) -> Tensor:
        """Return the logits of the next token at each place: (B, n) to (B, n, V)."""
        logits: Tensor = self.model(ids, use_cache=False).logits
        return logits


def tokenizer_of(texts: list[str], *, vocabulary: int = VOCABULARY) -> PreTrainedTokenizerBase:
    """Return a byte-level tokenizer whose merges come from the texts; every text can be written with it."""
    pairs = ByteLevelBPETokenizer()
    pairs.train_from_iterator(texts, vocab_size=vocabulary, special_tokens=[END], show_progress=False)
    wrap: Callable[..., PreTrainedTokenizerBase] = PreTrainedTokenizerFast
    return wrap(tokenizer_object=pairs, eos_token=END, bos_token=END)


def small_gpt2(
    *, vocabulary: int = VOCABULARY, seed: int = 0, layers: int = 2, width: int = 96, deviation: float = 0.02
) -> torch.nn.Module:
    """Return a GPT-2 with random weights of this deviation, two layers of width 96 unless told otherwise."""
    configuration = GPT2Config(
        vocab_size=vocabulary,
        n_positions=CONTEXT,
        n_embd=width,
        n_layer=layers,
        n_head=4,
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        initializer_range=deviation,
        bos_token_id=0,
        eos_token_id=0,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model: torch.nn.Module = GPT2LMHeadModel(configuration)
    return model.eval()


@cache
def trained(*, steps: int = STEPS, seed: int = 0) -> tuple[LanguageModel, Tensor]:
    """Return a model trained for `steps` batches, and texts (B, 64) that it has not seen.

    Every tenth paragraph is held out, for training and tokenizer alike. Shared: do not change the model's weights.
    """
    texts = paragraphs()
    read = [text for number, text in enumerate(texts) if number % 10]
    tokenizer = tokenizer_of(read)
    stream, unseen = (_stream(tokenizer, part) for part in (read, texts[::10]))
    model = kept(small_gpt2(seed=seed, deviation=DEVIATION), partial(train, stream=stream, steps=steps, seed=seed))
    whole = len(unseen) // 64 * 64
    return LanguageModel(model, tokenizer), unseen[:whole].view(-1, 64)


def train(model: torch.nn.Module, *, stream: Tensor, steps: int, seed: int) -> None:
    """Train a language model on batches of 16 × 64 tokens, taken at random from a stream of tokens, (T,)."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=0.1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=steps, pct_start=0.1)
    generator = torch.Generator().manual_seed(seed)
    for _ in range(steps):
        starts = torch.randint(len(stream) - 65, (16, 1), generator=generator)
        batch = stream[starts + torch.arange(65)]
        logits = model(batch[:, :-1], use_cache=False).logits
        loss = torch.nn.functional.cross_entropy(logits.flatten(end_dim=1), batch[:, 1:].flatten())
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()


def from_pretrained(name_or_path: str | Path) -> LanguageModel:
    """Return any causal language model that `transformers` knows by this name, or that lies in this folder."""
    load: Callable[..., torch.nn.Module] = AutoModelForCausalLM.from_pretrained
    return LanguageModel(load(name_or_path).eval(), AutoTokenizer.from_pretrained(name_or_path))


def _stream(tokenizer: PreTrainedTokenizerBase, texts: list[str]) -> Tensor:
    return torch.tensor([id for text in texts for id in tokenizer.encode(text + END)])
