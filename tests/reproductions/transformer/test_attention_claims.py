"""What is measured is what one knows beforehand; a control that misses its bound by chance would show nothing."""

import math

import pytest
import torch

from reproductions.transformer import attention_claims as claims


def test_the_variance_of_dependent_vectors_is_one_and_the_square_of_their_correlation(monkeypatch):
    monkeypatch.setattr(claims, "SIZES", (16, 64))
    found = claims.variance_of_a_dot_product_of_dependent_vectors()
    assert list(found.values()) == pytest.approx([1.25] * 2, abs=0.04)
    q, noise = (claims.normal(20_000, 16, seed=seed) for seed in (0, 1))
    by_hand = (q * (q / 2 + math.sqrt(3 / 4) * noise)).sum(dim=1).var().item() / 16
    assert found["d_k = 16"] == pytest.approx(by_hand)


@pytest.mark.parametrize("scaled", [True, False])
def test_the_softmax_s_gradient_is_autograd_s(monkeypatch, scaled):
    monkeypatch.setattr(claims, "SIZES", (16, 64))

    def size(d_k):
        scores = (claims.normal(200, 1, d_k, seed=2) * claims.normal(200, 32, d_k, seed=3)).sum(dim=-1)
        jacobian = torch.func.vmap(torch.func.jacrev(lambda row: row.softmax(dim=0)))
        return jacobian(scores / math.sqrt(d_k) if scaled else scores).flatten(start_dim=1).norm(dim=1).mean()

    found = claims._gradient_through_the_softmax(scaled=scaled)
    assert found == {"d_k = 64": pytest.approx((size(64) / size(16)).item())}


def test_eight_full_heads_cost_eight_times_as_much():
    assert claims.cost_of_eight_full_heads() == 8
