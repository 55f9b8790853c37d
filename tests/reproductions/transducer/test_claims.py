"""What a check and its control come to where one knows it beforehand."""

from __future__ import annotations

import math

import pytest

from reproductions.transducer import claims
from reproductions.transducer.lattice import lattice, random_lattice
from reproductions.transducer.spoken_digits import DIGITS, losses, untrained, utterances


def test_one_path_is_the_best_path():
    # one input step, or no symbol: there is one alignment only, and its probability is that of the output
    for T, U in ((1, 3), (1, 5), (4, 0), (6, 0)):
        of_one_path = claims._gradient_against_autograd(claims._gradients_of_the_best_alignment, T, U)
        assert of_one_path == pytest.approx(0, abs=1e-12)
    assert claims._gradient_against_autograd(claims._gradients_of_the_best_alignment, 2, 1) > 1e-3


def test_without_the_last_null_its_probability_is_missing():
    of_the_last = [lattice(*random_lattice(T, U, seed=T))[1][0, -1, -1].item() for T, U in claims.SIZES]
    assert claims.backward_from_one_against_forward() == pytest.approx(-min(of_the_last))


def test_a_path_crosses_a_column_at_all_its_nodes_where_there_is_one_column():
    # of the sizes, one input step and five symbols is the tallest column: six nodes, each with the whole probability
    assert claims.columns_against_the_probability() == pytest.approx(math.log(6))


def test_an_output_longer_than_the_input_by_hand():
    # six ways to put five symbols before the last of two nulls, each of seven outputs of three labels
    assert claims.probability_of_an_output_longer_than_the_input() == pytest.approx(6 / 3**7)
    assert claims.probability_of_an_output_longer_than_the_input_in_ctc() == 0


@pytest.fixture
def few(monkeypatch):
    data = utterances(8, seed=5)
    monkeypatch.setattr(claims, "heldout", lambda: data)
    monkeypatch.setattr(claims, "trained", lambda *, reads=True: untrained(reads=reads))
    return data


def test_a_loss_is_relative_to_guessing_the_script(few):
    for found, reads in (
        (claims.loss_relative_to_guessing_the_script(), True),
        (claims.loss_relative_to_guessing_the_script_unread(), False),
    ):
        spent = losses(untrained(reads=reads), few).mean().item()
        assert found == pytest.approx(spent / (few.U.double().mean().item() * math.log(2)))


def test_a_transcript_is_right_in_either_script_and_in_one_only(few, monkeypatch):
    def written(said, scripts):
        return tuple(1 + script * DIGITS + digit for digit, script in zip(said, scripts, strict=True))

    said = [[(label - 1) % DIGITS for label in y[:U].tolist()] for y, U in zip(few.y, few.U, strict=True)]
    found = iter(
        [
            written(said[0], [0] * len(said[0])),
            written(said[1], [1] * len(said[1])),
            written(said[2], [0, *[1] * (len(said[2]) - 1)]),  # changes the script
            written([(digit + 1) % DIGITS for digit in said[3]], [0] * len(said[3])),
            written(said[4], [1] * len(said[4]))[:-1],
            (*written(said[5], [0] * len(said[5])), 1),
            (),
            written(said[7], [1] * len(said[7])),
        ]
    )
    heard = []
    monkeypatch.setattr(claims, "transcribe", lambda _, x: heard.append(len(x)) or next(found))
    assert claims.sequences_transcribed() == 3 / 8
    assert heard == few.T.tolist()


def test_symbols_in_time_are_of_the_held_out_sequences(few, monkeypatch):
    monkeypatch.setattr(claims, "written_in_time", lambda network, data: (network.reads, data is few))
    assert claims.symbols_written_in_time() == claims.symbols_written_in_time_untrained() == (True, True)


def test_no_symbol_is_written_nowhere(monkeypatch):
    # twice the posteriors: every symbol is written once too often
    whole = claims.emission_posteriors
    monkeypatch.setattr(claims, "emission_posteriors", lambda *edges: 2 * whole(*edges))
    assert claims.times_a_symbol_is_written() == pytest.approx(1)
