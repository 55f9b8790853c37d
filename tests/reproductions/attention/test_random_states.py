import torch

from reproductions.attention import random_states


def test_the_scores_of_the_claims_are_not_all_alike():
    s, h = random_states.states()
    found = [score(s, h) for score in random_states.scorings().values()]
    assert all(one.shape == (random_states.B, random_states.S) for one in found)
    assert all(not torch.allclose(one, other) for i, one in enumerate(found) for other in found[:i])
