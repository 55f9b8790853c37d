"""What is measured is what one knows beforehand; a control that misses its bound by chance would show nothing."""

import pytest
import torch

from reproductions.attention import score_claims as claims


def test_the_identity_stands_where_the_authors_had_it():
    v, W = claims.normal(claims.N_PRIME, seed=2), claims.normal(claims.N_PRIME, claims.N, seed=3)
    U = claims.normal(claims.N_PRIME, claims.N, seed=4)
    h_t, h_bar = claims.states()
    of_h_t = (h_t @ W.T).unsqueeze(1)
    ours, simplified = ((of_h_t + h_bar @ M.T).tanh() @ v for M in (U, torch.eye(*U.shape).double()))
    assert claims.simplified_concat_less_additive() == pytest.approx((ours - simplified).abs().max().item())
