"""Which words are chosen, and what becomes of them."""

from __future__ import annotations

import pytest
import torch

from reproductions.bert.masked_words import hide, trust

MASK, VOCABULARY = 3, 1000


def hidden(tokens, words=None, seed=0, **shares):
    words = torch.ones_like(tokens, dtype=torch.bool) if words is None else words
    generator = torch.Generator().manual_seed(seed)
    return hide(tokens, words, mask=MASK, vocabulary=VOCABULARY, generator=generator, **shares)


def texts(*shape):
    return torch.randint(10, VOCABULARY, shape, generator=torch.Generator().manual_seed(7))


def test_fifteen_percent_are_chosen_of_which_most_are_hidden():
    tokens = texts(500, 100)
    found, chosen = hidden(tokens)
    assert chosen.sum(dim=1).eq(15).all()
    assert torch.equal(found[~chosen], tokens[~chosen])
    of_chosen, before = found[chosen], tokens[chosen]
    shares = [of_chosen == MASK, (of_chosen != MASK) & (of_chosen != before), of_chosen == before]
    assert [share.double().mean().item() for share in shares] == pytest.approx([0.8, 0.1, 0.1], abs=0.015)


def test_what_is_no_word_is_never_chosen_and_a_short_text_has_one():
    tokens = texts(3, 5)
    words = torch.tensor([[False, True, True, False, False], [False] * 5, [True] * 5])
    for seed in range(20):
        found, chosen = hidden(tokens, words, seed)
        assert chosen.sum(dim=1).tolist() == [1, 0, 1]
        assert not (chosen & ~words).any()
        assert torch.equal(found[~chosen], tokens[~chosen])


def test_every_word_may_be_chosen():
    tokens = texts(400, 10)
    assert hidden(tokens).chosen.any(dim=0).all()


@pytest.mark.parametrize("wrong", [{"share": 0.0}, {"share": 1.5}, {"masked": 0.9, "random": 0.2}, {"random": -0.1}])
def test_shares_that_are_none(wrong):
    with pytest.raises(ValueError, match="no shares"):
        hidden(texts(1, 5), **wrong)


def test_trust_by_hand():
    found = trust(torch.tensor([0.0, 0.25, 1.0]), vocabulary=4)
    assert found.tolist() == pytest.approx([0.0, 0.625, 1.0])
    assert trust(torch.tensor([0.01]), vocabulary=4, random=0.0).tolist() == [1.0]


def test_all_that_are_chosen_may_stay_as_they_were():
    tokens = texts(20, 20)
    assert torch.equal(hidden(tokens, masked=0.0, random=0.0).tokens, tokens)
    replaced = hidden(tokens, masked=0.0, random=1.0)
    assert replaced.tokens[replaced.chosen].ne(tokens[replaced.chosen]).double().mean() > 0.9


def test_all_words_may_be_chosen_at_once():
    tokens = texts(3, 7)
    assert hidden(tokens, share=1.0).chosen.all()
    assert hidden(tokens, share=1.0, masked=1.0, random=0.0).tokens.eq(MASK).all()
