import pytest
import torch
from torch import nn

from reproductions.normal import normal
from reproductions.transformer.multi_head import MultiHead, concat_heads, split_heads
from reproductions.transformer.scaled_dot_product import attention


def same_weights(ours, theirs):
    """Give torch's `nn.MultiheadAttention` the weights of ours, and biases of zero."""
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.cat([ours.W_Q.T, ours.W_K.T, ours.W_V.T]))
        theirs.out_proj.weight.copy_(ours.W_O.T)
        theirs.in_proj_bias.zero_()
        theirs.out_proj.bias.zero_()


def test_heads_are_columns_side_by_side():
    x = torch.arange(6).reshape(1, 1, 6)
    assert split_heads(x, 3).tolist() == [[[[0, 1]], [[2, 3]], [[4, 5]]]]
    x = normal(2, 5, 12, seed=0)
    assert torch.equal(concat_heads(split_heads(x, 4)), x)


def test_the_formula_of_section_3_2_2_head_by_head():
    h, d_k, d_v = 3, 2, 5  # all different, and their product not d_model
    ours = MultiHead(8, h, d_k=d_k, d_v=d_v).double()
    Q, K, V = normal(2, 4, 8, seed=0), normal(2, 6, 8, seed=1), normal(2, 6, 8, seed=2)
    heads = []
    for i in range(h):
        W_Q, W_K = ours.W_Q[:, i * d_k : (i + 1) * d_k], ours.W_K[:, i * d_k : (i + 1) * d_k]
        heads.append(attention(Q @ W_Q, K @ W_K, V @ ours.W_V[:, i * d_v : (i + 1) * d_v]))
    torch.testing.assert_close(ours(Q, K, V), torch.cat(heads, dim=-1) @ ours.W_O)


@pytest.mark.parametrize(("dtype", "within"), [(torch.float32, 1e-6), (torch.float64, 1e-12)])
def test_equal_to_torch(dtype, within):
    ours = MultiHead(16, 4, d_k=4, d_v=4).to(dtype)
    theirs = nn.MultiheadAttention(16, 4, batch_first=True, dtype=dtype)
    same_weights(ours, theirs)
    Q, K, V = (normal(2, n, 16, seed=n).to(dtype) for n in (5, 7, 7))
    mask = torch.rand((2, 5, 7), generator=torch.Generator().manual_seed(0)) < 0.6
    mask[:, :, 0] = True  # nn.MultiheadAttention makes NaN of a query that may look at nothing
    for ours_mask, theirs_mask in ((None, None), (mask, ~mask.repeat_interleave(4, dim=0))):
        expected, _ = theirs(Q, K, V, attn_mask=theirs_mask)
        torch.testing.assert_close(ours(Q, K, V, ours_mask), expected, rtol=0, atol=within)


def test_a_hidden_key_changes_nothing():
    ours, x = MultiHead(8, 2, d_k=4, d_v=4).double(), normal(1, 5, 8, seed=0)
    mask = torch.tensor([True, True, True, False, True])
    kept = x[:, mask]
    torch.testing.assert_close(ours(x, x, x, mask[None, None]), ours(x, kept, kept))
