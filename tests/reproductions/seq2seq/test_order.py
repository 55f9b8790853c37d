from __future__ import annotations

import math

import pytest
import torch

from reproductions.seq2seq import order, own_words
from reproductions.seq2seq.encoder_decoder import EncoderDecoder, backwards
from reproductions.seq2seq.order import loss_by_position, training_data, unseen
from reproductions.transformer.copying import END, PADDING, SYMBOLS, Pairs


def rows(data):
    return {tuple(row.tolist()) for row in data.source}


def test_500_batches_of_64_pairs_of_four_to_eight_symbols_and_500_unseen():
    read, held = training_data("copy", reverse=False), unseen("copy", reverse=False)
    assert (len(read.source), len(held.source)) == (500 * 64, 500)
    assert not rows(read) & rows(held)
    for data in (read, held):
        assert (data.source >= SYMBOLS.start).sum(dim=1).unique().tolist() == [4, 5, 6, 7, 8]
        assert torch.equal(data.source, data.target)


def test_the_source_is_turned_round_and_the_target_is_not():
    for part in (training_data, unseen):
        as_it_is, reversed_ = (part("copy", reverse=reverse) for reverse in (False, True))
        assert torch.equal(reversed_.source, backwards(as_it_is.source))
        assert torch.equal(reversed_.target, as_it_is.target)
    assert torch.equal(unseen("reverse", reverse=False).target, backwards(unseen("reverse", reverse=False).source))


@pytest.mark.parametrize("reverse", [True, False])
def test_what_is_trained_is_trained_on_its_own_order(monkeypatch, reverse):
    trained = []
    monkeypatch.setattr(order, "train", lambda _, data, **options: trained.append((data, options)))
    model = order.learnt.__wrapped__("copy", reverse=reverse)
    ((data, options),) = trained
    assert torch.equal(data.source, training_data("copy", reverse=reverse).source[: 250 * 64])
    assert torch.equal(data.target, training_data("copy", reverse=reverse).target[: 250 * 64])
    assert options == {"batch": 64, "rate": 8e-3}
    assert model.output.out_features == SYMBOLS.stop


@pytest.mark.parametrize("teacher", [True, False])
def test_own_words_are_trained_on_copies_of_a_reversed_source(monkeypatch, teacher):
    trained = []
    monkeypatch.setattr(own_words, "train", lambda _, data, *, teacher: trained.append((data, teacher)))
    own_words.learnt.__wrapped__(teacher=teacher)
    (data, asked), *_ = trained
    assert asked is teacher
    assert torch.equal(data.source, training_data("copy", reverse=True).source)


class Counting(EncoderDecoder):
    """Gives the t-th word, whichever it is, the probability 1/(t + 1)."""

    def begin(self, source):
        return (torch.zeros(len(source)),)

    def step(self, state, previous):
        t = int(state[0][0]) + 1
        right = self.target[:, t - 1].unsqueeze(1)
        rest = torch.full((len(previous), SYMBOLS.stop), math.log(t / (t + 1) / (SYMBOLS.stop - 1)))
        return (state[0] + 1,), rest.scatter(1, right, math.log(1 / (t + 1)))


def test_the_loss_of_each_position_is_a_mean_over_symbols(monkeypatch):
    target = torch.tensor([[3, 4, 5, 6, END, *[PADDING] * 4], [3, 4, 5, 6, 7, 8, 9, 10, END]])
    model = Counting()
    model.target = target
    monkeypatch.setattr(order, "unseen", lambda _, **__: Pairs(target, target))
    monkeypatch.setattr(order, "learnt", lambda _, **__: model)
    expected = [math.log(t + 1) for t in range(1, 9)]
    assert loss_by_position("copy", reverse=True).tolist() == pytest.approx(expected)
