import math

import pytest
import torch

from reproductions.attribution.token_summaries import (
    entropy,
    shares,
    token_lengths,
    token_sums,
    without_special_tokens,
)

ATTRIBUTIONS = torch.tensor([[[3.0, -4.0], [1.0, 1.0], [0.0, 0.0]]])


def test_one_number_a_token():
    torch.testing.assert_close(token_sums(ATTRIBUTIONS), torch.tensor([[-1.0, 2.0, 0.0]]))
    torch.testing.assert_close(token_lengths(ATTRIBUTIONS), torch.tensor([[5.0, math.sqrt(2), 0.0]]))


def test_shares_take_the_sizes_of_what_has_a_sign():
    torch.testing.assert_close(shares(token_sums(ATTRIBUTIONS)), torch.tensor([[1 / 3, 2 / 3, 0.0]]))
    assert shares(torch.zeros(1, 3)).count_nonzero() == 0


@pytest.mark.parametrize(
    ("scores", "nats"),
    [([0.0, 5.0, 0.0], 0.0), ([1.0, -1.0, 1.0], math.log(3)), ([1.0, -2.0, 1.0], 1.5 * math.log(2))],
)
def test_entropy(scores, nats):
    assert entropy(torch.tensor(scores)).item() == pytest.approx(nats)


def test_special_tokens_are_left_out():
    kept = without_special_tokens(torch.tensor([[1.0, 2.0, 3.0]]), torch.tensor([[True, False, True]]))
    torch.testing.assert_close(kept, torch.tensor([[0.0, 2.0, 0.0]]))
