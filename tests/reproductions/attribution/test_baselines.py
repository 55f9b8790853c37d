import pytest
import torch

from reproductions.attribution.baselines import (
    blurred_baseline,
    mean_embedding_baseline,
    padding_baseline,
    random_baseline,
    zero_baseline,
)


def test_zero():
    x = torch.randn(2, 3)
    torch.testing.assert_close(zero_baseline(x), 0 * x)


def test_padding_keeps_what_frames_every_sentence():
    ids = torch.tensor([[101, 7, 8, 102]])
    assert padding_baseline(ids, padding=0, kept=(101, 102)).tolist() == [[101, 0, 0, 102]]
    assert padding_baseline(ids, padding=9).tolist() == [[9, 9, 9, 9]]


def test_the_mean_embedding_tells_no_word_from_another():
    weight = torch.nn.Parameter(torch.tensor([[1.0, 2.0], [3.0, 6.0]]))
    baseline = mean_embedding_baseline(torch.zeros(2, 3, 2), weight)
    torch.testing.assert_close(baseline, torch.tensor([2.0, 4.0]).expand(2, 3, 2))
    assert not baseline.requires_grad


def test_random_baselines_look_like_their_example():
    x = torch.stack([torch.randn(4000) + 5, 0.1 * torch.randn(4000)])
    baseline = random_baseline(x, seed=1)
    torch.testing.assert_close(baseline.mean(dim=1), x.mean(dim=1), rtol=0.05, atol=0.05)
    torch.testing.assert_close(baseline.std(dim=1), x.std(dim=1), rtol=0.05, atol=0.05)
    assert torch.equal(baseline, random_baseline(x, seed=1))
    drawn = torch.randn(x.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64).float()
    of_each = {"dim": 1, "keepdim": True}
    torch.testing.assert_close(baseline, x.mean(**of_each) + x.std(**of_each) * drawn)
    assert not torch.equal(baseline, random_baseline(x, seed=2))


@pytest.mark.parametrize("axis", [1, 2])
def test_blurring_spreads_a_point_as_a_gaussian(axis):
    x = torch.zeros(1, 41, 41, dtype=torch.float64)
    x[0, 20, 20] = 1
    row = blurred_baseline(x, sigma=3, axes=[axis])[0].movedim(axis - 1, 0)[:, 20]
    assert row.sum().item() == pytest.approx(1)
    places = torch.arange(41, dtype=torch.float64) - 20
    assert (row * places**2).sum().sqrt().item() == pytest.approx(3, rel=0.02)
    assert row.nonzero().flatten().tolist() == list(range(11, 30)), "three standard deviations to each side"


def test_a_narrow_gaussian_blurs_too():
    row = blurred_baseline(torch.tensor([[0.0, 0.0, 1.0, 0.0, 0.0]]), sigma=0.5, axes=[1])
    torch.testing.assert_close(row[0, 2] / row[0, 1], torch.tensor(2.0).exp())


def test_what_is_even_stays_as_it_is_up_to_its_edges():
    x = torch.full((2, 3, 8, 8), 0.7)
    torch.testing.assert_close(blurred_baseline(x, sigma=2, axes=[2, 3]), x)


@pytest.mark.parametrize("sigma", [0, -1, float("nan")])
def test_no_blur(sigma):
    with pytest.raises(ValueError, match="blurs nothing"):
        blurred_baseline(torch.zeros(1, 4), sigma=sigma, axes=[1])
