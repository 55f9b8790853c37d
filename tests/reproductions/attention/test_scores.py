import math

import pytest
import torch

from reproductions.attention.scores import concat, dot, general, location
from reproductions.normal import normal

H_T = torch.tensor([[1.0, 2.0]], dtype=torch.float64)
H_BAR = torch.tensor([[[3.0, 4.0], [-1.0, 0.5]]], dtype=torch.float64)


def tensor(*rows):
    return torch.tensor(rows, dtype=torch.float64)


def test_dot_by_hand():
    assert dot(H_T, H_BAR).tolist() == [[11, 0]]


def test_general_by_hand_and_not_transposed():
    # h_tᵀ W_a = (1·0 + 2·0, 1·5 + 2·1) = (0, 7)
    assert general(H_T, H_BAR, W_a=tensor([0, 5], [0, 1])).tolist() == [[28, 3.5]]


def test_concat_by_hand_with_the_target_state_first():
    v_a, W_a = tensor(2), tensor([1, 0, 0, -1])
    expected = [2 * math.tanh(1 - 4), 2 * math.tanh(1 - 0.5)]
    assert concat(H_T, H_BAR, v_a=v_a, W_a=W_a)[0].tolist() == pytest.approx(expected)


def test_general_may_join_states_of_different_sizes():
    h_t, h_bar, W_a = normal(3, 4, seed=0), normal(3, 5, 6, seed=1), normal(4, 6, seed=2)
    expected = torch.einsum("bn,nm,bsm->bs", h_t, W_a, h_bar)
    torch.testing.assert_close(general(h_t, h_bar, W_a=W_a), expected)


def test_location_keeps_the_top_of_the_weights_for_a_short_sentence():
    W_a = normal(6, 2, seed=3)
    whole = (H_T @ W_a.T).softmax(dim=-1)
    torch.testing.assert_close(location(H_T, 6, W_a=W_a), whole)
    short = location(H_T, 4, W_a=W_a)
    torch.testing.assert_close(short, whole[:, :4])
    assert short.sum() < 1


def test_location_ignores_the_end_of_a_long_sentence():
    W_a = normal(3, 2, seed=3)
    found = location(H_T, 5, W_a=W_a)
    torch.testing.assert_close(found[:, :3], (H_T @ W_a.T).softmax(dim=-1))
    assert found[:, 3:].tolist() == [[0, 0]]


def test_location_does_not_depend_on_the_size_of_the_batch():
    W_a = normal(3, 2, seed=3)
    many = location(H_T.expand(5, -1), 4, W_a=W_a)
    torch.testing.assert_close(many, location(H_T, 4, W_a=W_a).expand(5, -1))
