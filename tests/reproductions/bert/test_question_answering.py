"""Spans scored by hand."""

from __future__ import annotations

import math

import pytest
import torch

from reproductions.bert.question_answering import Spans, answered, best_spans, span_loss, span_scores

STARTS = torch.tensor([[9.0, 1.0, 5.0, 0.0]])
ENDS = torch.tensor([[9.0, 6.0, 2.0, 4.0]])
PASSAGE = torch.tensor([[False, True, True, True]])
"""[CLS] and three tokens of a passage. Alone, the best start is the second of these and the best end the first."""


def test_scores_by_hand():
    no = -math.inf
    assert span_scores(STARTS, ENDS, PASSAGE).tolist() == [
        [[no, no, no, no], [no, 7.0, 3.0, 5.0], [no, no, 7.0, 9.0], [no, no, no, 4.0]]
    ]


def test_the_best_span_does_not_end_before_it_starts():
    start, end = best_spans(STARTS, ENDS, PASSAGE)
    assert (start.tolist(), end.tolist()) == ([2], [3])


def test_texts_of_a_batch_do_not_meet():
    start, end = best_spans(STARTS.repeat(2, 1), ENDS.repeat(2, 1), torch.stack([PASSAGE[0], PASSAGE[0].roll(2)]))
    assert (start.tolist(), end.tolist()) == ([2, 0], [3, 0])


@pytest.mark.parametrize(("null", "tau", "expected"), [(4.0, 0.0, True), (5.0, 0.0, False), (4.0, 1.0, False)])
def test_no_answer_where_the_first_token_scores_higher(null, tau, expected):
    starts, ends = STARTS.clone(), ENDS.clone()
    starts[:, 0], ends[:, 0] = null, 4.0
    assert answered(starts, ends, PASSAGE, tau=tau).tolist() == [expected]


def test_the_loss_by_hand():
    probabilities = torch.tensor([[0.25, 0.5, 0.25]])
    loss = span_loss(probabilities.log(), probabilities.log(), Spans(torch.tensor([1]), torch.tensor([2])))
    assert loss.item() == pytest.approx(math.log(2) + math.log(4))


def test_the_threshold_is_zero_unless_one_is_given():
    starts = STARTS.clone()
    starts[:, 0] = -0.5  # with the 9 of its end, half a point below the best span
    assert answered(starts, ENDS, PASSAGE).tolist() == [True]
    assert answered(starts, ENDS, PASSAGE, tau=1.0).tolist() == [False]
