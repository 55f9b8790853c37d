"""Passages by rule: the answer is where it is said to be, and held-out texts are never trained on."""

from __future__ import annotations

import random
from itertools import chain

import pytest
import torch

from reproductions.bert import answering
from reproductions.bert.answering import exact, heldout, trained, untrained, without_the_question
from reproductions.bert.passages import ADJECTIVES, ASKED, NOUNS, QUESTION, WORDS, held_out, questions, text_of
from reproductions.bert.question_answering import Spans


@pytest.mark.parametrize("unseen", [False, True])
def test_the_answer_is_the_phrase_of_the_kind_that_is_asked_for(unseen):
    data = questions(60, generator=random.Random(1), unseen=unseen)
    for row, start, end in zip(data.tokens, *data.spans, strict=True):
        words = text_of(row).split()
        *adjectives, noun = words[start : end + 1]
        assert words[:QUESTION] == ["[CLS]", words[ASKED], "?", "[SEP]"]
        assert noun in NOUNS[words[ASKED]]
        assert set(adjectives) <= set(ADJECTIVES)
        assert words[start - 1] in {"[SEP]", ","}
        assert words[end + 1] in {",", "."}
        assert held_out(words) is unseen
    assert len({row[ASKED].item() for row in data.tokens}) == 3


def test_what_is_held_out_is_never_trained_on():
    drawn = {text_of(row) for row in questions(2000, generator=random.Random(2)).tokens}
    kept = {text_of(row) for row in questions(2000, generator=random.Random(3), unseen=True).tokens}
    assert len(kept) > 1900
    assert not kept & drawn


def test_segments_and_passage():
    data = questions(20, generator=random.Random(3))
    assert data.segments[:, :QUESTION].eq(0).all()
    assert data.segments[:, QUESTION:].eq(1).all()
    assert set(text_of(data.tokens[~data.passage]).split()) <= {"[CLS]", "[SEP]", "?", *NOUNS}
    assert set(text_of(data.tokens[data.passage]).split()) <= {*ADJECTIVES, *chain(*NOUNS.values()), ",", "."}
    assert not data.passage[data.tokens == 0].any()
    assert (data.tokens == 0).any()


def test_the_question_taken_away():
    data = heldout()
    taken = without_the_question(data)
    assert text_of(taken.tokens[0]).startswith("[CLS] [MASK] ? [SEP]")
    assert (taken.tokens != data.tokens).sum() == len(data.tokens) == 1000
    assert all(held_out(text_of(row).split()) for row in data.tokens[:20])


def test_every_position_is_seen_unless_the_model_reads_from_left_to_right():
    data = questions(1, generator=random.Random(1))
    changed = data.tokens.clone()
    changed[0, -2] = WORDS.index(",")
    for left_to_right in (False, True):
        model = untrained(left_to_right=left_to_right)
        one, other = (model(tokens, data.segments)[0][0, 0] for tokens in (data.tokens, changed))
        assert torch.equal(one, other) is left_to_right
    assert torch.equal(untrained().S_and_E.weight, untrained(left_to_right=False).S_and_E.weight)
    assert untrained().bert.left_to_right is False


def test_words_are_told_apart_and_an_untrained_model_hardly_answers():
    assert len(set(WORDS)) == len(WORDS)
    assert exact(untrained(), heldout()).double().mean() < 0.2


def test_an_answer_is_right_where_both_its_ends_are(monkeypatch):
    data = questions(4, generator=random.Random(1))
    start, end = (part.clone() for part in data.spans)
    start[1] += 1
    end[2] += 1
    monkeypatch.setattr(answering, "answers", lambda *_: Spans(start, end))
    assert exact(None, data).tolist() == [True, False, False, True]


def test_training_depends_on_its_seed_alone():
    first, again, other = (trained.__wrapped__(steps=2, seed=seed) for seed in (0, 0, 1))
    assert not any(weights.requires_grad for weights in first.parameters())
    assert torch.equal(first.S_and_E.weight, again.S_and_E.weight)
    assert not torch.equal(first.S_and_E.weight, other.S_and_E.weight)
