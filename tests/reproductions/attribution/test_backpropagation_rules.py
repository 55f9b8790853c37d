import torch

from reproductions.attribution.backpropagation_rules import discrete_gradients, guided_backpropagation
from reproductions.attribution.claims import figure_7_f, figure_7_g
from reproductions.attribution.gradients import gradients
from reproductions.attribution.integrated_gradients import completeness_gap


def tensor(*rows):
    return torch.tensor(rows, dtype=torch.float64)


def test_discrete_gradients_are_those_of_figure_7():
    x, zero = tensor([3, 1]), torch.zeros(2)
    torch.testing.assert_close(discrete_gradients(figure_7_f, x, zero), tensor([1.5, -0.5]))
    torch.testing.assert_close(discrete_gradients(figure_7_g, x, zero), tensor([2, -1]))


def test_discrete_gradients_are_complete():
    x, x_prime = tensor([3, 1], [2, -1]), tensor([0.5, 0.25], [4, 1])
    for network in (figure_7_f, figure_7_g):
        gap = completeness_gap(network, x, x_prime, discrete_gradients(network, x, x_prime))
        torch.testing.assert_close(gap, torch.zeros(2, dtype=torch.float64))


def test_where_input_and_baseline_meet_a_rectifier_has_its_gradient():
    def network(x, relu):
        return relu(x[:, 0]) + x[:, 1]

    # x₁ does not move: 0/0 must not become NaN, and x₁ gets nothing
    assert discrete_gradients(network, tensor([2, 3]), tensor([2, 1])).tolist() == [[0, 2]]


def test_a_rectifier_that_stands_still_passes_only_where_it_is_on():
    def network(shift):
        return lambda x, relu: relu(x[:, 0] - x[:, 1] + shift)

    x, zero = tensor([1, 1]), torch.zeros(2)
    assert discrete_gradients(network(0.5), x, zero).tolist() == [[1, -1]]
    assert discrete_gradients(network(0), x, zero).tolist() == [[0, 0]]


def test_guided_backpropagation_stops_what_is_negative():
    x = tensor([3, 1])
    assert gradients(figure_7_f, x).tolist() == [[1, -1]]
    assert guided_backpropagation(figure_7_f, x).tolist() == [[1, 0]]
    assert guided_backpropagation(figure_7_f, tensor([1, 3])).tolist() == [[0, 0]]
