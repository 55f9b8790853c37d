import torch

from reproductions.transformer.masks import causal_mask, padding_mask


def test_each_position_sees_itself_and_those_before():
    assert causal_mask(3).int().tolist() == [[1, 0, 0], [1, 1, 0], [1, 1, 1]]


def test_padding_is_hidden_from_all_queries():
    mask = padding_mask(torch.tensor([[5, 7, 0], [5, 0, 0]]), padding=0)
    assert mask.int().tolist() == [[[1, 1, 0]], [[1, 0, 0]]]
    both = mask & causal_mask(3)
    assert both[0].int().tolist() == [[1, 0, 0], [1, 1, 0], [1, 1, 0]]
