import random

import pytest
from rouge_score.rouge_scorer import RougeScorer
from rouge_score.tokenizers import DefaultTokenizer

from reproductions.pegasus.rouge import Rouge, rouge_1, words

CANDIDATE, REFERENCE = words("the cat the dog the end"), words("the cat sat on the mat")


def test_rouge_by_hand():
    # shared: the twice, cat once; three of six words on each side
    assert rouge_1(CANDIDATE, REFERENCE) == Rouge(0.5, 0.5, 0.5)


def test_unique_words_by_hand():
    # {the, cat, dog, end} and {the, cat, sat, on, mat} share two: 2/4, 2/5, and 2·2/(4 + 5)
    rouge = rouge_1(CANDIDATE, REFERENCE, unique=True)
    assert (rouge.precision, rouge.recall, rouge.f1) == pytest.approx((1 / 2, 2 / 5, 4 / 9))


def test_f1_does_not_tell_the_texts_apart_and_the_others_do():
    short, long = ["a", "b"], ["a", "c", "d", "e"]
    forth, back = rouge_1(short, long), rouge_1(long, short)
    assert forth.f1 == pytest.approx(back.f1)
    assert (forth.precision, forth.recall) == (back.recall, back.precision) == (1 / 2, 1 / 4)


@pytest.mark.parametrize(("a", "b"), [([], ["a"]), (["a"], []), ([], []), (["a"], ["b"])])
def test_texts_that_share_nothing_score_nothing(a, b):
    assert rouge_1(a, b) == Rouge(0, 0, 0)


@pytest.mark.parametrize("text", ["It's 4:00pm -- AEDT!", "Über-naïve O'Neill_x", "", "...", "A1 b2\tC3\n"])
def test_words_are_those_of_rouge_score(text):
    assert words(text) == DefaultTokenizer(use_stemmer=False).tokenize(text)


def test_rouge_is_that_of_rouge_score():
    generator, scorer = random.Random(0), RougeScorer(["rouge1"], use_stemmer=False)
    for _ in range(200):
        a, b = (" ".join(generator.choices("abcdefg", k=generator.randint(0, 12))) for _ in range(2))
        ours, theirs = rouge_1(words(a), words(b)), scorer.score(b, a)["rouge1"]
        assert (ours.precision, ours.recall, ours.f1) == pytest.approx(tuple(theirs), abs=1e-15)
