import pytest
import torch

from reproductions.transducer.forward_backward import (
    backward_variables,
    forward_variables,
    log_probability,
    transducer_loss,
)
from reproductions.transducer.gradients import gradient_of_density, gradient_of_probabilities, gradients_of_vectors
from reproductions.transducer.lattice import (
    null_probabilities,
    output_distribution,
    random_lattice,
    symbol_probabilities,
)


def test_one_step_and_one_symbol_by_hand():
    # Pr(y | x) = y(1, 0) ∅(1, 1): each derivative of −ln is −1 / the probability itself, all others are 0
    pr = torch.tensor([[[[0.2, 0.5, 0.3], [0.4, 0.35, 0.25]]]], dtype=torch.float64).log()
    y = torch.tensor([[2]])
    symbols, null = symbol_probabilities(pr, y), null_probabilities(pr)
    alpha, beta = forward_variables(symbols, null), backward_variables(symbols, null)
    gradient = gradient_of_probabilities(alpha, beta, log_probability(alpha, null), y, 3)
    expected = torch.tensor([[[[0, 0, -1 / 0.3], [-1 / 0.4, 0, 0]]]], dtype=torch.float64)
    torch.testing.assert_close(gradient, expected)
    # through the normalization: Pr(k) − 1 at the label taken, Pr(k) at the others, as in any softmax
    expected = torch.tensor([[[[0.2, 0.5, 0.3 - 1], [0.4 - 1, 0.35, 0.25]]]], dtype=torch.float64)
    torch.testing.assert_close(gradient_of_density(gradient, pr), expected)


@pytest.mark.parametrize(("steps", "symbols"), [(1, 0), (1, 3), (4, 0), (3, 2), (6, 4)])
def test_equation_20_is_what_autograd_finds(steps, symbols):
    f, g, y = random_lattice(steps, symbols, seed=11, B=2)
    f.requires_grad_()
    g.requires_grad_()
    pr = output_distribution(f, g)
    probability = pr.exp().detach().requires_grad_()  # free numbers: nothing normalizes them any more
    y_edges, null = symbol_probabilities(probability.log(), y), null_probabilities(probability.log())
    alpha, beta = forward_variables(y_edges, null), backward_variables(y_edges, null)
    log_pr = log_probability(alpha, null)
    (of_autograd,) = torch.autograd.grad(-log_pr.sum(), probability)
    torch.testing.assert_close(gradient_of_probabilities(alpha, beta, log_pr, y, 4).detach(), of_autograd)


@pytest.mark.parametrize(("steps", "symbols"), [(1, 0), (1, 3), (4, 0), (3, 2), (6, 4)])
def test_gradients_of_vectors_are_what_autograd_finds(steps, symbols):
    f, g, y = random_lattice(steps, symbols, seed=12, B=2)
    of_paper = gradients_of_vectors(f, g, y)
    f.requires_grad_()
    g.requires_grad_()
    of_autograd = torch.autograd.grad(transducer_loss(f, g, y).sum(), (f, g))
    for paper, autograd in zip(of_paper, of_autograd, strict=True):
        torch.testing.assert_close(paper, autograd)


def test_autograd_is_what_finite_differences_find():
    f, g, y = random_lattice(3, 2, seed=13, B=2)
    lengths = torch.tensor([3, 2]), torch.tensor([2, 1])
    f.requires_grad_()
    g.requires_grad_()
    assert torch.autograd.gradcheck(lambda f, g: transducer_loss(f, g, y, *lengths), (f, g))


def test_what_is_gained_at_one_label_is_lost_at_the_others():
    of_f, of_g = gradients_of_vectors(*random_lattice(4, 3, seed=14))
    torch.testing.assert_close(of_f.sum(dim=-1), torch.zeros(1, 4, dtype=torch.float64))
    torch.testing.assert_close(of_g.sum(dim=-1), torch.zeros(1, 4, dtype=torch.float64))
