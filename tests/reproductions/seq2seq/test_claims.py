"""What claims compute of what they are given: models that stand for trained ones have known outputs."""

from __future__ import annotations

import math

import pytest
import torch

from reproductions.seq2seq import claims


def test_a_reversed_source_by_hand(monkeypatch):
    known = {("copy", True): 1.5, ("copy", False): 6.0, ("reverse", True): 8.0, ("reverse", False): 2.0}
    monkeypatch.setattr(claims, "learnt", lambda task, *, reverse: (task, reverse))
    monkeypatch.setattr(claims, "unseen", lambda task, *, reverse: ((task, reverse), "target"))
    monkeypatch.setattr(claims, "perplexity", lambda model, source, _: known[model] if model == source else math.nan)
    assert claims.perplexity_when_reversed() == 0.25
    assert claims.perplexity_when_reversed_though_the_target_is() == 4
    losses = {key: torch.tensor([value, 2 * value]) for key, value in known.items()}
    monkeypatch.setattr(claims, "loss_by_position", lambda task, *, reverse: losses[task, reverse])
    assert claims.gains_at_each_word() == {"word 1": 4.5, "word 2": 9}
    assert claims.gains_at_each_word_though_the_target_is_reversed() == {"word 1": -6, "word 2": -12}


def test_own_words_against_teacher_forcing_by_hand(monkeypatch):
    known = {(True, 0): 0.8, (False, 0): 0.2, (True, 1): 0.6}
    monkeypatch.setattr(claims.own_words, "learnt", lambda *, teacher, seed=0: (teacher, seed))
    monkeypatch.setattr(claims, "unseen", lambda task, *, reverse: (task, reverse))
    monkeypatch.setattr(claims, "exact", lambda model, *data: known[model] if data == ("copy", True) else math.nan)
    assert claims.written_whole_after_training_on_own_words() == pytest.approx(0.25)
    assert claims.written_whole_after_another_start() == pytest.approx(0.75)


def test_long_sources_by_hand(monkeypatch):
    known = {("at each word", None): (0.8, 0.6, 0.4), ("once", None): (0.5, 0.25, 0.125), ("once", 300): (1, 0.5, 0)}
    monkeypatch.setattr(claims.long_inputs, "learnt", lambda looks, *, steps=None: known[looks, steps])
    monkeypatch.setattr(claims.long_inputs, "translated", lambda model, k: model[[0, 12, 16].index(k)])
    monkeypatch.setattr(claims.long_inputs, "words", lambda k: k + 0.2)
    assert claims.kept_on_long_sources() == pytest.approx({"12 words": 0.75, "16 words": 0.5})
    assert claims.kept_on_long_sources_by_one_vector() == {"12 words": 0.5, "16 words": 0.25}
    assert claims.kept_on_long_sources_by_one_vector_after_longer_training() == {"12 words": 0.5, "16 words": 0}


def test_parts_of_a_date_are_its_digits(monkeypatch):
    looked = torch.tensor([[1, 1, 1, 0, 1, 0, 0, 0], [1, 1, 1, 1, 0, 0, 1, 0]])
    monkeypatch.setattr(claims.long_inputs, "learnt", lambda _: None)
    monkeypatch.setattr(claims.long_inputs, "unseen", lambda _: None)
    monkeypatch.setattr(claims.long_inputs, "looked_at", lambda *_: looked)
    found = {"year": 7 / 8, "month": 1 / 4, "day": 1 / 4}
    assert claims.digits_that_look_at_their_part() == found
    assert claims.digits_that_look_at_their_part_untrained() == found


def test_the_size_of_the_paper_s_model_by_hand():
    # four layers of 1000 cells: W, U and two biases for four gates, in each of two LSTMs
    lstm = 4 * (4 * 1000 * (1000 + 1000 + 2))
    words, output = (160_000 + 80_000) * 1000, 80_000 * 1001
    assert claims.parameters() == pytest.approx((words + 2 * lstm + output) / 1e6)
    assert claims.parameters_of_one_lstm_for_both() == pytest.approx((words + lstm + output) / 1e6)


def test_without_an_end_what_is_begun_counts_as_written(monkeypatch):
    monkeypatch.setattr(claims, "_by_length", lambda: torch.tensor([0.5, 0.25, 0.125]))
    assert claims.probability_of_all_outputs() == 0.875
    # nothing is begun by all, one symbol by a half, two by a quarter
    assert claims.probability_of_all_outputs_without_an_end() == 1.75


def test_how_much_the_source_is_felt(monkeypatch):
    felt = []

    def forced(model, source, target):
        """Moves with the source by t at word t, and by nothing where c is not seen again."""
        assert target.shape == (16, 40)
        felt.append(float(model.decoder.C.weight.abs().sum()))
        t = torch.arange(1.0, 41.0).view(1, 40, 1)
        return source.double().mean(dim=1).view(-1, 1, 1) * t.double()

    monkeypatch.setattr(claims, "teacher_forced", forced)
    assert claims.source_felt_at_the_fortieth_word() == pytest.approx(40)
    assert min(felt) > 0
    felt.clear()
    assert claims.source_felt_at_the_fortieth_word_if_read_once() == pytest.approx(40)
    assert max(felt) == 0
