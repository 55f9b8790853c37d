import pytest
import torch

from reproductions.attribution import axiom_claims
from reproductions.attribution.axiom_claims import BROKEN
from reproductions.attribution.backpropagation_rules import discrete_gradients
from reproductions.attribution.gradients import gradient_times_input

AXIOMS = ("_incompleteness", "_relevance_of_a_dummy", "_nonlinearity", "_variance")


def gradient(network, x, x_prime):
    return gradient_times_input(lambda x: network(x, torch.relu), x, x_prime)


def equal_shares(network, x, x_prime):
    return ((network(x, torch.relu) - network(x_prime, torch.relu)) / 2)[:, None].expand_as(x)


def squared(network, x, x_prime):
    """Complete no more, and not linear, but invariant and silent about a dummy."""
    return axiom_claims._integrated(network, x, x_prime) ** 2


@pytest.mark.parametrize(
    ("method", "broken"),
    [
        (axiom_claims._integrated, set()),
        (gradient, {"_incompleteness"}),
        (equal_shares, {"_relevance_of_a_dummy"}),
        (discrete_gradients, {"_relevance_of_a_dummy", "_variance"}),
        (squared, {"_incompleteness", "_nonlinearity"}),
    ],
)
def test_each_method_breaks_its_own_axioms(method, broken):
    sizes = {name: getattr(axiom_claims, name)(method) for name in AXIOMS}
    assert {name for name, size in sizes.items() if size >= BROKEN} == broken
    assert all(size < BROKEN / 5 or size > 5 * BROKEN for size in sizes.values()), "clear of the bound"


def test_f_less_g_computes_nothing():
    x, _ = axiom_claims._inputs()
    assert axiom_claims._f_less_g(x, torch.relu).abs().max() < 1e-12


def test_the_bent_path_rises_and_ends_where_the_straight_one_does():
    alphas = torch.linspace(0, 1, 101, dtype=torch.float64)
    second = alphas - axiom_claims.BEND * torch.sin(2 * torch.pi * alphas)
    assert (second.diff() > 0).all()
    assert second[[0, 50, 100]].tolist() == pytest.approx([0, 0.5, 1])


def test_the_printed_function_is_that_of_the_proof():
    # a = 0 and b = ½: below a, within, and beyond b with either feature
    x = torch.tensor([[-0.1, 0.3], [0.2, 0.4], [0.6, 0.1], [0.1, 0.6], [0.6, 0.7]])
    torch.testing.assert_close(axiom_claims._as_printed(x), torch.tensor([0, 0.08, 0.25, 0.25, 0.25]))
