import math
from functools import partial

import pytest
import torch
from torch import nn

from reproductions.normal import normal
from reproductions.transformer.complexity import (
    convolutional,
    exponent,
    layers_to_cross,
    multiply_adds,
    projected_self_attention,
    recurrent,
    restricted_self_attention,
    self_attention,
    sequential_products,
)


def test_multiply_adds_by_hand():
    n, d = 6, 4
    assert multiply_adds(self_attention, n, d) == 2 * n * n * d
    assert multiply_adds(projected_self_attention, n, d) == 2 * n * n * d + 4 * n * d * d
    assert multiply_adds(recurrent, n, d) == 2 * n * d * d
    assert multiply_adds(partial(convolutional, k=3), n, d) == 3 * n * d * d
    assert multiply_adds(partial(restricted_self_attention, r=3), n, d) == 2 * 3 * n * d


def test_the_exponent_of_a_power():
    assert exponent((1, 2, 7), [5 * n**3 for n in (1, 2, 7)]) == pytest.approx(3)


def test_restricted_attention_with_a_wide_neighbourhood_is_self_attention():
    x = normal(5, 4, seed=0)
    torch.testing.assert_close(restricted_self_attention(x, r=9), self_attention(x))


def test_restricted_attention_sees_its_neighbours_alone():
    x = normal(6, 4, seed=0)
    found = restricted_self_attention(x, r=3)
    torch.testing.assert_close(found[3], self_attention(x[2:5])[1])
    torch.testing.assert_close(found[0], self_attention(x[:2])[0])
    torch.testing.assert_close(found[5], self_attention(x[4:])[1])


def test_the_recurrent_layer_is_torchs():
    x = 0.1 * normal(5, 3, seed=0)
    theirs = nn.RNN(3, 3, bias=False, dtype=torch.float64)
    with torch.no_grad():
        theirs.weight_ih_l0.fill_(1)
        theirs.weight_hh_l0.fill_(1)
    torch.testing.assert_close(recurrent(x), theirs(x)[0])


def test_chains_of_products():
    # softmax(x xᵀ) x: one product waits for the other; with projections, one before and one after
    assert sequential_products(self_attention, 5) == 2
    assert sequential_products(projected_self_attention, 5) == 4
    assert sequential_products(recurrent, 5) == 5
    assert sequential_products(partial(convolutional, k=3), 5) == 1


def test_layers_to_cross_by_hand():
    assert layers_to_cross(lambda x, _: convolutional(x, k=5), 9) == 4  # two positions a layer, eight to go
    assert layers_to_cross(lambda x, _: restricted_self_attention(x, r=3), 5) == 4
    assert layers_to_cross(lambda x, _: recurrent(x / 10), 6) == 1
    with pytest.raises(ValueError, match="3 layers do not connect 9 positions"):
        layers_to_cross(lambda x, _: x * math.e, 9, at_most=3)


def test_counting_prints_nothing(capsys):
    assert isinstance(multiply_adds(self_attention, 2, 2), int)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_a_deep_stack_neither_vanishes_nor_overflows(scale):
    assert layers_to_cross(lambda x, _: scale * convolutional(x, k=5), 9) == 4


def test_what_a_layer_is_given():
    given = []

    def layer(x, depth=0):
        given.append((x.detach(), depth))
        return recurrent(x)

    layers_to_cross(lambda x, depth: layer(x, depth) if depth == 2 else given.append((x, depth)) or x, 5)
    assert [depth for _, depth in given] == [0, 1, 2]
    x = given[0][0]
    assert x.shape == (5, 4)
    torch.testing.assert_close(x.asin().flatten(), torch.linspace(-1, 1, 20, dtype=torch.float64))
    sequential_products(layer, 6)
    assert given[-1][0].shape == (6, 4)


def test_a_thousand_layers_are_enough_to_give_up():
    first = []

    def alone(x, depth):
        """Each position sees itself alone, however deep; the graph stays as shallow as one layer."""
        first.append(x)
        assert depth < 1000
        return first[0].sin()

    with pytest.raises(ValueError, match="1000 layers do not connect 2 positions"):
        layers_to_cross(alone, 2)
    assert len(first) == 1000
