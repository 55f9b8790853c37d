from functools import partial

import pytest
import torch

from reproductions.recurrent import as_torch
from reproductions.recurrent.as_torch import largest_difference
from reproductions.recurrent.gru import GRUCell
from reproductions.recurrent.lstm import LSTMCell
from reproductions.recurrent.rnn import RNNCell
from reproductions.recurrent.unrolled import Layers, reversed_sequences

CELLS = {"RNN": RNNCell, "LSTM": LSTMCell, "GRU": partial(GRUCell, reset_after=True)}


def case(cell, *, dtype=torch.float64, **options):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return Layers(cell, 3, 5, **options).to(dtype), torch.randn(4, 7, 3, dtype=dtype)


@pytest.mark.parametrize("lengths", [None, (3, 7, 1, 5)], ids=["full", "packed"])
@pytest.mark.parametrize("options", [{}, {"layers": 2}, {"bidirectional": True}, {"layers": 2, "bidirectional": True}])
@pytest.mark.parametrize("cell", CELLS)
def test_outputs_states_and_gradients_are_those_of_torch(cell, options, lengths):
    ours, x = case(CELLS[cell], **options)
    off = largest_difference(ours, x, lengths=None if lengths is None else torch.tensor(lengths))
    assert max(off.values()) < 1e-12


@pytest.mark.parametrize("cell", CELLS)
def test_outputs_in_single_precision_too(cell):
    ours, x = case(CELLS[cell], dtype=torch.float32, layers=2, bidirectional=True)
    off = largest_difference(ours, x)
    assert max(off["outputs"], off["last"]) < 1e-6


def test_the_comparison_sees_a_difference():
    off = largest_difference(*case(GRUCell))  # the reset gate before the matrix, which torch has behind it
    assert min(off.values()) > 1e-3


def test_a_forget_bias_is_that_of_the_forget_gate_alone():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        plain = LSTMCell(2, 3)
        torch.manual_seed(0)
        biased = LSTMCell(2, 3, forget_bias=2)
    assert torch.allclose(biased.b_W - plain.b_W, torch.tensor([0.0] * 3 + [2.0] * 3 + [0.0] * 6))


def test_each_sequence_is_reversed_within_its_length():
    x = torch.tensor([[1, 2, 3], [4, 5, 0]])[..., None]
    assert reversed_sequences(x, torch.tensor([3, 2]))[..., 0].tolist() == [[3, 2, 1], [5, 4, 0]]


@pytest.mark.parametrize(("layers", "sizes"), [(1, [3]), (3, [3, 10, 10])])
def test_each_layer_reads_both_directions_of_the_one_below(layers, sizes):
    ours, x = case(RNNCell, layers=layers, bidirectional=True)
    for cells in (ours.forwards, ours.backwards):
        assert [cell.W.shape[1] for cell in cells] == sizes
    assert [part.shape for part in ours(x)] == [(4, 7, 10), (2 * layers, 4, 5)]


@pytest.mark.parametrize(
    ("outputs_times", "last_times", "off"),
    [
        (
            (1, 3, 1),
            (1, 3, 1),
            0,
        ),  # of three numbers the middle one has no weight, so that three times as much is as much
        ((3, 1, 1), (1, 1, 1), 2),  # the first has the weight −1, and three in place of one is two too many
        ((1, 1, 1), (3, 1, 1), 2),
        ((1, 1, 1), (1, 1, 2), 1),  # the last has the weight 1
        ((3, 1, 1), (3, 1, 1), 4),  # what is off in both adds up
    ],
)
def test_gradients_are_those_of_a_weighted_sum(monkeypatch, outputs_times, last_times, off):
    layers = Layers(RNNCell, 1, 3).double()
    with torch.no_grad():
        for weights in layers.parameters():
            weights.zero_()  # each output is tanh of its bias alone, with slope 1
    read = as_torch.read

    def read_otherwise(theirs, x, *, lengths):
        outputs, last = read(theirs, x, lengths=lengths)
        return outputs * torch.tensor(outputs_times), last * torch.tensor(last_times)

    monkeypatch.setattr(as_torch, "read", read_otherwise)
    assert largest_difference(layers, torch.zeros(1, 1, 1).double()) == {"outputs": 0, "last": 0, "gradients": off}
