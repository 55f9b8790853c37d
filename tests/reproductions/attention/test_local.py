import math

import pytest
import torch
from torch.autograd import gradcheck

from reproductions.attention.alignment import alignment_weights, context
from reproductions.attention.local import gaussian, local_m, local_p, predicted_position, window
from reproductions.attention.scores import dot
from reproductions.normal import normal


def tensor(*rows):
    return torch.tensor(rows, dtype=torch.float64)


def in_view(p_t, S, D):
    around = window(tensor(p_t), torch.tensor([S]), D=D)
    assert around.positions.shape == around.inside.shape == (1, 2 * D + 1)
    return around.positions[around.inside].tolist()


def test_the_window_of_a_whole_and_of_a_real_position():
    assert in_view(5.0, 20, 2) == [3, 4, 5, 6, 7]
    assert in_view(5.4, 20, 2) == [4, 5, 6, 7]


def test_the_window_ends_with_the_sentence():
    assert in_view(1.0, 20, 2) == [1, 2, 3]
    assert in_view(0.0, 20, 2) == [1, 2]
    assert in_view(20.0, 20, 2) == [18, 19, 20]
    assert in_view(23.0, 20, 2) == []


def test_predicted_position_by_hand():
    # v_pᵀ tanh(W_p h) = 2 tanh(0) = 0, half of the way; and a large negative one, the beginning
    h_t, S = tensor([0], [-100]), torch.tensor([12, 12])
    p_t = predicted_position(h_t, S, v_p=tensor(1000), W_p=tensor([1]))
    assert p_t.tolist() == [6, 0]


def test_the_gaussian_has_half_the_window_for_standard_deviation():
    # one σ = D/2 away: exp(−1/2)
    found = gaussian(tensor([10, 15, 5, 20]), tensor(10), D=10)[0].tolist()
    assert found == pytest.approx([1, math.exp(-0.5), math.exp(-0.5), math.exp(-2)])


def test_local_m_is_global_attention_on_the_window():
    h_t, h_bar = normal(2, 4, seed=0), normal(2, 12, 4, seed=1)
    found = local_m(dot, h_t, h_bar, torch.tensor([6, 2]), D=2)
    for i, view in enumerate((slice(3, 8), slice(0, 4))):  # positions 4 … 8 and 1 … 4
        part = h_bar[i : i + 1, view]
        expected = context(alignment_weights(dot(h_t[i : i + 1], part)), part)
        torch.testing.assert_close(found.c_t[i : i + 1], expected)


def test_a_window_as_wide_as_the_sentence_is_global_attention():
    h_t, h_bar = normal(2, 4, seed=0), normal(2, 6, 4, seed=1)
    expected = context(alignment_weights(dot(h_t, h_bar)), h_bar)
    torch.testing.assert_close(local_m(dot, h_t, h_bar, torch.tensor([3, 4]), D=6).c_t, expected)


def test_local_p_by_hand():
    # S = 3, scores 0: a third each; p_t = 2, D = 2, σ = 1: the neighbours are worth exp(−1/2)
    h_bar = tensor([[1], [10], [100]])
    found = local_p(lambda h_t, seen: 0 * dot(h_t, seen), tensor([1]), h_bar, tensor(2), D=2)
    near = math.exp(-0.5)
    assert found.a_t[0].tolist() == pytest.approx([0, near / 3, 1 / 3, near / 3, 0])
    assert found.c_t.item() == pytest.approx((101 * near + 10) / 3)


def test_padding_is_outside_the_sentence():
    h_t, h_bar = normal(2, 4, seed=0), normal(2, 12, 4, seed=1)
    p_t, S = tensor(6.5, 6.5), torch.tensor([12, 7])
    found = local_p(dot, h_t, h_bar, p_t, D=3, S=S)
    alone = local_p(dot, h_t[1:], h_bar[1:, :7], p_t[1:], D=3)
    torch.testing.assert_close(found.c_t[1:], alone.c_t)
    assert found.window.positions[1][found.window.inside[1]].tolist() == [4, 5, 6, 7]


def test_an_empty_window_gives_nothing_and_no_nan():
    found = local_m(dot, normal(1, 4, seed=0), normal(1, 5, 4, seed=1), torch.tensor([9]), D=2)
    assert found.c_t.tolist() == [[0, 0, 0, 0]]
    assert found.a_t.sum() == 0


def test_the_gradient_of_the_position_is_right():
    h_t, h_bar = normal(2, 4, seed=0), normal(2, 12, 4, seed=1)
    p_t = tensor(4.3, 7.6).requires_grad_()
    assert gradcheck(lambda p_t: local_p(dot, h_t, h_bar, p_t, D=3).c_t, p_t)
