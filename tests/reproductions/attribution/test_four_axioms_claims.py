import pytest
import torch

from reproductions.attribution import four_axioms_claims
from reproductions.attribution.backpropagation_rules import discrete_gradients
from reproductions.attribution.figure_7 import integrated, largest_difference, random_pairs
from reproductions.attribution.four_axioms_claims import BROKEN
from reproductions.attribution.gradients import gradient_times_input

AXIOMS = {
    "completeness": four_axioms_claims._incompleteness,
    "dummies": four_axioms_claims._relevance_of_a_dummy,
    "linearity": four_axioms_claims._nonlinearity,
    "invariance": largest_difference,
}


def gradient(network, x, x_prime):
    return gradient_times_input(lambda x: network(x, torch.relu), x, x_prime)


def equal_shares(network, x, x_prime):
    return ((network(x, torch.relu) - network(x_prime, torch.relu)) / 2)[:, None].expand_as(x)


def squared(network, x, x_prime):
    """Complete no more, and not linear, but invariant and silent about a dummy."""
    return integrated(network, x, x_prime) ** 2


@pytest.mark.parametrize(
    ("method", "broken"),
    [
        (integrated, set()),
        (gradient, {"completeness"}),
        (equal_shares, {"dummies"}),
        (discrete_gradients, {"dummies", "invariance"}),
        (squared, {"completeness", "linearity"}),
    ],
)
def test_each_method_breaks_its_own_axioms(method, broken):
    sizes = {name: off(method) for name, off in AXIOMS.items()}
    assert {name for name, size in sizes.items() if size >= BROKEN} == broken
    assert all(size < BROKEN / 5 or size > 5 * BROKEN for size in sizes.values()), "clear of the bound"


def test_f_less_g_computes_nothing():
    x, _ = random_pairs()
    assert four_axioms_claims._f_less_g(x, torch.relu).abs().max() < 1e-12
