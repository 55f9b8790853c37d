"""Prose in; a network that writes it character by character, and what it spends on prose that it has not seen, out.

The prose is that of the Python language reference.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, partial

import torch
from torch import Tensor, nn

from reproductions.generation.reference_prose import paragraphs
from reproductions.kept import kept

SYMBOLS = "\n" + "".join(map(chr, range(32, 127)))
"""The end of a paragraph, and ASCII; paragraphs with other characters are left out."""
SPAN, BATCH = 32, 24
"""Characters through which errors flow back in training, and how many such spans a step sees."""
STEPS, LEARNING_RATE = 800, 1.5e-2


@cache
def prose() -> tuple[str, str]:
    """Return what is read and what is held out, every tenth paragraph, each paragraph ended by a new line."""
    kept = [text for text in paragraphs() if text.isascii()]
    read = [text for place, text in enumerate(kept) if place % 10]
    return "\n".join([*read, ""]), "\n".join([*kept[::10], ""])


def coded(text: str) -> Tensor:
    """Return the numbers of the characters: (T,)."""
    return torch.tensor([SYMBOLS.index(symbol) for symbol in text])


class Writer(nn.Module):
    """A network that says which character is next: embedding, long short-term memory, a layer out."""

    def __init__(self, *, hidden: int = 160) -> None:
        super().__init__()
        self.embedding = nn.Embedding(len(SYMBOLS), 32)
        self.layer = nn.LSTM(32, hidden, batch_first=True)
        self.readout = nn.Linear(hidden, len(SYMBOLS))

    def forward(
        self, symbols: Tensor, state: tuple[Tensor, Tensor] | None = None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Return the logits of the next character at each place and the state: (B, T) to (B, T, symbols)."""
        outputs, state = self.layer(self.embedding(symbols), state)
        return self.readout(outputs), state


@cache
def trained(*, steps: int = STEPS, seed: int = 0) -> Writer:
    """Return a network after so many batches of what is read. Shared: do not change its weights."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        writer = Writer()
    return kept(writer, partial(train, stream=coded(prose()[0]), steps=steps, seed=seed)).eval()


def train(writer: Writer, *, stream: Tensor, steps: int, seed: int) -> None:
    """Train the network on batches of spans, taken at random from a stream of characters, (T,)."""
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(writer.parameters(), lr=LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=steps, pct_start=0.1)
    for _ in range(steps):
        starts = torch.randint(len(stream) - SPAN - 1, (BATCH, 1), generator=generator)
        batch = stream[starts + torch.arange(SPAN + 1)]
        logits, _ = writer(batch[:, :-1])
        loss = nn.functional.cross_entropy(logits.flatten(end_dim=1), batch[:, 1:].flatten())
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(writer.parameters(), 1.0)
        optimizer.step()
        schedule.step()


def bits_per_character(writer: Writer, text: str) -> float:
    """Return −log₂ P over the characters of a text behind the first, read from beginning to end."""
    symbols = coded(text)[None]
    with torch.no_grad():
        logits, _ = writer(symbols[:, :-1])
    return nn.functional.cross_entropy(logits[0], symbols[0, 1:]).item() / math.log(2)


@dataclass(frozen=True)
class Sample:
    """What was written, and −log₂ of the probability of a character of it at temperature 1, in the mean."""

    text: str
    bits: float


def sampled(writer: Writer, prompt: str, *, temperature: float, length: int, seed: int = 0) -> Sample:
    """Return `length` characters that the network writes after a prompt, drawn at a temperature above zero."""
    generator = torch.Generator().manual_seed(seed)
    text, spent, state, symbols = "", 0.0, None, coded(prompt)[None]
    for _ in range(length):
        with torch.no_grad():
            logits, state = writer(symbols, state)
        symbols = torch.multinomial((logits[:, -1] / temperature).softmax(dim=-1), 1, generator=generator)
        spent -= float(logits[0, -1].log_softmax(dim=-1)[symbols[0, 0]])
        text += SYMBOLS[int(symbols)]
    return Sample(text, spent / math.log(2) / length)
