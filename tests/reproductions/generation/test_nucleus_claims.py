import math

import torch

from reproductions.generation import nucleus_claims as claims


def test_a_spread_is_the_largest_over_the_smallest(monkeypatch):
    table = torch.tensor([[0.0, -1, -2, -9], [0.0, -9, -9, -9]])
    monkeypatch.setattr(claims, "trained", lambda: (lambda ids: table[ids], torch.tensor([[0, 1], [1, 1]])))
    assert claims._spread(lambda u: u.masked_fill(u < -5, -math.inf)) == 3
    assert claims.spread_of_top_k() == 1
