"""Nothing in; one number, or a few named ones, out of each function: what is claimed of GPT-2 itself.

Radford and others 2019, the GPT-2 report: the sizes of its Table 2, and the bytes of section 2.2.
"""

from __future__ import annotations

import torch
from transformers import GPT2Config, GPT2LMHeadModel

from reproductions.generation.reference_prose import paragraphs
from reproductions.generation.small_gpt2 import tokenizer_of

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
