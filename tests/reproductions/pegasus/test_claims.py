import pytest

from reproductions.pegasus import claims

DOCUMENT = [["a", "b"], ["a", "b", "c", "d", "e"], ["a"], ["f", "g"]]


def test_selections_by_hand():
    assert claims.by_length(DOCUMENT, 2) == [0, 1]
    assert claims.least_important(DOCUMENT, 1) == [3]  # none of its words does


def test_a_mean_less_three_standard_errors_by_hand():
    # mean 2, standard deviation √2, of two numbers: the standard error is 1
    assert claims._surely([1.0, 3.0]) == pytest.approx(2 - 3)


def test_every_document_has_something_to_hide_and_something_to_keep():
    assert all(len(document) >= 4 for document in claims.documents())
    assert all(len(sentence) > 0 for document in claims.documents() for sentence in document)


def test_measurements_repeat():
    assert claims.gain_in_precision() == claims.gain_in_precision()


def test_controls_miss_what_checks_meet():
    assert (
        min(claims.gain_of_principal_sentences().values())
        > 0
        > max(claims.gain_of_the_least_important_sentences().values())
    )
    assert claims.importance_against_the_count_of_shared_words() < 1e-9
    assert claims.unique_importance_against_the_count_of_shared_words() > 1e-3
    assert claims.distance_to_rouge_score() < 1e-12 < claims.distance_of_unique_words_to_rouge_score()
