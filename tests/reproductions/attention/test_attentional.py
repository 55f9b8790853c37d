import math

import torch

from reproductions.attention.attentional import attentional_state, input_feeding, word_distribution


def tensor(*rows):
    return torch.tensor(rows, dtype=torch.float64)


def test_equation_5_by_hand_with_the_context_first():
    # m = 1, n = 2: the hidden units are tanh(3 c − h₁) and tanh(2 h₂)
    found = attentional_state(tensor([2]), tensor([5, -0.5]), W_c=tensor([3, -1, 0], [0, 0, 2]))
    torch.testing.assert_close(found, tensor([math.tanh(1), math.tanh(-1)]))


def test_equation_6_by_hand():
    # scores 0, ln 2 and ln 5
    found = word_distribution(tensor([1]), W_s=tensor([0], [math.log(2)], [math.log(5)]))
    torch.testing.assert_close(found, tensor([1 / 8, 2 / 8, 5 / 8]))


def test_the_next_input_is_the_word_and_then_what_was_looked_at():
    assert input_feeding(tensor([7]), tensor([0.5, -0.5])).tolist() == [[7, 0.5, -0.5]]
