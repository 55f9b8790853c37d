"""Nothing in; one number, or a few named ones, out of each function: what the claims about the cells measure.

The papers are Hochreiter & Schmidhuber 1997 and Cho and others 2014 (arXiv 1406.1078v3). A check and its control are
the same measurement, taken of two methods. All numbers come from fixed seeds.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from reproductions.normal import normal
from reproductions.recurrent.as_torch import largest_difference
from reproductions.recurrent.error_flow import error_flow
from reproductions.recurrent.gru import GRUCell
from reproductions.recurrent.long_lag import remembered
from reproductions.recurrent.lstm import LSTMCell
from reproductions.recurrent.lstm_1997 import LSTM1997Cell
from reproductions.recurrent.rnn import RNNCell
from reproductions.recurrent.unrolled import Layers

if TYPE_CHECKING:
    from collections.abc import Callable

    from reproductions.recurrent.cell import Cell

    MakesACell = Callable[[int, int], Cell]

LENGTHS = (9, 20, 1, 14)
STEPS, SEEDS = 100, range(5)


def made(cell: MakesACell, *, inputs: int, hidden: int, seed: int) -> Cell:
    """Return a cell with weights that the seed says, float64."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return cell(inputs, hidden).double()


# Equal to torch.


def difference_from_torch() -> dict[str, float]:
    """Return the largest difference of two bidirectional layers from `nn.RNN` and `nn.LSTM`, gradients included.

    The sequences have several lengths, which torch is told by packing them.
    """
    return {"RNN": _difference(RNNCell), "LSTM": _difference(LSTMCell)}


def difference_from_torch_with_padding_read() -> dict[str, float]:
    """Return the same where ours reads the padding as if it were input."""
    return {"RNN": _difference(RNNCell, reads_padding=True), "LSTM": _difference(LSTMCell, reads_padding=True)}


def difference_of_the_gru_from_torch() -> float:
    """Return the same for the gated unit whose reset gate stands behind the matrix, and `nn.GRU`."""
    return _difference(partial(GRUCell, reset_after=True))


def difference_of_the_printed_gru_from_torch() -> float:
    """Return the same for the unit of Equation 8, whose reset gate stands before the matrix."""
    return _difference(GRUCell)


def _difference(cell: MakesACell, *, reads_padding: bool = False) -> float:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        layers = Layers(cell, 6, 12, layers=2, bidirectional=True).double()
    x, lengths = normal(len(LENGTHS), max(LENGTHS), 6, seed=1), torch.tensor(LENGTHS)
    if not reads_padding:
        return max(largest_difference(layers, x, lengths=lengths).values())
    with torch.no_grad():
        return float((layers(x)[0] - layers(x, lengths=lengths)[0]).abs().max())


# Errors that flow back: Hochreiter & Schmidhuber 1997, sections 3 and 4.


def _arriving(cell: MakesACell) -> list[float]:
    """Return what is left of an error after STEPS steps back, for each seed, in the mean over 16 sequences."""
    return [_flow(cell, seed)[0].item() for seed in SEEDS]


def _flow(cell: MakesACell, seed: int) -> Tensor:
    x = normal(16, STEPS, 8, seed=seed)
    return error_flow(made(cell, inputs=8, hidden=32, seed=seed), x).mean(dim=0)


def error_that_a_memory_keeps() -> dict[str, float]:
    """Return the least that is left, over seeds, of an error of 1 after 100 steps back through long short-term memory.

    With its whole gradient; in the form of 1997, and in that of today with a forget gate that starts open.
    """
    return {
        "1997": min(_arriving(LSTM1997Cell)),
        "forget bias 5": min(_arriving(partial(LSTMCell, forget_bias=5))),
    }


def error_that_a_simple_network_keeps() -> float:
    """Return the most that is left, over seeds, in a simple recurrent network."""
    return max(_arriving(RNNCell))


def error_that_a_half_open_gate_keeps() -> float:
    """Return the same for long short-term memory as torch starts it, its forget gate half open."""
    return max(_arriving(LSTMCell))


def error_growth() -> float:
    """Return the most that arrives, over seeds, with the whole gradient of the cell of 1997."""
    return max(_arriving(LSTM1997Cell))


def carousel_off_one() -> float:
    """Return how far the error is from 1, at most over 100 steps and seeds, with the truncated gradient."""
    return _off_one(partial(LSTM1997Cell, truncated=True))


def carousel_off_one_with_the_whole_gradient() -> float:
    """Return the same with the whole gradient."""
    return _off_one(LSTM1997Cell)


def _off_one(cell: MakesACell) -> float:
    return max((_flow(cell, seed) - 1).abs().max().item() for seed in SEEDS)


# Learning over long lags: section 5.2.


def remembered_by_an_open_gate() -> float:
    """Return the share of first symbols named after 100 steps, the least of three seeds, with a forget bias of 4."""
    return _remembered("LSTM, open")


def remembered_by_a_simple_network() -> float:
    """Return the same for a simple recurrent network."""
    return _remembered("RNN")


def remembered_by_a_half_open_gate() -> float:
    """Return the most of three seeds for long short-term memory as torch starts it, trained alike."""
    return max(remembered("LSTM", steps=STEPS, seed=seed) for seed in range(3))


def remembered_for_ten_steps() -> float:
    """Return the share of first symbols that a simple network names after 10 steps, the least of three seeds."""
    return _remembered("RNN", steps=10)


def _remembered(cell: str, *, steps: int = STEPS) -> float:
    return min(remembered(cell, steps=steps, seed=seed) for seed in range(3))


# Gates that drop and keep: Cho and others 2014, section 2.3.


def past_behind_a_closed_reset() -> float:
    """Return how much the candidate moves, at most, when the past changes and the reset gate is shut (Equation 8)."""
    return _past_behind(reset=-40.0)


def past_behind_an_open_reset() -> float:
    """Return the same with the reset gate open."""
    return _past_behind(reset=40.0)


def _past_behind(*, reset: float) -> float:
    """Shut the update gate as well, so that the output is the candidate."""
    cell, x = made(GRUCell, inputs=4, hidden=8, seed=0), normal(16, 4, seed=1)
    with torch.no_grad():
        cell.b_W[:8] += reset
        cell.b_W[8:16] -= 40
        (one,), (other,) = (cell(x, (normal(16, 8, seed=seed),)) for seed in (2, 3))
    return float((one - other).abs().max())


def change_over_a_held_unit() -> float:
    """Return how far the output moves, at most, in 100 steps of new input with the update gate at 1 (Equation 7)."""
    return _change_over(update=40.0)


def change_over_a_free_unit() -> float:
    """Return the same with the update gate as it comes."""
    return _change_over(update=0.0)


def _change_over(*, update: float) -> float:
    cell, x = made(GRUCell, inputs=4, hidden=8, seed=0), normal(16, STEPS, 4, seed=1)
    with torch.no_grad():
        (before,) = cell(x[:, 0], cell.start(x))
        cell.b_W[8:16] += update
        state = (before,)
        for t in range(1, STEPS):
            state = cell(x[:, t], state)
    return float((state[0] - before).abs().max())


def error_that_a_held_unit_keeps() -> float:
    """Return the least that is left of an error after 100 steps, with 5 added to the update gate's bias."""
    return min(_arriving(_held))


def error_that_a_free_unit_keeps() -> float:
    """Return the most that is left with the gated unit as torch starts it."""
    return max(_arriving(GRUCell))


def _held(inputs: int, hidden: int) -> Cell:
    cell = GRUCell(inputs, hidden)
    with torch.no_grad():
        cell.b_W[hidden : 2 * hidden] += 5
    return cell


def numbers_in_a_step() -> float:
    """Return the parameters of a gated unit over those of long short-term memory of the same sizes."""
    return _parameters(GRUCell) / _parameters(LSTMCell)


def numbers_in_a_step_of_a_simple_network() -> float:
    """Return the same for a simple recurrent network."""
    return _parameters(RNNCell) / _parameters(LSTMCell)


def _parameters(cell: MakesACell) -> int:
    return sum(weights.numel() for weights in cell(8, 32).parameters())
