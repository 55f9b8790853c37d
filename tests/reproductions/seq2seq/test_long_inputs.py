from __future__ import annotations

import pytest
import torch

from reproductions.seq2seq import long_inputs
from reproductions.seq2seq.rnn_search import RNNsearch
from reproductions.seq2seq.spoken_dates import Dates, dates
from reproductions.transformer.copying import PADDING, Pairs


@pytest.fixture
def drawn(monkeypatch):
    """What is asked of `dates`, and nothing kept of it."""
    asked = []

    def draw(count, *, phrases, generator):
        asked.append((count, phrases, generator.initial_seed()))
        return dates(2, phrases=phrases, generator=generator)

    monkeypatch.setattr(long_inputs, "dates", draw)
    for name in ("_data", "unseen"):
        monkeypatch.setattr(long_inputs, name, getattr(long_inputs, name).__wrapped__)
    return asked


def test_180_batches_of_64_dates_with_up_to_three_phrases(drawn, monkeypatch):
    trained = []

    def train(model, *, data, **options):
        assert len(data.source) == 2
        trained.append((model.looks, options))

    monkeypatch.setattr(long_inputs, "train", train)
    assert long_inputs.learnt.__wrapped__("once").looks == "once"
    long_inputs.learnt.__wrapped__("at each word", steps=3)
    assert drawn == [(180 * 64, range(4), 0), (3 * 64, range(4), 0)]
    assert trained == [(looks, {"batch": 64, "rate": 4e-3}) for looks in ("once", "at each word")]


def test_300_unseen_dates_with_as_many_phrases_as_asked_and_a_seed_of_their_own(drawn):
    long_inputs.unseen(5)
    long_inputs.unseen(0)
    assert [one[:2] for one in drawn] == [(300, range(5, 6)), (300, range(1))]
    assert len({0, *(seed for _, _, seed in drawn)}) == 3


def test_lengths_leave_the_end_out(monkeypatch):
    sources = torch.tensor([[5, 6, 2, PADDING, PADDING], [5, 6, 7, 8, 2]])  # two words and four
    data = Dates(Pairs(sources, sources), torch.zeros(2, 5, 3, dtype=torch.bool))
    monkeypatch.setattr(long_inputs, "unseen", lambda _: data)
    monkeypatch.setattr(long_inputs, "_data", lambda _: data)
    assert long_inputs.words(3) == 3
    assert long_inputs.longest_of_training() == 4


def test_translated_is_the_share_written_whole(monkeypatch):
    pairs = Pairs(torch.zeros(1, 1), torch.ones(1, 1))
    monkeypatch.setattr(long_inputs, "unseen", lambda phrases: Dates(pairs, torch.full((1,), phrases)))
    monkeypatch.setattr(long_inputs, "exact", lambda model, source, target: (model, source.item(), target.item()))
    assert long_inputs.translated("a model", 7) == ("a model", 0, 1)


@pytest.mark.parametrize("place", range(11))
def test_each_digit_belongs_to_its_part(place):
    # a source of three words: its day, its month and its year; 1984-03-23 has ten characters and an end
    data = Dates(Pairs(torch.tensor([[5, 6, 7]]), torch.zeros(1, 11, dtype=torch.long)), torch.eye(3).bool()[None])
    right = [2, 2, 2, 2, 0, 1, 1, 0, 0, 0, 0]  # the year's word for four digits, a hyphen, the month's, the day's
    for word in range(3):
        looks = torch.tensor(right)
        looks[place] = word
        model = RNNsearch(20, m=2, n=2)
        model.alignment = lambda *_, looks=looks: torch.nn.functional.one_hot(looks, 3)[None]
        found = long_inputs.looked_at(model, data)
        assert found.shape == (1, 8)
        expected = [True] * 8
        if place in (4, 7, 10):  # hyphens and the end are no digits
            assert found[0].tolist() == expected
        else:
            digit = {0: 0, 1: 1, 2: 2, 3: 3, 5: 4, 6: 5, 8: 6, 9: 7}[place]
            expected[digit] = word == right[place]
            assert found[0].tolist() == expected
