import torch

from reproductions.attribution.backpropagation_rules import (
    deconvolution,
    discrete_gradients,
    guided_backpropagation,
    layerwise_relevance,
)
from reproductions.attribution.figure_7 import figure_7_f, figure_7_g
from reproductions.attribution.gradients import gradient_times_input, gradients
from reproductions.attribution.integrated_gradients import completeness_gap
from reproductions.normal import normal


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


def test_deconvolution_passes_through_rectifiers_that_are_off():
    def network(x, relu):
        return relu(x[:, 0]) - relu(x[:, 1])

    x = tensor([-3, 2])  # the first is off and its signal positive, the second on and its signal negative
    assert gradients(lambda x: network(x, torch.relu), x).tolist() == [[0, -1]]
    assert guided_backpropagation(network, x).tolist() == [[0, 0]]
    assert deconvolution(network, x).tolist() == [[1, 0]]


def deep(x, relu):
    """Two layers of rectifiers, with biases everywhere."""
    first, second, third = (normal(*shape, seed=seed) for seed, shape in enumerate([(4, 8), (8, 8), (8,)]))
    return relu(relu(x @ first + 0.3) @ second - 0.2) @ third + 0.7


def test_relevance_is_that_of_figure_7():
    x = tensor([3, 1])
    torch.testing.assert_close(layerwise_relevance(figure_7_f, x), tensor([1.5, -0.5]))
    torch.testing.assert_close(layerwise_relevance(figure_7_g, x), tensor([2, -1]))


def test_relevance_by_hand():
    # z = 2·3 − 1 + 5: of the terms 6 and −1, not of the bias; out comes ReLU(z) + 2 = 12, all of which goes to ReLU(z)
    relevance = layerwise_relevance(lambda x, relu: relu(2 * x[:, 0] - x[:, 1] + 5) + 2, tensor([3, 1]))
    torch.testing.assert_close(relevance, 12 * tensor([6 / 5, -1 / 5]))


def test_all_of_the_output_reaches_the_inputs_as_relevance():
    x = normal(16, 4, seed=5)
    output = deep(x, torch.relu)
    on = output != 0.7  # where every last rectifier is off, there is no term that could take any
    assert on.sum() > 10
    torch.testing.assert_close(layerwise_relevance(deep, x).sum(dim=1)[on], output[on])
    assert (layerwise_relevance(deep, x, biases=True).sum(dim=1) - output).abs().max() > 0.1


def test_relevance_with_biases_is_gradient_times_input():
    x = normal(16, 4, seed=5)
    expected = gradient_times_input(lambda x: deep(x, torch.relu), x, torch.zeros_like(x))
    torch.testing.assert_close(layerwise_relevance(deep, x, biases=True), expected)


def test_where_no_term_has_a_size_there_is_no_relevance():
    assert layerwise_relevance(lambda x, relu: relu(x.sum(dim=1) + 1), tensor([0, 0], [1, -1])).tolist() == [[0, 0]] * 2
