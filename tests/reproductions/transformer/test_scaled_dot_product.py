import math

import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from reproductions.normal import normal
from reproductions.transformer.masks import causal_mask
from reproductions.transformer.scaled_dot_product import attention, attention_weights


def tensor(*rows):
    return torch.tensor(rows, dtype=torch.float64)


def random_mask(*shape, seed):
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed)) < 0.6


def test_attention_by_hand():
    # d_k = 4, so scores are halved: 2 ln 3 / 2 = ln 3 against 0, weights 3/4 and 1/4
    Q, K, V = tensor([1, 0, 0, 0]), tensor([2 * math.log(3), 5, 5, 5], [0, 7, 7, 7]), tensor([4, 0], [0, 8])
    torch.testing.assert_close(attention_weights(Q, K), tensor([0.75, 0.25]))
    torch.testing.assert_close(attention(Q, K, V), tensor([3, 2]))
    torch.testing.assert_close(attention_weights(Q, K, scaled=False), tensor([0.9, 0.1]))


@pytest.mark.parametrize(("dtype", "within"), [(torch.float32, 1e-6), (torch.float64, 1e-12)])
def test_equal_to_torch(dtype, within):
    Q, K, V = (normal(2, 3, n, 8, seed=n).to(dtype) for n in (5, 7, 7))
    V = V[..., :6]
    for mask in (None, random_mask(2, 3, 5, 7, seed=0), random_mask(2, 1, 1, 7, seed=1), torch.zeros(5, 7).bool()):
        theirs = scaled_dot_product_attention(Q, K, V, attn_mask=mask)
        torch.testing.assert_close(attention(Q, K, V, mask=mask), theirs, rtol=0, atol=within)


def test_equal_to_torchs_causal_attention_and_its_gradients():
    ours, theirs = ([normal(2, 5, 8, seed=n).requires_grad_() for n in range(3)] for _ in range(2))
    a = attention(*ours, mask=causal_mask(5))
    b = scaled_dot_product_attention(*theirs, is_causal=True)
    torch.testing.assert_close(a, b)
    for g, h in zip(torch.autograd.grad(a.sum(), ours), torch.autograd.grad(b.sum(), theirs), strict=True):
        torch.testing.assert_close(g, h)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_a_query_that_may_look_at_nothing_finds_nothing_and_no_nan(dtype):
    Q, K = normal(2, 4, seed=0).to(dtype).requires_grad_(), normal(3, 4, seed=1).to(dtype)
    mask = torch.tensor([[False, False, False], [True, False, True]])
    found = attention(Q, K, K, mask=mask)
    assert found[0].tolist() == [0, 0, 0, 0]
    assert attention_weights(Q, K, mask=mask)[1, 1] == 0
    (gradient,) = torch.autograd.grad(found.sum(), Q)
    assert gradient[0].tolist() == [0, 0, 0, 0]
    assert gradient.isfinite().all()
