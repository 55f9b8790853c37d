import torch
from torch import nn

from reproductions.normal import normal
from reproductions.transformer.feed_forward import FeedForward


def test_equation_2_by_hand():
    ffn = FeedForward(1, 2).double()
    with torch.no_grad():
        ffn.W_1.copy_(torch.tensor([[1.0, -1.0]]))
        ffn.b_1.copy_(torch.tensor([-1.0, 0.0]))
        ffn.W_2.copy_(torch.tensor([[10.0], [100.0]]))
        ffn.b_2.copy_(torch.tensor([7.0]))
    # max(0, x − 1) · 10 + max(0, −x) · 100 + 7
    assert ffn(torch.tensor([[3.0], [-2.0]], dtype=torch.float64)).tolist() == [[27], [207]]


def test_it_is_two_convolutions_of_width_1():
    ffn, x = FeedForward(4, 6).double(), normal(2, 5, 4, seed=0)
    with torch.no_grad():
        ffn.b_1.normal_()
        ffn.b_2.normal_()
        hidden = nn.functional.conv1d(x.mT, ffn.W_1.T[..., None], ffn.b_1).relu()
        expected = nn.functional.conv1d(hidden, ffn.W_2.T[..., None], ffn.b_2).mT
    torch.testing.assert_close(ffn(x), expected)
