import torch

from reproductions.attribution.figure_7 import figure_7_f, figure_7_g, integrated, largest_difference, random_pairs
from reproductions.normal import normal


def test_figure_7_shows_one_function_built_in_two_ways():
    x = 3 * normal(1000, 2, seed=0)
    assert figure_7_f(x).count_nonzero() > 100
    torch.testing.assert_close(figure_7_f(x), figure_7_g(x))


def test_the_largest_difference_is_that_of_the_two_networks_on_the_same_pairs():
    def value(network, x, x_prime):
        return (network(x, torch.relu) - network(x_prime, torch.relu) + 5 * (network is figure_7_g))[:, None]

    assert abs(largest_difference(value) - 5) < 1e-12


def test_networks_are_integrated_finely_enough_to_tell_a_broken_axiom():
    x, x_prime = random_pairs()
    missed = integrated(figure_7_f, x, x_prime).sum(dim=1) - (figure_7_f(x) - figure_7_f(x_prime))
    assert missed.abs().max() < 0.01
