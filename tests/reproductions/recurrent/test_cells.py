import math

import pytest
import torch

from reproductions.recurrent.error_flow import error_flow
from reproductions.recurrent.gru import GRUCell
from reproductions.recurrent.lstm import LSTMCell
from reproductions.recurrent.lstm_1997 import LSTM1997Cell
from reproductions.recurrent.rnn import RNNCell


def sigma(x):
    return 1 / (1 + math.exp(-x))


def filled(cell, *, W, U, b=None):
    with torch.no_grad():
        cell.W.copy_(torch.tensor(W).reshape(cell.W.shape))
        cell.U.copy_(torch.tensor(U).reshape(cell.U.shape))
        cell.b_W.copy_(torch.tensor(b or [0.0] * len(cell.b_W)))
        cell.b_U.zero_()
    return cell.double()


def test_the_memory_of_1997_is_added_to_and_never_scaled_down():
    cell = filled(LSTM1997Cell(1, 1), W=[0.5, -1.0, 2.0], U=[0.1, 0.2, 0.3])
    y, s = cell(torch.tensor([[1.5]]).double(), (torch.tensor([[0.4]]).double(), torch.tensor([[7.0]]).double()))
    expected = 7 + sigma(0.75 + 0.04) * (4 * sigma(-1.5 + 0.08) - 2)
    assert s.item() == pytest.approx(expected, abs=1e-6)
    assert y.item() == pytest.approx(sigma(3 + 0.12) * (2 * sigma(expected) - 1), abs=1e-6)


def test_equations_5_to_8_by_hand():
    cell = filled(GRUCell(1, 2), W=[0.5, -0.5, 1.0, 0.2, 0.3, -0.7], U=[0.1 * k for k in range(12)])
    x, h = 1.5, [0.4, -0.9]
    r = [sigma(0.5 * x + 0.0 * h[0] + 0.1 * h[1]), sigma(-0.5 * x + 0.2 * h[0] + 0.3 * h[1])]
    z = [sigma(1.0 * x + 0.4 * h[0] + 0.5 * h[1]), sigma(0.2 * x + 0.6 * h[0] + 0.7 * h[1])]
    reset = [r[0] * h[0], r[1] * h[1]]
    candidate = [
        math.tanh(0.3 * x + 0.8 * reset[0] + 0.9 * reset[1]),
        math.tanh(-0.7 * x + 1.0 * reset[0] + 1.1 * reset[1]),
    ]
    (found,) = cell(torch.tensor([[x]]).double(), (torch.tensor([h]).double(),))
    assert found[0].tolist() == pytest.approx([z[j] * h[j] + (1 - z[j]) * candidate[j] for j in (0, 1)], abs=1e-6)


def test_a_truncated_cell_computes_the_same_and_passes_errors_through_its_memory_alone():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        whole, x = LSTM1997Cell(2, 3).double(), torch.randn(4, 9, 2).double()
    cut = LSTM1997Cell(2, 3, truncated=True).double()
    cut.load_state_dict(whole.state_dict())
    state = whole.start(x)
    assert all(torch.equal(a, b) for a, b in zip(whole(x[:, 0], state), cut(x[:, 0], state), strict=True))
    assert torch.equal(error_flow(cut, x), torch.ones(4, 10).double())
    assert not torch.allclose(error_flow(whole, x), torch.ones(4, 10).double())


def test_the_error_of_one_linear_unit_is_its_weight_to_the_power_of_the_steps():
    cell = filled(RNNCell(1, 1), W=[0.0], U=[0.5])  # at zero, the tangent hyperbolic has slope 1
    assert error_flow(cell, torch.zeros(1, 4, 1).double())[0].tolist() == pytest.approx(
        [0.5**k for k in (4, 3, 2, 1, 0)]
    )


def test_weights_begin_within_one_over_the_root_of_the_units():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        cell = GRUCell(20, 16)
    for weights in cell.parameters():
        assert -0.25 <= weights.min() < -0.2
        assert 0.2 < weights.max() <= 0.25


def test_the_first_error_is_that_of_the_memory_and_not_of_the_output_beside_it():
    # one step with nothing but biases and U: c₁ = σ(b_f + U_f h₀) c₀ + …, of which σ(b_f) alone is the memory's way
    cell = filled(LSTMCell(1, 1), W=[0.0] * 4, U=[3.0] * 4, b=[0.1, 0.7, 0.3, 0.2])
    assert error_flow(cell, torch.zeros(1, 1, 1).double())[0].tolist() == pytest.approx([sigma(0.7), 1])
