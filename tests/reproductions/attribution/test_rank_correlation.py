import pytest
import torch

from reproductions.attribution.rank_correlation import rank_correlation


def test_only_the_ranks_count():
    a = torch.tensor([3.0, -1.0, 200.0, 0.0])
    assert rank_correlation(a, a**3) == pytest.approx(1)
    assert rank_correlation(a, -a) == pytest.approx(-1)


def test_it_is_spearmans():
    # ranks 0 1 2 3 and 1 0 3 2: 1 − 6 Σ d² / n (n² − 1) with Σ d² = 4
    assert rank_correlation(torch.arange(4), torch.tensor([1, 0, 3, 2])) == pytest.approx(1 - 24 / 60)
