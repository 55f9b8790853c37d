import pytest
import torch

from reproductions.masked_softmax import masked_softmax
from reproductions.normal import normal


def test_what_is_hidden_weighs_nothing_and_the_rest_as_if_it_were_alone():
    scores, mask = normal(2, 5, seed=0), torch.tensor([[True, True, False, True, False], [False] * 5])
    weights = masked_softmax(scores, mask)
    torch.testing.assert_close(weights[0, mask[0]], scores[0, mask[0]].softmax(dim=0))
    assert weights[~mask].tolist() == [0] * 7
    assert torch.equal(masked_softmax(scores), scores.softmax(dim=-1))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_a_row_of_nothing_has_a_gradient_of_zero(dtype):
    scores = normal(3, seed=0).to(dtype).requires_grad_()
    (gradient,) = torch.autograd.grad(masked_softmax(scores, torch.tensor([False] * 3)).sum(), scores)
    assert gradient.tolist() == [0, 0, 0]
