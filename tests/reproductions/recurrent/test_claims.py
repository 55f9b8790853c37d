"""What a control comes to where one knows it beforehand."""

from __future__ import annotations

from functools import partial

import pytest
import torch

from reproductions.recurrent import claims
from reproductions.recurrent.gru import GRUCell
from reproductions.recurrent.lstm import LSTMCell
from reproductions.recurrent.lstm_1997 import LSTM1997Cell
from reproductions.recurrent.rnn import RNNCell


def test_padding_that_is_not_there_is_not_read(monkeypatch):
    assert min(claims.difference_from_torch_with_padding_read().values()) > 0.1
    monkeypatch.setattr(claims, "LENGTHS", (4, 4))
    assert max(claims.difference_from_torch_with_padding_read().values()) < 1e-12


def test_numbers_in_a_step_go_by_the_blocks():
    assert claims.numbers_in_a_step() == 3 / 4
    assert claims.numbers_in_a_step_of_a_simple_network() == 1 / 4


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(claims, "STEPS", 3)
    monkeypatch.setattr(claims, "SEEDS", range(2))


def test_what_arrives_is_the_least_and_the_most_over_seeds(short):
    def arriving(cell):
        return [claims._flow(cell, seed)[0].item() for seed in (0, 1)]

    assert claims.error_that_a_simple_network_keeps() == max(arriving(RNNCell)) > min(arriving(RNNCell))
    assert claims.error_that_a_half_open_gate_keeps() == max(arriving(LSTMCell))
    assert claims.error_growth() == max(arriving(LSTM1997Cell))
    assert claims.error_that_a_free_unit_keeps() == max(arriving(GRUCell))
    assert claims.error_that_a_memory_keeps() == {
        "1997": min(arriving(LSTM1997Cell)),
        "forget bias 5": min(arriving(partial(LSTMCell, forget_bias=5))),
    }


def test_how_far_an_error_is_from_one(short, monkeypatch):
    monkeypatch.setattr(claims, "_flow", lambda _, seed: torch.tensor([1.0, 0.25 + seed, 1.5]))
    assert claims.carousel_off_one_with_the_whole_gradient() == 0.75


def test_five_more_hold_the_update_gate_of_a_unit_and_nothing_else():
    free, held = (claims.made(cell, inputs=2, hidden=3, seed=0) for cell in (GRUCell, claims._held))
    assert (held.b_W - free.b_W).tolist() == pytest.approx([0] * 3 + [5] * 3 + [0] * 3)
    assert all(torch.equal(getattr(held, name), getattr(free, name)) for name in ("W", "U", "b_U"))


def test_a_free_unit_moves_as_it_reads(short):
    cell, x = claims.made(GRUCell, inputs=4, hidden=8, seed=0), claims.normal(16, 3, 4, seed=1)
    with torch.no_grad():
        before = state = cell(x[:, 0], cell.start(x))
        for t in (1, 2):
            state = cell(x[:, t], state)
    assert claims.change_over_a_free_unit() == (state[0] - before[0]).abs().max().item()


def test_an_open_reset_gate_shows_the_whole_past_to_the_candidate():
    cell, x = claims.made(GRUCell, inputs=4, hidden=8, seed=0), claims.normal(16, 4, seed=1)
    of_input, of_past = (
        x @ cell.W[16:].T + cell.b_W[16:],
        [claims.normal(16, 8, seed=seed) @ cell.U[16:].T + cell.b_U[16:] for seed in (2, 3)],
    )
    one, other = ((of_input + past).tanh() for past in of_past)
    assert claims.past_behind_an_open_reset() == pytest.approx((one - other).abs().max().item())


def test_what_is_remembered_is_the_least_of_three_seeds(monkeypatch):
    asked = []
    monkeypatch.setattr(
        claims, "remembered", lambda cell, *, steps, seed: asked.append((cell, steps)) or [3, 1, 2][seed]
    )
    assert claims.remembered_by_an_open_gate() == claims.remembered_by_a_simple_network() == 1
    assert claims.remembered_for_ten_steps() == 1
    assert claims.remembered_by_a_half_open_gate() == 3
    assert asked[::3] == [("LSTM, open", 100), ("RNN", 100), ("RNN", 10), ("LSTM", 100)]
