import torch

from reproductions.attribution import step_claims


def test_a_number_of_steps_that_is_never_enough_is_infinite():
    def step(x):  # flat, but for a jump that no gradient sees
        return (x[:, 0] > 0.5).to(x.dtype) + 0 * x[:, 0] + x[:, 0] ** 4000

    assert step_claims._steps_to_five_percent(step, torch.ones(1, 1, dtype=torch.float64)) == float("inf")
