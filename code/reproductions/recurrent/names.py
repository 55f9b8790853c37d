"""A seed in; given names from India, and networks that spell them by gender, out.

The names are those that Faker carries for `en_IN`: a few hundred of each gender, where the log that this follows had
30,229. A name that is given to both genders belongs to both. The gender stands before the name as a first symbol,
`>` for male and `<` for female, as in that log; so one network spells both, and by Bayes' rule reads the gender back.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cache

import torch
from faker.providers.person.en_IN import Provider
from torch import Tensor, nn

GENDERS, END = "><", "."
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SYMBOLS = END + GENDERS + LETTERS
FOLDS = 5


def names() -> list[str]:
    """Return all names in lower case, marked and ended, as `>arjun.` and `<meera.`; mixed, the same each time."""
    first = {">": Provider.first_names_male, "<": Provider.first_names_female}
    marked = sorted({gender + name.lower() + END for gender in GENDERS for name in first[gender]})
    order = torch.randperm(len(marked), generator=torch.Generator().manual_seed(0)).tolist()
    return [marked[place] for place in order]


def split(fold: int) -> tuple[list[str], list[str]]:
    """Return the names to learn from and the held-out ones, which are every fifth from `fold` on.

    A name that is given to both genders is never on both sides.
    """
    held = {name[1:] for place, name in enumerate(names()) if place % FOLDS == fold}
    return [name for name in names() if name[1:] not in held], [name for name in names() if name[1:] in held]


class Speller(nn.Module):
    """A network that says which symbol is next: embedding, long short-term memory, a layer out."""

    def __init__(self, *, hidden: int = 64, width: int = 16, dropout: float = 0.3) -> None:
        super().__init__()
        self.embedding = nn.Embedding(len(SYMBOLS), width)
        self.layer = nn.LSTM(width, hidden, batch_first=True)
        self.dropout = nn.Dropout(dropout)
        self.readout = nn.Linear(hidden, len(SYMBOLS))

    def forward(self, symbols: Tensor) -> Tensor:
        """Return the logits of the next symbol at each place: (B, T) to (B, T, symbols)."""
        outputs, _ = self.layer(self.dropout(self.embedding(symbols)))
        logits: Tensor = self.readout(self.dropout(outputs))
        return logits


def coded(texts: list[str]) -> Tensor:
    """Return the numbers of the symbols, each text padded with END: (B, T)."""
    longest = max(map(len, texts))
    return torch.tensor([[SYMBOLS.index(symbol) for symbol in text.ljust(longest, END)] for text in texts])


def nats(speller: Speller, texts: list[str]) -> Tensor:
    """Return −log P of each symbol behind the first, zero behind the first END: (B, T − 1)."""
    symbols = coded(texts)
    logits, targets = speller(symbols[:, :-1]), symbols[:, 1:]
    losses = nn.functional.cross_entropy(logits.flatten(end_dim=1), targets.flatten(), reduction="none")
    steps = torch.arange(targets.shape[1])
    ends = torch.tensor([len(text) - 1 for text in texts])
    return losses.view_as(targets) * (steps < ends[:, None])


@dataclass(frozen=True)
class Trained:
    """A network with the names that it has not seen."""

    speller: Speller
    held: list[str]


@cache
def trained(*, fold: int = 0, epochs: int = 30, mixed_up: bool = False) -> Trained:
    """Return a network that has read the other folds' names `epochs` times, in batches of 32.

    Mixed up, the genders of the names that it reads change places, so that they say nothing.
    """
    read, held = split(fold)
    if mixed_up:
        places = torch.randperm(len(read), generator=torch.Generator().manual_seed(fold)).tolist()
        read = [read[place][0] + text[1:] for place, text in zip(places, read, strict=True)]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(fold)
        speller = Speller().train()
        optimizer = torch.optim.Adam(speller.parameters(), lr=5e-3, weight_decay=1e-5)
        batches = epochs * -(-len(read) // 32)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, batches)
        for _ in range(epochs):
            order = torch.randperm(len(read)).tolist()
            for begin in range(0, len(read), 32):
                texts = [read[place] for place in order[begin : begin + 32]]
                loss = nats(speller, texts).sum() / sum(len(text) - 1 for text in texts)
                optimizer.zero_grad()
                torch.autograd.backward(loss)
                nn.utils.clip_grad_norm_(speller.parameters(), 1.0)
                optimizer.step()
                schedule.step()
    return Trained(speller.eval(), held)


def bits_per_character(model: Trained) -> float:
    """Return −log₂ P over the held-out names' characters, their ends included, given their gender."""
    with torch.no_grad():
        spent = nats(model.speller, model.held).double().sum().item()
    return spent / math.log(2) / sum(len(text) - 1 for text in model.held)


def given_once(texts: list[str]) -> list[str]:
    """Return the names that are given to one gender only."""
    return [text for text in texts if swapped(text) not in texts]


def swapped(text: str) -> str:
    """Return the name with the other gender before it."""
    return ("<" if text[0] == ">" else ">") + text[1:]


def read_back(model: Trained) -> list[bool]:
    """Return for each held-out name, given once, whether it is likelier with its own gender than with the other.

    By Bayes' rule, with both genders as likely beforehand.
    """
    once = given_once(model.held)
    with torch.no_grad():
        own, other = (nats(model.speller, texts).sum(dim=1) for texts in (once, [swapped(text) for text in once]))
    found: list[bool] = (own < other).tolist()
    return found


def read_by_one_letter(fold: int, *, place: int) -> list[bool]:
    """Return for each of the same names whether its letter at this place stands more often behind its own gender.

    The first letter is at 1, behind the gender, and the last at −2, before the end.
    """
    read, held = split(fold)
    seen = Counter((text[0], text[place]) for text in read)
    return [seen[text[0], text[place]] > seen[swapped(text)[0], text[place]] for text in given_once(held)]


def sampled(model: Trained, gender: str, *, count: int, seed: int = 0, longest: int = 20) -> list[str]:
    """Return names that the network spells, capitalized; one that does not end is cut at `longest` letters."""
    generator = torch.Generator().manual_seed(seed)
    found = []
    for _ in range(count):
        text = gender
        while len(text) <= longest and not text.endswith(END):
            with torch.no_grad():
                logits = model.speller(coded([text]))[0, -1]
            text += SYMBOLS[int(torch.multinomial(logits.softmax(dim=-1), 1, generator=generator))]
        found.append(text[1:].removesuffix(END).capitalize())
    return found
