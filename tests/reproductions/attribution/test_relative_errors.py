import torch

from reproductions.attribution.relative_errors import relative_errors


def test_errors_are_relative_to_what_is_exact():
    exact = torch.tensor([[3.0, 4.0], [0.1, 0.0]])
    torch.testing.assert_close(relative_errors(1.5 * exact, exact), torch.tensor([0.5, 0.5]))
