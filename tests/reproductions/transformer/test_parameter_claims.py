"""What is measured is what one knows beforehand; a control that misses its bound by chance would show nothing."""

import pytest

from reproductions.transformer import parameter_claims as claims


def test_a_size_that_explains_a_row_does():
    spans = claims.vocabulary_that_the_rows_imply()
    for bound in spans.values():
        assert not claims.rows_missed(round(bound * claims.VOCABULARY), rows=claims.BASE_ROWS)
    assert claims.rows_missed(round(spans["largest"] * claims.VOCABULARY) + 10, rows=claims.BASE_ROWS)


def test_without_sharing_there_are_two_matrices_more():
    more = claims.parameters_without_sharing() - claims.parameters_of_the_base_model()
    assert more == pytest.approx(2 * 37_000 * 512 / 1e6)
