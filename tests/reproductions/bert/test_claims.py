"""What a control comes to where one knows it beforehand, and what claims compute of what they are given."""

from __future__ import annotations

import random

import pytest
import torch

from reproductions.bert import claims
from reproductions.bert.passages import questions
from reproductions.bert.sizes import BERT_BASE, BERT_LARGE, Sizes, parameters


def test_a_difference_is_relative_to_the_largest_score():
    assert claims._relative(torch.tensor([1.0, 2.0, -6.0]), torch.tensor([1.0, 4.0, -8.0])) == 0.25


def test_an_untied_matrix_is_so_many_millions_more():
    found = claims.millions_off_the_sizes_untied()
    assert found["BASE"] == pytest.approx(abs(parameters(BERT_BASE) / 1e6 + 30_522 * 768 / 1e6 - 110))
    assert found["LARGE"] == pytest.approx(abs(parameters(BERT_LARGE) / 1e6 + 30_522 * 1024 / 1e6 - 340))


def test_a_model_drops_a_tenth_unless_told_otherwise():
    assert BERT_BASE.P_drop == BERT_LARGE.P_drop == Sizes(L=1, H=2, A=1).P_drop == 0.1


def test_shares_where_all_that_are_chosen_are_hidden():
    found = claims.shares_off_when_all_are_hidden()
    assert found == pytest.approx({"hidden": 0.03, "replaced": 0.015, "kept": 0.015}, abs=0.001)


def test_blind_faith_is_off_most_for_the_rarest_word():
    # of eight words, each half as probable as the one before, the last has 1/255 of the whole
    p = 1 / 255
    assert claims.trust_off_blind_faith() == pytest.approx(1 - (p + p / 8) / (p + 1 / 8), abs=0.01)


def test_scores_of_spans_begin_behind_five_tokens():
    starts, ends, allowed = claims._scores()
    assert starts.shape == ends.shape == allowed.shape == (200, 20)
    assert allowed[0].tolist() == [False] * 6 + [True] * 14


def test_a_score_is_lost_by_hand(monkeypatch):
    starts, ends = torch.zeros(2, 20), torch.zeros(2, 20)
    starts[0, 6], starts[0, 9], ends[0, 8], ends[0, 15] = (
        3.0,
        4.0,
        7.0,
        5.0,
    )  # 3 + 7, or 4 + 5 from the best start
    starts[1, 19], ends[1, 19] = 1.0, 2.0  # a span of one token
    monkeypatch.setattr(claims, "_scores", lambda: (starts, ends, (torch.arange(20) > 5).expand(2, -1)))
    assert claims.score_lost_by_the_best_span() == 0
    assert claims.score_lost_by_the_best_start_and_its_end() == 10 - 9
    assert claims._score_lost(torch.tensor([6, 19]), torch.tensor([8, 18])) == 2
    assert claims._score_lost(torch.tensor([6, 18]), torch.tensor([8, 19])) == 1


def test_the_share_answered(monkeypatch):
    data = questions(4, generator=random.Random(1))
    monkeypatch.setattr(claims, "heldout", lambda: data)
    monkeypatch.setattr(claims, "trained", lambda *, left_to_right=False: left_to_right)
    monkeypatch.setattr(
        claims, "exact", lambda model, asked: torch.tensor([True, asked is data, model, not model and asked is data])
    )
    assert claims.questions_answered() == 0.75
    assert claims.questions_answered_unasked() == 0.25
    assert claims.questions_answered_left_to_right() == 0.75
    assert claims.questions_answered_left_to_right_unasked() == 0.5
