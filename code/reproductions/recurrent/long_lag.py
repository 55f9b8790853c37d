"""A number of steps in; whether a network that was trained here still knows, after them, what it read first, out.

In the manner of Hochreiter & Schmidhuber 1997, section 5.2: one of two symbols opens the sequence, noise follows, and
at the end the network has to say which it was. Nothing before the last step says anything about the answer.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from reproductions.recurrent.as_torch import as_torch
from reproductions.recurrent.lstm import LSTMCell
from reproductions.recurrent.rnn import RNNCell
from reproductions.recurrent.unrolled import Layers

if TYPE_CHECKING:
    from collections.abc import Callable

    from reproductions.recurrent.cell import Cell

HIDDEN, NOISE = 16, 3
CELLS: dict[str, Callable[[int, int], Cell]] = {
    "RNN": RNNCell,
    "LSTM": LSTMCell,
    "LSTM, open": partial(LSTMCell, forget_bias=4),
}


def sequences(count: int, steps: int, *, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return inputs (count, steps, 1 + NOISE), ±1 in the first place and then noise in the others, and 0 or 1 (count,).

    The noise is uniform in ±1.
    """
    answers = torch.randint(2, (count,), generator=generator)
    x = torch.rand(count, steps, 1 + NOISE, generator=generator) * 2 - 1
    x[:, :, 0] = 0
    x[:, 0, 0] = 2.0 * answers - 1
    return x, answers


@cache
def remembered(cell: str, *, steps: int, seed: int = 0, batches: int = 150) -> float:
    """Return the share of 500 unseen sequences whose first symbol the network names, after `batches` of 32."""
    generator = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        layers = as_torch(Layers(CELLS[cell], 1 + NOISE, HIDDEN))  # equal, and faster
        readout = nn.Linear(HIDDEN, 2)
    parameters = [*layers.parameters(), *readout.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=5e-3)
    for _ in range(batches):
        x, answers = sequences(32, steps, generator=generator)
        loss = nn.functional.cross_entropy(readout(layers(x)[0][:, -1]), answers)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
    x, answers = sequences(500, steps, generator=generator)
    with torch.no_grad():
        right: Tensor = readout(layers(x)[0][:, -1]).argmax(dim=-1) == answers
    return right.double().mean().item()
