import torch

from reproductions.attribution import claims
from reproductions.attribution.small_networks import random_inputs


def test_figure_7_shows_one_function_built_in_two_ways():
    x = 3 * random_inputs(1000, 2, seed=0)
    assert claims.figure_7_f(x).count_nonzero() > 100
    torch.testing.assert_close(claims.figure_7_f(x), claims.figure_7_g(x))


def test_softplus_of_the_claims_is_torchs():
    z = random_inputs(100, seed=0)
    torch.testing.assert_close(claims.SMOOTH["softplus"](z), torch.nn.functional.softplus(z))


def test_a_number_of_steps_that_is_never_enough_is_infinite():
    def step(x):  # flat, but for a jump that no gradient sees
        return (x[:, 0] > 0.5).to(x.dtype) + 0 * x[:, 0] + x[:, 0] ** 4000

    assert claims._steps_to_five_percent(step, torch.ones(1, 1, dtype=torch.float64)) == float("inf")


def test_errors_are_relative_to_what_is_exact():
    exact = torch.tensor([[3.0, 4.0], [0.1, 0.0]])
    torch.testing.assert_close(claims._errors(1.5 * exact, exact), torch.tensor([0.5, 0.5]))
