"""A seed in; digits spoken as noisy frames with what was written down, and transducers trained on them, out.

A task made by rule, small enough to learn in seconds, where one knows when each symbol was spoken. Each digit has a
sound, a fixed vector, and lasts two to five frames, each with noise of its own. A clerk writes the digits down in one
of two scripts, say ١ ٢ ٣ or 1 2 3, and keeps to the script within a sequence. Which script cannot be heard.

So the input says which digits and when, and only the output so far says which script: what the paper's two networks are
for. No digit follows itself, since nobody could hear where one ends and the next begins.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor

from reproductions.transducer.forward_backward import (
    backward_variables,
    emission_posteriors,
    forward_variables,
    log_probability,
    transducer_loss,
)
from reproductions.transducer.lattice import lattice
from reproductions.transducer.network import Transducer

DIGITS, SCRIPTS, SOUND = 5, 2, 6
LABELS = 1 + DIGITS * SCRIPTS
"""∅, the digits in the first script, the digits in the second."""
LONGEST, SLOWEST = 4, 5
"""Digits in a sequence and frames of a digit, at most; there are at least two of each."""
NOISE = 0.5


@dataclass(frozen=True, slots=True)
class Utterances:
    """N sequences, padded: what was said, what was written, and when each symbol was said."""

    x: Tensor
    """Frames, (N, T, SOUND), float32."""
    T: Tensor
    """How many frames each sequence has, (N,)."""
    y: Tensor
    """Labels, (N, U); 1 … LABELS − 1, padding beyond the length."""
    U: Tensor
    """How many symbols each sequence has, (N,)."""
    spoken: Tensor
    """Which symbol each frame belongs to, (N, T), from 0; −1 beyond the length."""


def utterances(n: int, *, seed: int) -> Utterances:
    """Return n sequences; the sounds of the digits are the same for every seed."""
    sounds = torch.randn(DIGITS, SOUND, generator=torch.Generator().manual_seed(0))
    generator = torch.Generator().manual_seed(seed)

    def draw(low: int, high: int) -> int:
        return int(torch.randint(low, high + 1, (), generator=generator))

    x = torch.zeros(n, LONGEST * SLOWEST, SOUND)
    y, spoken = torch.ones(n, LONGEST, dtype=torch.int64), torch.full((n, LONGEST * SLOWEST), -1)
    T, U = torch.zeros(n, dtype=torch.int64), torch.zeros(n, dtype=torch.int64)
    for i in range(n):
        script, U[i], digit = draw(0, SCRIPTS - 1), draw(2, LONGEST), draw(0, DIGITS - 1)
        for u in range(int(U[i])):
            digit = (digit + draw(1, DIGITS - 1)) % DIGITS  # another one than before
            y[i, u] = 1 + script * DIGITS + digit
            frames = slice(int(T[i]), int(T[i]) + draw(2, SLOWEST))
            x[i, frames], spoken[i, frames] = sounds[digit], u
            T[i] = frames.stop
    x += NOISE * torch.randn(x.shape, generator=generator) * (spoken >= 0).unsqueeze(-1)
    return Utterances(x, T, y, U, spoken)


def untrained(*, reads: bool = True, seed: int = 0) -> Transducer:
    """Return a transducer for the task, with the random weights that training starts from."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Transducer(inputs=SOUND, labels=LABELS, hidden=32, reads=reads)


@cache
def trained(*, reads: bool = True, seed: int = 0, steps: int = 300, batch: int = 16) -> Transducer:
    """Return a transducer trained by Adam on the loss of section 2.5, each step on sequences not seen before.

    Trained once a process for each set of options: do not change its weights.
    """
    network = untrained(reads=reads, seed=seed)
    optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
    data = utterances(steps * batch, seed=seed + 1)
    for rows in torch.arange(steps * batch).reshape(steps, batch):
        optimizer.zero_grad()
        T, U = data.T[rows], data.U[rows]
        x, y = data.x[rows, : T.max()], data.y[rows, : U.max()]
        f, g = network(x, T, y)
        torch.autograd.backward(transducer_loss(f, g, y, T, U).mean())
        optimizer.step()
    return network.requires_grad_(requires_grad=False)


def heldout() -> Utterances:
    """Return 200 sequences that no training sees."""
    return utterances(200, seed=2**32)


@torch.no_grad()
def losses(network: Transducer, data: Utterances) -> Tensor:
    """Return −ln Pr(y | x) of each sequence, in nats: shape (N,)."""
    f, g = network(data.x, data.T, data.y)
    return transducer_loss(f, g, data.y, data.T, data.U)


@torch.no_grad()
def when_written(network: Transducer, data: Utterances) -> Tensor:
    """Return the probability that each symbol is written at each frame, given the right output: (N, T, U).

    Frames and symbols beyond a sequence's lengths hold zero.
    """
    f, g = network(data.x, data.T, data.y)
    y, null = lattice(f, g, data.y)
    alpha, beta = forward_variables(y, null), backward_variables(y, null, data.T, data.U)
    return emission_posteriors(alpha, beta, y, log_probability(alpha, null, data.T, data.U))


def written_in_time(network: Transducer, data: Utterances) -> float:
    """Return the share of symbols whose probability of being written is mostly on the frames where they are spoken."""
    emissions = when_written(network, data)
    symbols = torch.arange(data.y.shape[1])
    inside = (emissions * (data.spoken.unsqueeze(-1) == symbols)).sum(dim=1)  # (N, U)
    return (inside > 0.5)[symbols < data.U.unsqueeze(-1)].float().mean().item()


def loss_of_guessing_the_script(data: Utterances) -> float:
    """Return the mean of U ln 2: the least that a model pays which hears every digit but guesses each script anew."""
    return data.U.float().mean().item() * math.log(SCRIPTS)
