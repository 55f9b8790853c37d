import math

import pytest

from reproductions.recurrent.ngrams import NGrams


def test_bigrams_by_hand():
    model = NGrams(["abab", "ba"], n=2, alphabet=3, alpha=1)
    of_b = (3 + 1 / 3) / (6 + 1)  # three of six letters
    assert model.probability("b", "") == pytest.approx(of_b)
    assert model.probability("b", "a") == pytest.approx((2 + of_b) / (2 + 1))
    assert model.bits("ab") == pytest.approx(-math.log2(model.probability("a", "")) - math.log2((2 + of_b) / 3))


@pytest.mark.parametrize("n", [1, 2, 3])
def test_what_comes_next_has_probability_one(n):
    model = NGrams(["abcab", "ccab"], n=n, alphabet=4, alpha=0.7)
    for context in ("", "a", "ab", "abca", "d"):
        assert sum(model.probability(symbol, context) for symbol in "abcd") == pytest.approx(1)


def test_symbols_before_the_beginning_are_read_and_not_predicted():
    model = NGrams([">a", ">a", "<b"], n=2, alphabet=2, begin=1)
    assert model.probability("a", ">") == pytest.approx((2 + (2 + 0.5) / 4) / 3)
    assert model.counts[(">",)] == 0


def test_unless_told_otherwise_all_symbols_are_predicted_with_one_count_of_smoothing():
    model = NGrams(["ab"], n=1, alphabet=2)
    assert model.probability("a", "") == pytest.approx((1 + 1 * 1 / 2) / (2 + 1))
    assert model.bits("ab") == pytest.approx(2)


def test_trigrams_fall_back_to_bigrams_by_hand():
    model = NGrams(["abcbc"], n=3, alphabet=3)
    of_c = (2 + 1 / 3) / (5 + 1)
    after_b = (2 + of_c) / (2 + 1)
    assert model.probability("c", "ab") == pytest.approx((1 + after_b) / (1 + 1))
    assert model.probability("c", "bb") == pytest.approx(after_b)  # never seen behind two b
