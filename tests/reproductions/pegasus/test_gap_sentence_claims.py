import pytest

from reproductions.pegasus import gap_sentence_claims as claims
from reproductions.pegasus import rouge_claims
from reproductions.pegasus.documents import documents

DOCUMENT = [["a", "b"], ["a", "b", "c", "d", "e"], ["a"], ["f", "g"]]


def test_selections_by_hand():
    assert claims.by_length(DOCUMENT, 2) == [0, 1]
    assert claims.least_important(DOCUMENT, 1) == [3]  # none of its words does


def test_a_mean_less_three_standard_errors_by_hand():
    # mean 2, standard deviation √2, of two numbers: the standard error is 1
    assert claims._surely([1.0, 3.0]) == pytest.approx(2 - 3)


def test_every_document_has_something_to_hide_and_something_to_keep():
    assert all(len(document) >= 4 for document in documents())
    assert all(len(sentence) > 0 for document in documents() for sentence in document)


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
    assert rouge_claims.distance_to_rouge_score() < 1e-12 < rouge_claims.distance_of_unique_words_to_rouge_score()


def test_gains_by_hand(monkeypatch):
    known = {"independent": [3.0, 5.0], "sequential": [4.0, 4.0], "lead": [1.0, 1.0], "random": [1.0, 2.0]}
    monkeypatch.setattr(claims, "_random", lambda: "random")
    for name in ("independent", "sequential", "lead"):
        monkeypatch.setattr(claims, name, name)
    monkeypatch.setattr(claims, "_scores", lambda select, *_: known[select])
    monkeypatch.setattr(claims, "_surely", sum)
    gains = {"Ind over random": 5, "Ind over lead": 6, "Seq over random": 5, "Seq over lead": 6}
    assert claims.gain_of_principal_sentences() == gains
    assert claims.gain_of_sequential_over_independent() == 0
    assert claims.gain_over_the_leading_sentences() == (4 - 1) / (4 - 1.5)
    assert claims.gain_in_precision() == 8 - 3  # less the other way round
    assert claims.gain_in_precision_of_sequential() == 8 - 3


def test_the_worst_share_of_the_best_choice(monkeypatch):
    some = [[["a"]] * 10, [["a"]] * 11, [["b"]] * 4]
    monkeypatch.setattr(claims, "documents", lambda: some)
    monkeypatch.setattr(claims, "gap_count", lambda *_, **__: 1)
    monkeypatch.setattr(claims, "score", lambda document, choice: (1 + next(iter(choice))) * len(document))
    # the last sentence is best: the first is a tenth of it, or a quarter where there are four; eleven are too many
    assert claims._worst_against_the_optimum(lambda *_: [0]) == 1 / 10
