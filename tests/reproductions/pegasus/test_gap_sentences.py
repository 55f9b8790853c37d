import random
from itertools import combinations

import pytest

from reproductions.pegasus.gap_sentences import (
    at_random,
    gap_count,
    importance,
    independent,
    lead,
    score,
    sequential,
    training_pair,
)

# |D| = 10. Sentence 0 shares a, b with the rest, 1 shares a, b, 2 shares c, d, 3 shares c, d, and e nothing.
TWO_PAIRS = [["a", "b"], ["a", "b"], ["c", "d"], ["c", "d", "e", "e"]]
# Sentence 1 shares most (a, b, c), sentence 3 next; but once 1 is out, 0 has its words in no other sentence.
UNLIKE = [["a", "b", "x"], ["a", "b", "c"], ["y", "z"], ["c", "y"]]


def test_importance_by_hand():
    # F1 = 2 overlap / |D|: an overlap of two in each sentence
    assert importance(TWO_PAIRS) == pytest.approx([0.4, 0.4, 0.4, 0.4])
    # the rest in turn: {a b c y z c y}, {a b x y z c y}, {a b x a b c c y}, {a b x a b c y z}
    assert importance(UNLIKE) == pytest.approx([2 * 2 / 10, 2 * 3 / 10, 2 * 1 / 10, 2 * 2 / 10])


def test_unique_importance_by_hand():
    # sentence 3: {c, d, e} against {a, b, c, d}; sentence 0: {a, b} against {a, b, c, d, e}
    unique = importance(TWO_PAIRS, unique=True)
    assert unique[3] == pytest.approx(2 * 2 / (3 + 4))
    assert unique[0] == pytest.approx(2 * 2 / (2 + 5))


def test_a_repeated_word_counts_as_often_as_both_sides_have_it():
    document = [["a", "a", "a"], ["a", "a", "b"]]
    assert importance(document) == pytest.approx([2 * 2 / 6, 2 * 2 / 6])
    assert importance(document, unique=True) == pytest.approx([2 * 1 / (1 + 2), 2 * 1 / (1 + 2)])


def test_independent_takes_the_best_in_the_order_of_the_document():
    assert independent(UNLIKE, 1) == [1]
    assert independent(UNLIKE, 2) == [0, 1]  # of equal ones the earlier
    assert independent(UNLIKE, 4) == [0, 1, 2, 3]


def test_sequential_does_not_take_what_says_the_same_again():
    # with 0 and 1 both out their words are nowhere in the rest; 0 or 1 with 2 or 3 shares all four words
    assert independent(TWO_PAIRS, 2) == [0, 1]
    assert score(TWO_PAIRS, {0, 1}) == 0
    assert sequential(TWO_PAIRS, 2) == [0, 2]
    assert score(TWO_PAIRS, {0, 2}) == pytest.approx(2 * 4 / 10)


def test_the_first_sentence_is_the_same_one_by_both():
    generator = random.Random(0)
    for _ in range(50):
        document = [generator.choices("abcdefghij", k=generator.randint(1, 6)) for _ in range(6)]
        assert sequential(document, 1) == independent(document, 1)
        assert sequential(document, 1, unique=True) == independent(document, 1, unique=True)


def test_each_step_of_sequential_is_the_best_one():
    generator = random.Random(1)
    document = [generator.choices("abcdefghij", k=generator.randint(1, 6)) for _ in range(6)]
    for m in range(1, 6):
        before, after = set(sequential(document, m - 1)), set(sequential(document, m))
        assert before < after
        every = [before | {i} for i in range(6) if i not in before]
        assert score(document, after) == max(score(document, choice) for choice in every)


def test_what_is_taken_and_what_is_left_share_the_same():
    for taken in combinations(range(4), 2):
        left = set(range(4)) - set(taken)
        assert score(UNLIKE, taken) == pytest.approx(score(UNLIKE, left))


def test_lead_and_random():
    assert lead(UNLIKE, 2) == [0, 1]
    assert lead(UNLIKE, 9) == [0, 1, 2, 3]
    drawn = [tuple(at_random(UNLIKE, 2, generator=random.Random(seed))) for seed in range(100)]
    assert set(drawn) == set(combinations(range(4), 2))
    assert at_random(UNLIKE, 2, generator=random.Random(5)) == at_random(UNLIKE, 2, generator=random.Random(5))


@pytest.mark.parametrize(
    ("n", "ratio", "m"), [(10, 0.3, 3), (5, 0.3, 2), (9, 0.3, 3), (4, 0.1, 1), (4, 1.0, 3), (2, 0.5, 1)]
)
def test_a_share_of_the_sentences_is_hidden_and_never_all(n, ratio, m):
    assert gap_count([["a"]] * n, ratio=ratio) == m


def test_of_one_sentence_nothing_can_be_hidden():
    with pytest.raises(ValueError, match="a document of 1 sentences has none to hide; hint: leave it out"):
        gap_count([["a"]], ratio=0.3)


def test_a_training_pair_by_hand():
    sentences = ["Pegasus is mythical.", "It is white.", "It names the model."]
    assert training_pair(sentences, [2, 0]) == (
        "[MASK1] It is white. [MASK1]",
        "Pegasus is mythical. It names the model.",
    )
