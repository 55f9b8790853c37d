import pytest
import torch

from reproductions.generation import continuations


def test_texts_are_of_16_tokens_and_48_more(half):
    ways = ("human", "greedy", "beam", "sampled", "nucleus", "cold")
    found = {how: continuations.continuations.__wrapped__(how) for how in ways}
    assert {text.shape for text in found.values()} == {(24, 64)}
    assert all(torch.equal(text[:, :16], half[:24, :16]) for text in found.values())
    assert torch.equal(found["human"], half[:24])
    assert found["greedy"][:, 16:].eq(0).all()
    assert found["beam"][:, 16:].eq(0).all()
    assert found["cold"][:, 16:].eq(0).double().mean() > 0.99
    shares = found["sampled"][:, 16:].flatten().bincount(minlength=4) / (24 * 48)
    assert shares.tolist() == pytest.approx([0.5, 0.25, 0.125, 0.125], abs=0.05)
