import math

import torch

from reproductions.attention.additive import annotation_terms, energies, energies_in_advance
from reproductions.normal import normal


def tensor(*rows):
    return torch.tensor(rows, dtype=torch.float64)


def test_energies_by_hand():
    # n = 1, 2n = 2, n′ = 2: hidden units tanh(s + h₁) and tanh(2 s − h₂), read out by 3 and −1
    s, h = tensor([1]), tensor([[0, 2], [-1, 1]])
    e = energies(s, h, v_a=tensor(3, -1), W_a=tensor([1], [2]), U_a=tensor([1, 0], [0, -1]))
    torch.testing.assert_close(e, tensor([3 * math.tanh(1) - 0, 0 - math.tanh(1)]))


def test_energies_are_a_linear_layer_a_tanh_and_a_linear_layer():
    s, h = normal(3, 4, seed=0), normal(3, 5, 8, seed=1)
    W_a, U_a, v_a = normal(6, 4, seed=2), normal(6, 8, seed=3), normal(6, seed=4)
    hidden = torch.nn.Linear(12, 6, bias=False, dtype=torch.float64)
    hidden.weight.data = torch.cat([W_a, U_a], dim=1)
    expected = torch.tanh(hidden(torch.cat([s[:, None].expand(-1, 5, -1), h], dim=-1))) @ v_a
    torch.testing.assert_close(energies(s, h, v_a=v_a, W_a=W_a, U_a=U_a), expected)


def test_what_is_computed_in_advance_serves_every_target_position():
    h = normal(2, 5, 8, seed=1)
    W_a, U_a, v_a = normal(6, 4, seed=2), normal(6, 8, seed=3), normal(6, seed=4)
    U_a_h = annotation_terms(h, U_a=U_a)
    assert U_a_h.shape == (2, 5, 6)
    for i in range(3):
        s = normal(2, 4, seed=10 + i)
        found = energies_in_advance(s, U_a_h, v_a=v_a, W_a=W_a)
        assert torch.equal(found, energies(s, h, v_a=v_a, W_a=W_a, U_a=U_a))
