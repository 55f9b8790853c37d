import math

import pytest
import torch

from reproductions.transducer.lattice import (
    NULL,
    lattice,
    null_probabilities,
    output_density,
    output_distribution,
    random_lattice,
    symbol_probabilities,
)


def tensor(values):
    return torch.tensor(values, dtype=torch.float64)


def test_the_density_adds_what_the_two_networks_say():
    f, g = tensor([[[1, 2], [3, 4]]]), tensor([[[10, 20], [30, 40], [50, 60]]])
    density = output_density(f, g)
    assert density.shape == (1, 2, 3, 2)
    assert density[0, 1].tolist() == [[13, 24], [33, 44], [53, 64]]


def test_the_distribution_by_hand():
    # h = (1·1, 2·3, 3·1) = (1, 6, 3) at the one node
    pr = output_distribution(tensor([[[1, 2, 3]]]).log(), tensor([[[1, 3, 1]]]).log())
    torch.testing.assert_close(pr.exp(), tensor([[[[0.1, 0.6, 0.3]]]]))


def test_labels_at_each_node_are_a_distribution():
    f, g, _ = random_lattice(5, 3, seed=0, B=2)
    torch.testing.assert_close(output_distribution(f, g).exp().sum(dim=-1), torch.ones(2, 5, 4, dtype=torch.float64))


def test_large_vectors_do_not_overflow():
    pr = output_distribution(tensor([[[0, 1000]]]), tensor([[[0, 1000]]]))
    assert pr.tolist() == [[[[-2000, 0]]]]


def test_each_edge_takes_its_own_label():
    pr = torch.arange(2 * 3 * 4, dtype=torch.float64).reshape(1, 2, 3, 4)
    y = torch.tensor([[3, 1]])
    assert symbol_probabilities(pr, y).tolist() == [[[3, 5], [15, 17]]]  # Pr(3 | t, 0), Pr(1 | t, 1)
    assert null_probabilities(pr).tolist() == [[[0, 4, 8], [12, 16, 20]]]
    assert NULL == 0


def test_an_output_without_symbols_has_null_edges_alone():
    f, g, y = random_lattice(3, 0, seed=0)
    symbols, null = lattice(f, g, y)
    assert symbols.shape == (1, 3, 0)
    assert null.shape == (1, 3, 1)


def test_too_few_prediction_vectors_say_so():
    f, g, y = random_lattice(3, 2, seed=0)
    with pytest.raises(ValueError, match="2 symbols need 3 rows of nodes, not 2; hint: g starts before the first"):
        lattice(f, g[:, 1:], y)


def test_log_probabilities_are_not_positive():
    symbols, null = lattice(*random_lattice(4, 3, seed=2))
    assert symbols.max() < 0
    assert null.max() < math.log(1)


def test_a_random_lattice_is_one_sequence_of_any_labels_but_null():
    f, g, y = random_lattice(2, 60, seed=0)
    assert (f.shape, g.shape, y.shape) == ((1, 2, 4), (1, 61, 4), (1, 60))
    assert y.unique().tolist() == [1, 2, 3]
